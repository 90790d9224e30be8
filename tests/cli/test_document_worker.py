from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant, ReadingOutcome, StorageError
from assistant.cli.commands import app
from assistant.cli.document_worker import worker

OUTCOMES = [
    ReadingOutcome("a.txt", embedded=3),
    ReadingOutcome("b.pdf", notes="page 3: text in its pictures", embedded=1),
    ReadingOutcome("c\x1b[31m.pdf", "there is no text in it"),
    StorageError("The database is gone."),
]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the command outcomes, as those of a queue."""

    def work(assistant: Assistant, stop: object, notify: object) -> None:
        assert callable(notify)
        for outcome in OUTCOMES:
            notify(outcome)

    monkeypatch.setattr(Assistant, "work", work)


@pytest.mark.usefixtures("served")
def test_what_became_of_each_document_is_printed() -> None:
    assert worker in [command.callback for command in app.registered_commands]
    result = CliRunner().invoke(app, ["worker"])
    assert result.exit_code == 0
    first, second, third = result.stdout.splitlines()
    assert first == "a.txt: 3 texts embedded"
    assert second == "b.pdf: 1 text embedded, page 3: text in its pictures"
    assert third.endswith(".pdf: skipped, there is no text in it")
    assert "\x1b[31m" not in third
    assert "The database is gone. Waiting for it." in result.stderr


def test_an_index_in_a_folder_has_no_workers(corpus: Path) -> None:
    result = CliRunner().invoke(app, ["worker", "--corpus", str(corpus)])
    assert result.exit_code == 2
    assert "ASSISTANT_DATABASE" in result.stderr
