"""``assistant check`` on files and folders, without an index."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.check import check
from assistant.cli.commands import app


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_the_command_is_part_of_the_app() -> None:
    assert check in [command.callback for command in app.registered_commands]


def test_a_whole_document_gives_zero_and_its_first_lines() -> None:
    Path("a.txt").write_text("Terns dive.\x1b[31m\n")
    result = CliRunner().invoke(app, ["check", "a.txt"])
    assert result.exit_code == 0
    assert result.stdout == "a.txt: 12 characters\n    Terns dive.\n"
    assert not Path("index").exists()


def test_what_is_not_read_gives_one() -> None:
    Path("folder").mkdir()
    Path("folder/a.txt").write_text("Terns dive.")
    Path("folder/b.pdf").write_text("nothing")
    result = CliRunner().invoke(app, ["check", "folder"])
    assert result.exit_code == 1
    assert "b.pdf: skipped\n    Not read: all of it: " in result.stdout


def test_json_has_the_fields_of_a_checked_document() -> None:
    Path("a.txt").write_text("Terns dive.\n")
    result = CliRunner().invoke(app, ["check", "--json", "a.txt"])
    (document,) = json.loads(result.stdout)
    assert document == {
        "source": "a.txt",
        "media_type": "text/plain",
        "title": "a",
        "characters": 12,
        "pages": 0,
        "tables": 0,
        "beginning": "Terns dive.",
        "missing": [],
        "decisions": [],
    }


def test_without_a_path_the_corpus_is_checked() -> None:
    Path("docs_corpus").mkdir()
    Path("docs_corpus/a.txt").write_text("Terns dive.\n")
    assert "a.txt: 12 characters" in CliRunner().invoke(app, ["check"]).stdout


def test_a_missing_path_is_an_error_that_names_it() -> None:
    result = CliRunner().invoke(app, ["check", "none"])
    assert result.exit_code == 1
    assert "none does not exist" in result.stderr
