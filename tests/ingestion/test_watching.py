"""Changes of the corpus are taken up as they come."""

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import httpx
import pytest
from filelock import FileLock

from assistant import Assistant, AssistantError, CorpusError, IngestReport
from assistant.ingestion.formats import Extracted
from assistant.ingestion.sandbox.parent import ParsingProcess
from assistant.ingestion.watching import watch_corpus
from assistant.text.media_types import PDF

COMMAND = [sys.executable, "-c", "from assistant.cli.main import run; run()"]
Told: TypeAlias = "queue.Queue[IngestReport | AssistantError]"


@contextmanager
def watching(assistant: Assistant) -> Iterator[Told]:
    """What the watcher told, until the block ends; then it has ended, too."""
    told: Told = queue.Queue()
    stop = threading.Event()
    thread = threading.Thread(target=assistant.watch, args=(stop, told.put))
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(20)
        assert not thread.is_alive()


def next_report(told: Told, is_meant: Callable[[IngestReport], object]) -> IngestReport:
    while True:
        report = told.get(timeout=20)
        assert isinstance(report, IngestReport), report
        if is_meant(report):
            return report


def test_what_is_added_changed_and_deleted_is_taken_up(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    with watching(small_assistant) as told:
        assert told.get(timeout=20)
        (corpus / "zebras.txt").write_text("Zebras eat grass.")
        assert next_report(told, lambda one: one.added).added == ("zebras.txt",)
        (corpus / "otters.txt").write_text("Otters eat eels.")
        assert next_report(told, lambda one: one.changed).changed == ("otters.txt",)
        (corpus / "zebras.txt").unlink()
        assert next_report(told, lambda one: one.deleted).deleted == ("zebras.txt",)
        (summary,) = small_assistant.documents()
        assert small_assistant.document(summary.id).text == "Otters eat eels."


def test_a_burst_of_changes_is_one_ingestion(small_assistant: Assistant, corpus: Path) -> None:
    (corpus / "first.txt").write_text("The first text.")
    with watching(small_assistant) as told:
        assert told.get(timeout=20)
        for number in range(30):
            (corpus / f"{number}.txt").write_text(f"Text number {number}.")
        assert len(next_report(told, lambda one: one.added).added) == 30


def test_hidden_files_and_the_index_below_the_corpus_are_no_changes(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "first.txt").write_text("The first text.")
    with watching(small_assistant) as told:
        assert told.get(timeout=20)
        (corpus / ".draft.txt").write_text("Not yet.")
        (corpus / "~$contract.docx").write_bytes(b"\x05Otter")
        with pytest.raises(queue.Empty):
            told.get(timeout=2)


def test_a_corpus_without_documents_is_told_and_watched_on(
    small_assistant: Assistant, corpus: Path
) -> None:
    with watching(small_assistant) as told:
        assert isinstance(told.get(timeout=20), CorpusError)
        (corpus / "otters.txt").write_text("Otters eat crabs.")
        assert next_report(told, lambda one: one.added).added == ("otters.txt",)


def test_a_corpus_that_is_taken_away_and_put_back_is_watched_on(
    small_assistant: Assistant, corpus: Path
) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    with watching(small_assistant) as told:
        assert told.get(timeout=20)
        aside = corpus.with_name("aside")
        corpus.rename(aside)
        assert isinstance(told.get(timeout=20), CorpusError)
        time.sleep(1.5)
        assert told.empty()
        (aside / "zebras.txt").write_text("Zebras eat grass.")
        aside.rename(corpus)
        assert next_report(told, lambda one: one.added).added == ("zebras.txt",)


def test_a_corpus_that_is_not_there_is_told_once_and_waited_for(
    small_assistant: Assistant, corpus: Path
) -> None:
    corpus.rmdir()
    with watching(small_assistant) as told:
        error = told.get(timeout=20)
        assert isinstance(error, CorpusError)
        assert "does not exist" in str(error)
        with pytest.raises(queue.Empty):
            told.get(timeout=2.5)
        corpus.mkdir()
        (corpus / "otters.txt").write_text("Otters eat crabs.")
        while True:
            report = told.get(timeout=20)  # the folder may be seen before there is a file in it
            if isinstance(report, IngestReport):
                break
        assert report.added == ("otters.txt",)


def test_another_ingestion_is_waited_for(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    small_assistant.ingest()
    with watching(small_assistant) as told:
        assert told.get(timeout=20)
        with FileLock(tmp_path / "index" / "ingest.lock"):
            (corpus / "zebras.txt").write_text("Zebras eat grass.")
            with pytest.raises(queue.Empty):
                told.get(timeout=2)
        assert next_report(told, lambda one: one.added).added == ("zebras.txt",)


def test_a_file_that_cannot_be_read_is_not_tried_again_until_it_changes(
    small_assistant: Assistant, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    first = small_assistant.ingest()
    assert [file.source for file in first.skipped] == ["broken.pdf"]
    assert not small_assistant.status().stale
    tried: list[str] = []
    extract = ParsingProcess.extract

    def watched(self: ParsingProcess, media_type: str, content: bytes) -> Extracted:
        tried.append(media_type)
        return extract(self, media_type, content)

    monkeypatch.setattr(ParsingProcess, "extract", watched)
    assert small_assistant.ingest().skipped == first.skipped
    assert tried == []
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 broken in another way")
    assert small_assistant.status().stale
    small_assistant.ingest()
    assert tried == [PDF]


def test_the_command_watches_and_ends_in_good_order(corpus: Path, tmp_path: Path) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "index")]
    process = subprocess.Popen(
        [*COMMAND, "ingest", "--watch", *places],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert "1 added" in process.stdout.readline()
    (corpus / "zebras.txt").write_text("Zebras eat grass.")
    assert "1 added" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Watching" in errors
    assert "Traceback" not in errors


def test_a_server_that_watches_answers_from_the_new_state(corpus: Path, tmp_path: Path) -> None:
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    places = ["--corpus", str(corpus), "--index", str(tmp_path / "index"), "--port", "0"]
    process = subprocess.Popen(
        [*COMMAND, "serve", "--watch", *places],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[4]
        (corpus / "zebras.txt").write_text("The zebra of the castle eats blue hay.")
        asked = {"question": "What does the zebra of the castle eat?"}
        deadline = time.monotonic() + 40
        while "blue hay" not in (
            said := httpx.post(f"{address}/api/v1/ask", json=asked, timeout=40).json()["text"]
        ):
            assert time.monotonic() < deadline, said
            time.sleep(0.5)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_the_corpus_is_watched_from_the_first_yield_until_it_is_stopped(
    corpus: Path, tmp_path: Path
) -> None:
    stop = threading.Event()
    changes = watch_corpus(corpus, tmp_path / "index", stop)
    next(changes)
    (corpus / "otters.txt").write_text("Otters eat crabs.")
    next(changes)
    stop.set()
    assert list(changes) == []
