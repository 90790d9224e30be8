"""``assistant ask``: one question, or a conversation that is read line by line."""

import json
from pathlib import Path

import pytest

from assistant.cli.ask import ask
from assistant.cli.ingest import ingest
from tests.cli.commands import run_alone

BUILT = "When was the mill built?"


@pytest.mark.usefixtures("mill_index")
def test_a_question_that_is_answered_exits_with_0_and_another_with_3() -> None:
    answered = run_alone(ask, BUILT)
    assert (answered.exit_code, "1851" in answered.stdout) == (0, True)
    assert run_alone(ask, "Who won the chess championship?").exit_code == 3


@pytest.mark.usefixtures("mill_index")
def test_a_piped_conversation_has_its_history_and_ends_at_an_empty_line() -> None:
    told = run_alone(ask, "--json", given=f"{BUILT}\nAnd when did it burn down?\n\nNot read?\n")
    answers = [json.loads(text) for text in told.stdout.replace("}\n{", "}\0{").split("\0")]
    assert [answer["question"] for answer in answers] == [BUILT, "And when did it burn down?"]
    assert "mill" in answers[1]["standalone_question"]


@pytest.mark.usefixtures("mill_index")
def test_a_question_that_is_too_long_is_explained_and_the_conversation_goes_on() -> None:
    told = run_alone(ask, given=f"{'x' * 5000}\n{BUILT}\n")
    assert "5,000 characters" in told.stderr
    assert "1851" in told.stdout


def test_one_folder_or_document_is_asked_as_it_is_known_or_as_a_shell_completes_it(
    mill_settings: Path,
) -> None:
    for town, year in (("pisa", 1173), ("ulm", 1377)):
        (mill_settings / town).mkdir()
        text = f"The tower was begun in the year {year}.\n"
        (mill_settings / town / "tower.txt").write_text(text, encoding="utf-8")
    assert run_alone(ingest).exit_code == 0
    question = "When was the tower begun?"
    for path in ("ulm", "ulm/tower.txt", f"{mill_settings / 'ulm'}/"):
        told = run_alone(ask, question, "--in", path)
        assert told.exit_code == 0
        assert told.stdout.startswith("(in ulm/")
        assert "1377" in told.stdout
        assert "1173" not in told.stdout
    elsewhere = run_alone(ask, question, "--in", "ullm")
    assert elsewhere.exit_code == 2
    assert "Similar paths: ulm/" in elsewhere.stderr


@pytest.mark.usefixtures("mill_index")
def test_an_explanation_is_json_for_programs_and_needs_a_question() -> None:
    assert run_alone(ask, "--explain").exit_code == 2
    told = run_alone(ask, "--explain", "--json", "Who is the president of France?")
    explanation = json.loads(told.stdout)
    assert explanation["status"] == "not_found"
    assert explanation["passages"][0]["citation"]["quote"]


@pytest.mark.usefixtures("mill_index")
def test_an_explanation_shows_the_likeliest_passages_of_each_part() -> None:
    told = run_alone(ask, "--explain", f"{BUILT} Who won the chess championship?").stdout
    assert "uncertain: The message asks several things" in told
    assert told.index(BUILT) < told.index("Who won the chess championship?\nnot found:")
    assert told.index("not found:") < told.index("The message as a whole")
