"""The workers as an ingestion sees them: it gives them documents to read, and waits for them."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Protocol

from assistant.ingestion.corpus_file import DocumentEntry
from assistant.ingestion.planning import FileChange
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.protocols import SharedRun
from assistant.types import ReadingOutcome

_AT_ONCE = 50
_LOOKS = 0.2
_COUNTS = 2.0
"""Seconds between two looks at who works."""
_GONE = 15.0
"""Seconds without any worker after which the ingestion reads the rest: a restart may take so long."""
_NO_ENTRY = DocumentEntry()


class Queue(Protocol):
    """Where documents to read are left for workers."""

    def workers(self) -> int:
        """Count the workers that are there now."""
        ...

    def add(self, jobs: Sequence[DocumentJob]) -> None:
        """Ask for documents to be read."""
        ...

    def jobs_left(self, run: str) -> int:
        """Count the jobs of a run that wait or are worked on."""
        ...

    def give_back(self) -> list[DocumentJob]:
        """Let other workers do the jobs of those that died. Return the jobs that were tried enough."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class Workers:
    """The processes that read documents for an ingestion, on any machine."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def are_there(self) -> bool:
        """Return whether a worker with the settings of this process waits for documents."""
        return self._queue.workers() > 0

    def read(
        self, run: SharedRun, changes: Iterable[FileChange]
    ) -> Iterator[tuple[FileChange, ReadingOutcome | None]]:
        """Have documents read, and yield each change with what became of it.

        None stands for what was left: the workers have gone, or gave up without a word.
        """
        try:
            reading = _Awaited(self._queue, run)
            yield from reading.of(iter(changes))
            for change in reading.waiting.values():
                yield change, None
        finally:
            self._queue.close()

    def close(self) -> None:
        """Close the connections of the queue."""
        self._queue.close()


class _Awaited:
    """The documents of one run, of which ``waiting`` are still to be read, by path."""

    def __init__(self, queue: Queue, run: SharedRun) -> None:
        self._queue, self._run = queue, run
        self.waiting: dict[str, FileChange] = {}
        self._counted = self._seen = time.monotonic()
        self._is_worked_on = True

    def of(
        self, changes: Iterator[FileChange]
    ) -> Iterator[tuple[FileChange, ReadingOutcome | None]]:
        """Yield each change that was read, with what became of it, until no more are."""
        while jobs := list(islice(self._jobs(changes), _AT_ONCE)):
            self._queue.add(jobs)
            yield from self._read()
        while self.waiting:
            yield from self._read()
            if time.monotonic() - self._counted >= _COUNTS:
                yield from self._look_after()
                if not self._is_worked_on:
                    return
            time.sleep(_LOOKS)

    def _jobs(self, changes: Iterator[FileChange]) -> Iterator[DocumentJob]:
        """Yield the job of each change, whose bytes are not kept meanwhile."""
        for change in changes:
            self.waiting[change.file.source] = _without_bytes(change)
            yield _job(self._run.id, change)

    def _read(self) -> Iterator[tuple[FileChange, ReadingOutcome | None]]:
        for outcome in self._run.outcomes():
            if change := self.waiting.pop(outcome.source, None):
                yield change, outcome

    def _look_after(self) -> Iterator[tuple[FileChange, ReadingOutcome | None]]:
        """Give jobs of workers that died to others, and see whether any are worked on."""
        self._counted = time.monotonic()
        for job in self._queue.give_back():
            if job.run == self._run.id and (change := self.waiting.pop(job.source, None)):
                yield change, ReadingOutcome(job.source, "the processes that read it died")
        if self._queue.workers():
            self._seen = self._counted
        left = self._queue.jobs_left(self._run.id)
        yield from self._read()  # what was read before the jobs were counted
        self._is_worked_on = bool(left) and self._counted - self._seen < _GONE


def _job(run: str, change: FileChange) -> DocumentJob:
    entry = (change.entry or _NO_ENTRY).model_dump_json()
    return DocumentJob(run, change.file.source, change.file.seen.sha256, change.fingerprint, entry)


def _without_bytes(change: FileChange) -> FileChange:
    return replace(change, file=replace(change.file, content=b""))
