"""What ``corpus.toml`` says of the corpus as a whole is kept in the index."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import Assistant, CorpusError, CorpusInfo
from assistant.cli.main import app
from tests.ingestion.test_pipeline import assert_no_orphans, only_vectors

DESCRIBED = "[corpus]\ntitle = 'Animals'\nquestions = ['Who sleeps?']\n"
INFO = CorpusInfo("Animals", "", ("Who sleeps?",))


@pytest.fixture
def described(small_assistant: Assistant, corpus: Path) -> Assistant:
    (corpus / "otter.txt").write_text("The otter sleeps by day.")
    (corpus / "corpus.toml").write_text(DESCRIBED)
    small_assistant.ingest()
    return small_assistant


def test_before_the_first_ingestion_the_file_is_read(
    small_assistant: Assistant, corpus: Path
) -> None:
    assert small_assistant.corpus == CorpusInfo()
    (corpus / "corpus.toml").write_text(DESCRIBED)
    assert small_assistant.corpus == INFO
    (corpus / "corpus.toml").write_text("[corpus")
    with pytest.raises(CorpusError, match=r"corpus\.toml.*line 1"):
        _ = small_assistant.corpus


def test_a_change_is_seen_by_readers_after_the_next_ingestion(
    described: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "corpus.toml").write_text(DESCRIBED.replace("Animals", "Beasts"))
    assert described.corpus == INFO
    status = described.status()
    assert status.stale
    assert status.description_changed
    assert not any(status.changes.values())
    vectors = only_vectors(tmp_path / "index")
    report = described.ingest()
    assert report.description_changed
    assert (report.unchanged, report.chunks_embedded) == (("otter.txt",), 0)
    assert described.corpus.title == "Beasts"
    assert only_vectors(tmp_path / "index") == vectors
    assert described.ask("When sleeps the otter?").citations
    assert not described.status().stale
    assert not described.ingest().description_changed


def test_a_file_that_is_removed_is_a_change(described: Assistant, corpus: Path) -> None:
    (corpus / "corpus.toml").unlink()
    assert described.status().stale
    assert described.ingest().description_changed
    assert described.corpus == CorpusInfo()


def test_a_change_of_documents_alone_is_no_change_of_the_description(
    described: Assistant, corpus: Path
) -> None:
    (corpus / "badger.txt").write_text("The badger digs.")
    assert not described.ingest().description_changed
    assert described.corpus == INFO


def test_a_rebuild_keeps_what_the_file_says(described: Assistant) -> None:
    described.ingest(rebuild=True)
    assert described.corpus == INFO


def test_vectors_that_are_made_again_leave_the_description(
    described: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "corpus.toml").write_text(DESCRIBED.replace("Animals", "Beasts"))
    described.close()
    shutil.rmtree(only_vectors(tmp_path / "index"))
    assert described.ask("When sleeps the otter?").citations
    assert described.corpus == INFO
    assert_no_orphans(tmp_path / "index")


def wrong_syntax(path: Path) -> None:
    path.write_text("[corpus]\ntitle = \n")


def wrong_type(path: Path) -> None:
    path.write_text("[corpus]\ntitle = 3\n")


def nested(path: Path) -> None:
    path.write_text("[corpus]\ntitle = " + "[" * 1000 + "]" * 1000)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def huge(path: Path) -> None:
    os.truncate(path, 2**40)


@pytest.mark.parametrize(
    ("harm", "named"),
    [
        (wrong_syntax, "line 2"),
        (wrong_type, "line 2"),
        (nested, "line 2"),
        (pipe, "not a regular file"),
        (huge, "larger than"),
    ],
)
def test_a_broken_file_changes_nothing_for_readers_until_the_next_ingestion_names_it(
    described: Assistant, corpus: Path, harm: Callable[[Path], None], named: str
) -> None:
    before = described.ask("When sleeps the otter?")
    harm(corpus / "corpus.toml")
    answer = described.ask("When sleeps the otter?")
    assert (answer.statements, answer.citations) == (before.statements, before.citations)
    assert described.corpus == INFO
    assert "Animals" in described.as_tool().description
    with pytest.raises(CorpusError, match=r"corpus\.toml") as error:
        described.ingest()
    assert named in str(error.value)
    assert described.corpus == INFO
    assert described.ask("When sleeps the otter?").citations == before.citations


def test_the_status_names_the_file_when_it_alone_changed(
    described: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "corpus.toml").write_text(DESCRIBED.replace("Animals", "Beasts"))
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    assert "changed (corpus.toml)" in CliRunner().invoke(app, ["status", *places]).stdout


def test_a_server_starts_with_the_index_as_it_is_while_the_file_is_broken(
    described: Assistant, corpus: Path, tmp_path: Path
) -> None:
    with Assistant.open(corpus=corpus, index=tmp_path / "served") as real:
        real.ingest()
    (corpus / "corpus.toml").write_text("[corpus\n")
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "served"), "--port", "0"]
    server = subprocess.Popen(
        [sys.executable, "-c", "from assistant.cli.main import run; run()", "serve", *places],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        assert "http://" in server.stdout.readline()
    finally:
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=60)
    assert "line 1" in errors
    assert "Serving the existing index" in errors
