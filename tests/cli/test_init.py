from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant, UsageError, load_settings
from assistant.cli.init import make_corpus
from assistant.cli.main import app
from assistant.ingestion.corpus_file import read_corpus_file


def test_the_first_document_answers_the_questions_that_are_suggested(tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["init", str(tmp_path)])
    assert ran.exit_code == 0
    assert f"Made {tmp_path / 'docs_corpus'}" in ran.stdout
    assert "assistant serve" in ran.stderr
    settings = load_settings(corpus=tmp_path / "docs_corpus", index=tmp_path / "index")
    with Assistant.open(settings) as assistant:
        assert assistant.ingest().added == ("welcome.md",)
        questions = assistant.starting_questions()
        assert len(questions) == 3
        for question in questions:
            answer = assistant.ask(question)
            assert answer.status == "answered", (question, answer)
            assert answer.citations[0].source == "welcome.md"
        (tmp_path / "docs_corpus" / "office.md").write_text(
            "# Office\n\n## When is the office open?\n\nThe office is open from 9 to 17.\n"
        )
        assistant.ingest()
        assert "When is the office open?" in assistant.starting_questions()


def test_the_lines_that_are_left_out_may_be_put_in(tmp_path: Path) -> None:
    make_corpus(tmp_path)
    described = tmp_path / "corpus.toml"
    lines = described.read_text().splitlines()
    used = [line.removeprefix("# ") if " = " in line else line for line in lines]
    described.write_text("\n".join(used))
    info = read_corpus_file(tmp_path).info
    assert (info.title, info.description) == (
        "Your documents",
        "Manuals and policies of the company.",
    )
    assert info.questions == ("How do I order a laptop?",)


def test_a_folder_with_files_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("Mine.")
    with pytest.raises(UsageError, match="already there and not empty"):
        make_corpus(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    make_corpus(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.toml", "welcome.md"]


def test_a_folder_that_cannot_be_made_is_an_error_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be made: Not a directory"):
        make_corpus(tmp_path / "file" / "corpus")
