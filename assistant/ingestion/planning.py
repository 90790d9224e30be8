"""Find what an ingestion would do: compare the files of the corpus with what the index has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from assistant.ingestion.corpus_file import CORPUS_FILE, read_corpus_file
from assistant.ingestion.loading import fingerprint
from assistant.ingestion.scanning import scan
from assistant.types import SkippedFile


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

    @property
    def changes(self) -> dict[str, int]:
        """How many documents would be added, changed and deleted."""
        return {name: len(getattr(self, name)) for name in ("added", "changed", "deleted")}


Unread = Mapping[str, tuple[str, str]]
"""By path: the mark of a file that could not be read, which changes when it may be, and why."""


def tried_mark(mark: str, options: BuildOptions) -> str:
    """What changes when a file may be readable: the file itself, or what reading it may take."""
    return f"{mark} {options.max_reading_seconds:g} {options.max_reading_megabytes}"


def plan(corpus: Path, known: dict[str, str], options: BuildOptions, unread: Unread) -> Plan:
    """Compare the corpus with the fingerprints of an index, by path.

    A file in ``unread`` that is still the same is not tried again.
    """
    said = read_corpus_file(corpus)
    found = Plan()
    for item in scan(corpus, options.max_file_bytes):
        if isinstance(item, SkippedFile):
            found.skipped.append(item)
            continue
        mark = fingerprint(item, said.documents.get(item.source))
        tried, reason = unread.get(item.source, ("", ""))
        if known.get(item.source) == mark:
            found.unchanged.append(item.source)
        elif tried == tried_mark(mark, options):
            found.skipped.append(SkippedFile(item.source, reason))
        else:
            (found.changed if item.source in known else found.added).append(item.source)
            found.bytes_to_read += len(item.content)
    present = {*found.added, *found.changed, *found.unchanged}
    found.deleted = [source for source in known if source not in present]
    found.skipped += [
        SkippedFile(CORPUS_FILE, f"it names {source!r}, which is not in the corpus")
        for source in said.documents
        if source not in present and all(source != skipped.source for skipped in found.skipped)
    ]
    return found
