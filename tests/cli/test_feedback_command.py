"""``assistant feedback`` as the owner meets it: listing, drafts of cases, and deleting with care."""

import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import Result

from assistant import Assistant, Feedback, Settings
from assistant.cli.feedback import feedback as feedback_command
from assistant.cli.feedback_records import parse_time
from assistant.evaluation import load_cases
from assistant.feedback.store import FILE, FeedbackStore, as_written
from assistant.testing import WordEncoder
from tests.cli.commands import run_alone
from tests.cli.test_main import COMMAND, run

TEXT = "The tower of Pisa leans to the south.\n\nThe tower of Ulm is straight.\n"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus and index whose readers liked an answer, missed one, and left one question unanswered."""
    folder = tmp_path_factory.mktemp("feedback")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "towers.txt").write_text(TEXT, encoding="utf-8")
    with Assistant(settings_in(folder), WordEncoder()) as assistant:
        assistant.ingest()
        leans = assistant.ask("Where does the tower of Pisa lean to?")
        assistant.give_feedback(leans, True)
        assistant.give_feedback(leans, False, "Which \x1b[2Jangle?\nIn degrees: #5 'please'")
        assistant.ask("Who won the chess championship?")
    return folder


@pytest.fixture
def owner(asked: Path, tmp_path: Path, word_encoder: WordEncoder) -> Iterator[Assistant]:
    """The assistant over a copy of its own, which a test may change."""
    shutil.copytree(asked, tmp_path, dirs_exist_ok=True)
    with Assistant(settings_in(tmp_path), word_encoder) as assistant:
        yield assistant


def settings_in(folder: Path) -> Settings:
    return Settings(corpus=folder / "corpus", index=folder / "index", keep_unanswered=True)


def feedback(owner: Assistant, *arguments: str) -> Result:
    places = ("--corpus", str(owner.settings.corpus), "--index", str(owner.settings.index))
    return run("feedback", *arguments, *places)


def age(owner: Assistant, records: Sequence[Feedback], days: float) -> None:
    """Make records look as if they were given some days ago."""
    store = FeedbackStore(owner.settings.index / FILE)
    for record in records:
        store.put(replace(record, time=as_written(datetime.now(UTC) - timedelta(days))))


def test_feedback_is_listed_for_people_and_harmlessly(owner: Assistant) -> None:
    result = feedback(owner)
    assert result.exit_code == 0
    assert "Where does the tower of Pisa lean to?" in result.stdout
    assert "Comment:   Which �[2Jangle? In degrees: #5 'please'" in result.stdout
    assert "\x1b" not in result.stdout
    assert "Sources:   towers.txt" in result.stdout
    assert "3 in total: 1 helpful, 1 not helpful, 1 unanswered." in result.stdout


def test_feedback_is_listed_for_programs(owner: Assistant) -> None:
    listed = json.loads(feedback(owner, "--json").stdout)
    assert listed == json.loads(json.dumps([record.to_dict() for record in owner.feedback()]))
    assert [one["helpful"] for one in listed] == [True, False, None]
    assert listed[0]["citations"][0]["quote"] in TEXT


def test_no_feedback_is_no_error(corpus: Path, tmp_path: Path) -> None:
    places = ("--corpus", str(corpus), "--index", str(tmp_path / "none"))
    result = run("feedback", *places)
    assert (result.exit_code, result.stdout) == (0, "There is no feedback.\n")
    assert json.loads(run("feedback", "--json", *places).stdout) == []
    assert not (tmp_path / "none").exists()


def test_what_is_listed_can_begin_at_a_time(owner: Assistant) -> None:
    first, second, _ = owner.feedback()
    age(owner, [first], 10)
    age(owner, [second], 3)
    assert len(json.loads(feedback(owner, "--json", "--since", "7d").stdout)) == 2
    today = datetime.now(UTC).date().isoformat()
    assert len(json.loads(feedback(owner, "--json", "--since", today).stdout)) == 1
    assert len(json.loads(feedback(owner, "--json", "--since", "2001-01-01").stdout)) == 3


@pytest.mark.parametrize("when", ["yesterday", "7", "7 years", "2026-13-01", "", "99999w9", "-3d"])
def test_a_time_that_is_none_is_wrong_usage(owner: Assistant, when: str) -> None:
    result = feedback(owner, "--since", when)
    assert result.exit_code == 2
    assert "--since takes a date such as 2026-01-31" in result.stderr


def test_times_are_read_as_utc_unless_they_say_otherwise() -> None:
    assert parse_time("2026-01-31", "--since") == datetime(2026, 1, 31, tzinfo=UTC)
    assert parse_time("2026-01-31T12:00+02:00", "-") == datetime(2026, 1, 31, 10, tzinfo=UTC)
    assert parse_time(None, "--since") is None


def test_one_is_chosen_by_the_beginning_of_its_id(owner: Assistant) -> None:
    wanted = owner.feedback()[1]
    (listed,) = json.loads(feedback(owner, wanted.id[:8], "--json").stdout)
    assert listed["id"] == wanted.id
    result = feedback(owner, "nothing")
    assert result.exit_code == 2
    assert "No records have an id that starts with 'nothing'" in result.stderr


def test_drafts_of_cases_load_and_say_what_readers_said(owner: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "drafts.eval.yaml"
    result = feedback(owner, "--export-cases", str(path))
    assert result.exit_code == 0
    assert "Wrote 2 drafts to " in result.stdout
    leans, chess = load_cases(path).cases
    assert leans.question == "Where does the tower of Pisa lean to?"
    assert leans.tags == ("draft", "not-helpful")
    assert leans.expect.status == "answered"
    assert leans.note
    assert "In degrees: #5 'please'" in leans.note
    assert "leans to the south" in leans.note
    assert (chess.tags, chess.expect.status) == (("draft", "unanswered"), "not_found")


def test_a_helpful_answer_becomes_a_case_that_expects_its_quotes(
    owner: Assistant, tmp_path: Path
) -> None:
    path = tmp_path / "drafts.eval.yaml"
    helpful = owner.feedback()[0]
    assert feedback(owner, helpful.id, "--export-cases", str(path)).exit_code == 0
    (case,) = load_cases(path).cases
    assert [quote.document for quote in case.expect.cites] == ["towers.txt"]
    assert case.expect.cites[0].quote in TEXT
    # quotes that the documents do not have any more would be an error of the file
    (owner.settings.corpus / "towers.txt").write_text("Towers lean.\n", encoding="utf-8")
    owner.ingest()
    path.unlink()
    assert feedback(owner, helpful.id, "--export-cases", str(path)).exit_code == 0
    assert load_cases(path).cases[0].expect.cites == ()


def test_drafts_are_written_to_a_new_case_file_alone(owner: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "mine.eval.yaml"
    path.write_text("mine", encoding="utf-8")
    result = feedback(owner, "--export-cases", str(path))
    assert (result.exit_code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert "already exists" in result.stderr
    result = feedback(owner, "--export-cases", str(tmp_path / "cases.yaml"))
    assert result.exit_code == 2
    assert "must end in .eval.yaml" in result.stderr
    result = feedback(owner, "--export-cases", str(tmp_path / "no folder" / "c.eval.yaml"))
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_deleting_takes_those_named(owner: Assistant) -> None:
    first, second, third = owner.feedback()
    result = feedback(owner, "--delete", first.id, third.id[:10], "--yes")
    assert (result.exit_code, result.stdout) == (0, "Deleted 2 of 3.\n")
    assert owner.feedback() == [second]


def test_deleting_all_or_the_old_ones(owner: Assistant) -> None:
    age(owner, owner.feedback()[:1], 40)
    assert feedback(owner, "--delete", "--before", "30d", "--yes").stdout == "Deleted 1 of 3.\n"
    assert feedback(owner, "--delete", "--all", "--yes").stdout == "Deleted 2 of 2.\n"
    assert feedback(owner, "--delete", "--all", "--yes").stdout == "There is nothing to delete.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--delete",),
        ("--delete", "abc", "--all"),
        ("--delete", "--all", "--since", "7d"),
        ("--delete", "--all", "--json"),
        ("--all",),
        ("--yes",),
        ("--before", "7d"),
    ],
)
def test_a_wish_to_delete_must_be_clear(owner: Assistant, arguments: tuple[str, ...]) -> None:
    assert feedback(owner, *arguments).exit_code == 2
    assert len(owner.feedback()) == 3


def test_where_nobody_can_be_asked_nothing_is_deleted_without_yes(owner: Assistant) -> None:
    result = feedback(owner, "--delete", "--all")
    assert result.exit_code == 2
    assert "This would delete 3 of 3 records. To confirm, add: --yes" in result.stderr
    assert len(owner.feedback()) == 3


@pytest.mark.parametrize(("typed", "left"), [(b"n\n", 3), (b"\n", 3), (b"\x04", 3), (b"y\n", 0)])
def test_on_a_terminal_it_is_asked_before_deleting(
    owner: Assistant, typed: bytes, left: int
) -> None:
    ours, theirs = pty.openpty()
    index = str(owner.settings.index)
    process = subprocess.Popen(
        [*COMMAND, "feedback", "--delete", "--all", "--index", index],
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.write(ours, typed)
    said, errors = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, errors
    assert b"Permanently delete 3 of 3 records? [y/N]" in said + errors
    assert len(owner.feedback()) == left


def test_listing_needs_neither_index_nor_model(owner: Assistant) -> None:
    code = (
        "import sys\nfrom assistant.cli.main import app\n"
        f"app(['feedback', '--index', {str(owner.settings.index)!r}], standalone_mode=False)\n"
        "print(sorted({'torch', 'chromadb', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.usefixtures("mill_settings")
@pytest.mark.parametrize(
    "arguments",
    [
        ("--delete",),
        ("--delete", "--all", "an-id"),
        ("--delete", "--all", "--since", "7d"),
        ("--delete", "--all", "--json"),
        ("--delete", "an-id", "--before", "7d"),
        ("--all",),
        ("--yes",),
        ("--before", "7d"),
    ],
)
def test_options_that_contradict_each_other_are_wrong_usage(arguments: tuple[str, ...]) -> None:
    refused = run_alone(feedback_command, *arguments)
    assert (refused.exit_code, "--delete" in refused.stderr) == (2, True)
