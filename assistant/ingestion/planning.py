"""Find what an ingestion would do: compare the files of the corpus with what the index has.

A file whose size and times are those of the last look is not read. A file that was changed while
it was looked at, or a moment before, could be changed again with the same times (as Git's "racy"
entries could): it is not remembered, and the next look reads it.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from assistant.ingestion.corpus_file import CORPUS_FILE, CorpusFile, DocumentEntry
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.loading import fingerprint
from assistant.ingestion.sandbox.parent import ReadingLimits
from assistant.ingestion.scanning import SourceContent, SourceFile, read_source, scan
from assistant.protocols import CatalogSnapshot
from assistant.types import CorpusInfo, SeenFile, SkippedFile

_SETTLED = 2_000_000_000
"""Nanoseconds after which a file's times tell of the next change: the coarsest clock, of FAT."""

Unread = Mapping[str, tuple[str, str]]
"""By path: the mark of a file that could not be read, which changes when it may be, and why."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What an index is built with, and what the reading of a file may take.

    An index built with another size or overlap of chunks cannot be used.
    """

    chunk_tokens: int
    chunk_overlap: int
    max_file_bytes: int
    max_reading_seconds: float = 120.0
    max_reading_megabytes: int = 1024
    max_embedding_seconds: float = 600.0

    @property
    def reading_limits(self) -> ReadingLimits:
        """What the reading of a file may take."""
        return ReadingLimits(
            self.max_reading_seconds, self.max_reading_megabytes, self.max_file_bytes
        )


@dataclass(slots=True)
class Plan:
    """What an ingestion would do, by path; ``bytes_to_read`` are of the added and changed files."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)
    bytes_to_read: int = 0
    description_changed: bool = False

    @property
    def changes(self) -> dict[str, int]:
        """How many documents would be added, changed and deleted."""
        return {name: len(getattr(self, name)) for name in ("added", "changed", "deleted")}

    @property
    def is_needed(self) -> bool:
        """Whether the index is not as the corpus is."""
        return self.description_changed or any(self.changes.values())


@dataclass(frozen=True, slots=True)
class IndexContents:
    """What an index has, as far as a plan compares it with the corpus; nothing by default.

    ``fingerprints`` are of its documents, by path. A file in ``unread`` that is still the same is
    not tried again. ``corpus`` is what ``corpus.toml`` said of the corpus as a whole. ``files`` is
    what was seen of the files; without it all of them are read.
    """

    fingerprints: Mapping[str, str] = field(default_factory=dict)
    unread: Unread = field(default_factory=dict)
    corpus: CorpusInfo = field(default_factory=CorpusInfo)
    files: Mapping[str, SeenFile] = field(default_factory=dict)

    @classmethod
    def read(cls, snapshot: CatalogSnapshot) -> Self:
        """Return what one state of the catalog has."""
        return cls(
            snapshot.fingerprints(), snapshot.state.unread, snapshot.corpus(), snapshot.files()
        )

    def without_files(self) -> Self:
        """Return the same without what was seen of the files, so that all of them are read."""
        return replace(self, files={})


@dataclass(frozen=True, slots=True)
class FileChange:
    """An added or changed file with its bytes, its entry in ``corpus.toml`` and its fingerprint."""

    file: SourceContent
    entry: DocumentEntry | None
    fingerprint: str


class CorpusComparison:
    """The corpus, compared with an index file by file: ``plan`` grows as `changes` are taken.

    ``seen`` is what to remember of the files, ``unread`` which of them could not be read.
    """

    def __init__(
        self, corpus: Path, described: CorpusFile, indexed: IndexContents, options: BuildOptions
    ) -> None:
        self._described, self._indexed, self._options = described, indexed, options
        self._settled = time.time_ns() - _SETTLED
        self._is_complete = False
        self.seen: dict[str, SeenFile] = {}
        self.unread: dict[str, tuple[str, str]] = {}
        self.plan = Plan(description_changed=described.info != indexed.corpus)
        self._to_read = [file for file in self._files(corpus) if not self._is_known(file)]
        self.plan.bytes_to_read = sum(file.size for file in self._to_read)

    def changes(self) -> Iterator[FileChange]:
        """Yield each added or changed file, read and hashed once, one in memory at a time.

        The plan is whole when they are at their end.
        """
        for file in self._to_read:
            try:
                content = read_source(file, self._options.max_file_bytes)
            except UnreadableFileError as error:
                self._skip(file.source, str(error), file.size)
                continue
            self._remember(file.source, content.seen)
            if self._is_as_indexed(file.source, content.seen):
                self.plan.bytes_to_read -= file.size
                continue
            is_new = file.source not in self._indexed.fingerprints
            (self.plan.added if is_new else self.plan.changed).append(file.source)
            yield FileChange(
                content,
                self._described.documents.get(file.source),
                self._fingerprint(file.source, content.seen),
            )
        self._complete()

    def set_unreadable(self, change: FileChange, reason: str) -> None:
        """Count a file as skipped, of which the last change has no text."""
        source = change.file.source
        is_new = source not in self._indexed.fingerprints
        (self.plan.added if is_new else self.plan.changed).remove(source)
        self.unread[source] = (self._tried(change.fingerprint), reason)
        self._skip(source, reason, change.file.seen.size)
        if self._is_complete:
            if not is_new:
                self.plan.deleted = sorted([*self.plan.deleted, source])
            self.plan.skipped.sort(key=lambda skipped: skipped.source)

    def set_postponed(self, change: FileChange, reason: str) -> None:
        """Leave a changed file to the next ingestion. What the index has of it stays."""
        source = change.file.source
        is_new = source not in self._indexed.fingerprints
        (self.plan.added if is_new else self.plan.changed).remove(source)
        if not is_new:
            self.plan.unchanged = sorted([*self.plan.unchanged, source])
        self.seen.pop(source, None)
        self._skip(source, reason, change.file.seen.size)
        self.plan.skipped.sort(key=lambda skipped: skipped.source)

    def _files(self, corpus: Path) -> Iterator[SourceFile]:
        for item in scan(corpus, self._options.max_file_bytes):
            if isinstance(item, SkippedFile):
                self.plan.skipped.append(item)
            else:
                yield item

    def _is_known(self, file: SourceFile) -> bool:
        """Return whether a file need not be read: it is as the index has it, times and all."""
        seen = self._indexed.files.get(file.source)
        if seen is None or not file.is_as(seen) or not self._is_as_indexed(file.source, seen):
            return False
        self.seen[file.source] = seen
        return True

    def _is_as_indexed(self, source: str, seen: SeenFile) -> bool:
        """Return whether the index has a file with this hash, and list it; or knows it unreadable."""
        mark = self._fingerprint(source, seen)
        if self._indexed.fingerprints.get(source) == mark:
            self.plan.unchanged.append(source)
            return True
        tried, reason = self._indexed.unread.get(source, ("", ""))
        if tried == self._tried(mark):
            self.unread[source] = (tried, reason)
            self.plan.skipped.append(SkippedFile(source, reason))
            return True
        return False

    def _remember(self, source: str, seen: SeenFile) -> None:
        times = (seen.modified, seen.changed)
        if min(times) >= 0 and max(times) < self._settled:
            self.seen[source] = seen

    def _skip(self, source: str, reason: str, size: int) -> None:
        self.plan.skipped.append(SkippedFile(source, reason))
        self.plan.bytes_to_read -= size

    def _fingerprint(self, source: str, seen: SeenFile) -> str:
        return fingerprint(source, seen.sha256, self._described.documents.get(source))

    def _tried(self, mark: str) -> str:
        """Return what changes when a file may be readable: itself, or what reading it may take."""
        options = self._options
        return f"{mark} {options.max_reading_seconds:g} {options.max_reading_megabytes}"

    def _complete(self) -> None:
        """List what is deleted and the entries of ``corpus.toml`` that are of no file, and sort all."""
        self._is_complete = True
        plan = self.plan
        present = {*plan.added, *plan.changed, *plan.unchanged}
        plan.deleted = sorted(name for name in self._indexed.fingerprints if name not in present)
        for sources in (plan.added, plan.changed, plan.unchanged):
            sources.sort()
        plan.skipped.sort(key=lambda skipped: skipped.source)
        named = present.union(skipped.source for skipped in plan.skipped)
        plan.skipped += [
            SkippedFile(CORPUS_FILE, f"it names {source!r}, which is not in the corpus")
            for source in self._described.documents
            if source not in named
        ]


def make_plan(
    corpus: Path, described: CorpusFile, indexed: IndexContents, options: BuildOptions
) -> Plan:
    """Compare the corpus, and what its ``corpus.toml`` says, with an index."""
    comparison = CorpusComparison(corpus, described, indexed, options)
    for _ in comparison.changes():
        pass
    return comparison.plan
