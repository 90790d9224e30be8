from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from assistant.ingestion.planning import FileChange
from assistant.ingestion.scanning import SourceContent
from assistant.ingestion.sharing import workers
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.ingestion.sharing.workers import Workers
from assistant.types import ReadingOutcome, SeenFile


@dataclass
class Run:
    """A run whose outcomes come one at a look."""

    coming: list[ReadingOutcome]
    id: str = "run"

    def outcomes(self) -> list[ReadingOutcome]:
        return [self.coming.pop(0)] if self.coming else []


@dataclass
class ListedJobs:
    """A queue whose jobs nobody does, with a number of workers."""

    there: int = 1
    left: int = 1
    dead: list[DocumentJob] = field(default_factory=list)
    jobs: list[DocumentJob] = field(default_factory=list)
    is_closed: bool = False

    def workers(self) -> int:
        return self.there

    def add(self, jobs: Sequence[DocumentJob]) -> None:
        self.jobs += jobs

    def jobs_left(self, run: str) -> int:
        return self.left

    def give_back(self) -> list[DocumentJob]:
        given_up, self.dead = self.dead, []
        return given_up

    def close(self) -> None:
        self.is_closed = True


def change(source: str) -> FileChange:
    seen = SeenFile(3, 1, 1, f"hash of {source}")
    return FileChange(SourceContent(source, b"abc", seen), None, f"print of {source}")


def read(queue: ListedJobs, run: Run, sources: Sequence[str]) -> dict[str, ReadingOutcome | None]:
    found = Workers(queue).read(run, map(change, sources))
    return {one.file.source: outcome for one, outcome in found}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_LOOKS", 0.001)
    monkeypatch.setattr(workers, "_COUNTS", 0.01)


def test_each_change_is_one_job_and_comes_back_with_its_outcome() -> None:
    queue = ListedJobs()
    some = [ReadingOutcome("b.txt", embedded=2), ReadingOutcome("a.txt", "it is empty")]
    assert read(queue, Run([*some]), ["a.txt", "b.txt"]) == {one.source: one for one in some}
    assert [(job.source, job.sha256, job.run) for job in queue.jobs] == [
        (name, f"hash of {name}", "run") for name in ("a.txt", "b.txt")
    ]
    assert queue.is_closed


def test_bytes_are_not_kept_while_workers_read() -> None:
    ((kept, _),) = Workers(ListedJobs()).read(Run([ReadingOutcome("a.txt")]), [change("a.txt")])
    assert kept.file.content == b""


class CountedBytes(bytes):
    """Bytes that know how many of them there are."""

    there = 0

    def __init__(self, _: bytes) -> None:
        CountedBytes.there += 1

    def __del__(self) -> None:
        CountedBytes.there -= 1


def test_the_bytes_of_one_file_are_in_memory_at_a_time() -> None:
    counted: list[int] = []

    def changes() -> Iterator[FileChange]:
        for number in range(20):
            seen = SeenFile(3, 1, 1, "hash")
            content = SourceContent(f"{number}.txt", CountedBytes(b"abc"), seen)
            yield FileChange(content, None, "print")
            del content
            counted.append(CountedBytes.there)

    coming = [ReadingOutcome(f"{number}.txt") for number in range(20)]
    assert len(list(Workers(ListedJobs()).read(Run(coming), changes()))) == 20
    assert max(counted) <= 1


def test_what_no_job_is_for_any_more_is_left() -> None:
    assert read(ListedJobs(left=0), Run([]), ["a.txt"]) == {"a.txt": None}


def test_the_rest_is_left_when_the_workers_have_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_GONE", 0.05)
    outcome = ReadingOutcome("a.txt")
    found = read(ListedJobs(there=0), Run([outcome]), ["a.txt", "b.txt"])
    assert found == {"a.txt": outcome, "b.txt": None}


def test_a_document_that_killed_its_workers_is_skipped() -> None:
    dead = DocumentJob("run", "poison.pdf", "", "", "{}")
    of_another_run = DocumentJob("other", "a.txt", "", "", "{}")
    queue = ListedJobs(dead=[dead, of_another_run])
    found = read(queue, Run([ReadingOutcome("a.txt")]), ["poison.pdf", "a.txt"])
    assert found["a.txt"] == ReadingOutcome("a.txt")
    skipped = found["poison.pdf"]
    assert skipped is not None
    assert skipped.is_lasting
    assert "died" in skipped.reason
