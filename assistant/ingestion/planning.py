"""Find what an ingestion would do: compare the files of the corpus with what the index has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from assistant.ingestion.corpus_file import CORPUS_FILE, CorpusFile
from assistant.ingestion.loading import fingerprint
from assistant.ingestion.scanning import scan
from assistant.storage.snapshot import Snapshot
from assistant.types import CorpusInfo, SkippedFile


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


@dataclass(slots=True)
class Plan:
    """What an ingestion would do, by path, found without reading any text."""

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


Unread = Mapping[str, tuple[str, str]]
"""By path: the mark of a file that could not be read, which changes when it may be, and why."""


def tried_mark(mark: str, options: BuildOptions) -> str:
    """What changes when a file may be readable: the file itself, or what reading it may take."""
    return f"{mark} {options.max_reading_seconds:g} {options.max_reading_megabytes}"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What an index has, as far as a plan compares it with the corpus; nothing by default.

    ``fingerprints`` are of its documents, by path. A file in ``unread`` that is still the same is
    not tried again. ``corpus`` is what ``corpus.toml`` said of the corpus as a whole.
    """

    fingerprints: Mapping[str, str] = field(default_factory=dict)
    unread: Unread = field(default_factory=dict)
    corpus: CorpusInfo = field(default_factory=CorpusInfo)

    @classmethod
    def read(cls, snapshot: Snapshot) -> Self:
        """Return what one state of the catalog has."""
        return cls(snapshot.fingerprints(), snapshot.state.unread, snapshot.corpus())


def plan(corpus: Path, described: CorpusFile, indexed: Indexed, options: BuildOptions) -> Plan:
    """Compare the corpus, and what its ``corpus.toml`` says, with an index."""
    found = Plan(description_changed=described.info != indexed.corpus)
    for item in scan(corpus, options.max_file_bytes):
        if isinstance(item, SkippedFile):
            found.skipped.append(item)
            continue
        mark = fingerprint(item, described.documents.get(item.source))
        tried, reason = indexed.unread.get(item.source, ("", ""))
        if indexed.fingerprints.get(item.source) == mark:
            found.unchanged.append(item.source)
        elif tried == tried_mark(mark, options):
            found.skipped.append(SkippedFile(item.source, reason))
        else:
            (found.changed if item.source in indexed.fingerprints else found.added).append(
                item.source
            )
            found.bytes_to_read += len(item.content)
    present = {*found.added, *found.changed, *found.unchanged}
    found.deleted = [source for source in indexed.fingerprints if source not in present]
    found.skipped += [
        SkippedFile(CORPUS_FILE, f"it names {source!r}, which is not in the corpus")
        for source in described.documents
        if source not in present and all(source != skipped.source for skipped in found.skipped)
    ]
    return found
