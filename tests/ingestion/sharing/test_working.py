import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import IndexMismatchError, StorageError
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing import working
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.testing import WordEncoder
from tests.ingestion.sharing.test_document_reader import TEXT, KeptRun, job

OPTIONS = BuildOptions(chunk_tokens=32, chunk_overlap=0, max_file_bytes=10_000)


class LostQueue:
    """A queue whose database is lost some times before it has a job."""

    def __init__(self, *errors: StorageError) -> None:
        self._errors = list(errors)

    def serve(self, work: Callable[[DocumentJob, bool], None], stop: threading.Event) -> None:
        if self._errors:
            raise self._errors.pop(0)
        work(job("a.txt"), False)
        stop.set()


def notices(corpus: Path, queue: LostQueue, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(working, "_WAITS", 0.0)
    (corpus / "a.txt").write_text(TEXT)
    found: list[str] = []
    stop = threading.Event()
    working.work(
        queue,
        KeptRun(),
        corpus,
        WordEncoder(),
        OPTIONS,
        stop,
        lambda notice: found.append(getattr(notice, "source", None) or str(notice)),
    )
    return found


def test_a_worker_waits_for_its_database_and_says_so_once(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = LostQueue(StorageError("gone"), StorageError("gone"), StorageError("starting"))
    assert notices(corpus, queue, monkeypatch) == ["gone", "starting", "a.txt"]


def test_what_waiting_does_not_mend_ends_a_worker(
    corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(IndexMismatchError):
        notices(corpus, LostQueue(IndexMismatchError("newer")), monkeypatch)
