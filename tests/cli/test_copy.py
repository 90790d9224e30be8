from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant, load_settings
from assistant.cli.commands import app
from assistant.cli.copy import copy
from assistant.testing import WordEncoder
from tests.postgres_server import PostgresServer


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["copy", *arguments])
    return result.exit_code, result.output


def test_index_and_feedback_go_to_a_database_and_back(
    mill_assistant: Assistant, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert copy.__doc__
    mill_assistant.ingest()
    answer = mill_assistant.ask("When was the mill built?")
    stored = mill_assistant.give_feedback(answer, True)
    index = str(mill_assistant.settings.index)
    code, output = run("--index", index, "--to", address)
    assert (code, "Copied 1 documents and 1 records" in output) == (0, True)
    monkeypatch.setenv("ASSISTANT_DATABASE", address)
    with Assistant(load_settings(), WordEncoder()) as other:
        assert other.feedback() == [stored]
        assert other.ask("When was the mill built?").citations == answer.citations
    back = str(tmp_path / "back")
    assert run("--to", back)[0] == 0
    code, output = run("--to", back)
    assert (code, "--replace" in output) == (2, True)
    assert run("--to", back, "--replace")[0] == 0
    monkeypatch.delenv("ASSISTANT_DATABASE")
    with Assistant(load_settings(index=Path(back)), WordEncoder()) as other:
        assert other.feedback() == [stored]
        assert other.ask("When was the mill built?").citations == answer.citations


@pytest.mark.parametrize("nowhere", ["", "  "])
def test_an_empty_place_is_refused_and_nothing_is_written(
    mill_assistant: Assistant, nowhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mill_assistant.ingest()
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    code, output = run("--index", str(mill_assistant.settings.index.absolute()), "--to", nowhere)
    assert (code, "--to is empty" in output) == (2, True)
    assert list(empty.iterdir()) == []


def test_a_place_that_cannot_be_meant_is_refused(tmp_path: Path) -> None:
    index = str(tmp_path / "index")
    assert run("--index", index, "--to", index)[0] == 2
    assert run("--index", index, "--to", "mysql://host/books")[0] == 2
    code, output = run("--index", index, "--to", str(tmp_path / "other"))
    assert (code, "assistant ingest" in output) == (1, True)
