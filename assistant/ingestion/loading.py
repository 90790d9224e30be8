"""Reads the files of a corpus: the text kept here is the text that every offset refers to."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.errors import CorpusError
from assistant.ingestion.corpus_file import CORPUS_FILE, DocumentEntry
from assistant.ingestion.formats import Extracted, UnreadableFileError, plain
from assistant.ingestion.formats.signatures import check_signature
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits
from assistant.text.headings import first_heading
from assistant.text.media_types import MARKDOWN, MEDIA_TYPES, PLAIN
from assistant.types import Document, SkippedFile

__all__ = [
    "Loader",
    "ReadingLimits",
    "SourceFile",
    "UnreadableFileError",
    "document_id",
    "file_sha256",
    "fingerprint",
    "is_hidden",
    "scan",
]

LOADER_VERSION = 3
"""Raised when the same bytes would be read into another text or title, so that they are read anew."""

_TITLE_LENGTH = 150


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus as found on disk, before its text is read."""

    source: str
    path: Path
    sha256: str
    content: bytes


def scan(corpus: Path, max_file_bytes: int) -> Iterator[SourceFile | SkippedFile]:
    """Every file of the corpus in a stable order, one in memory at a time.

    Hidden files and folders, Office's locks and ``corpus.toml`` are left out; whatever else cannot be read is
    given as a `SkippedFile`. Raises `CorpusError` if the folder itself cannot be read.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"The corpus folder {corpus} does not exist. Put documents there, "
            "or set ASSISTANT_CORPUS to the folder that has them."
        )
    root = corpus.resolve()
    for path in _walk(corpus):
        source = path.relative_to(corpus).as_posix()
        try:
            content = _read_bytes(path, source, root, max_file_bytes)
        except UnreadableFileError as error:
            yield SkippedFile(source.encode("utf-8", "backslashreplace").decode(), str(error))
        else:
            yield SourceFile(source, path, hashlib.sha256(content).hexdigest(), content)


class Loader:
    """Makes documents of files, within limits; used in a ``with`` block, from one thread.

    Plain text and Markdown are read at once, other formats in a process that is started for them.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        self._parsing = ParsingProcess(limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._parsing.close()

    def load(self, file: SourceFile, entry: DocumentEntry | None = None) -> Document:
        """The document that a file holds.

        Raises `UnreadableFileError` with the reason if there is no text in it.
        """
        ending = Path(file.source).suffix.lower()
        media_type = MEDIA_TYPES[ending]
        check_signature(ending, file.content)
        found = self._extract(media_type, file.content)
        if not found.text.strip():
            raise UnreadableFileError("there is no text in it")
        entry = entry or DocumentEntry()
        return Document(
            id=document_id(file.source),
            source=file.source,
            title=entry.title or _title(found, file.source, media_type),
            text=found.text,
            sha256=file.sha256,
            media_type=media_type,
            page_starts=found.page_starts,
            attribution=entry.attribution,
        )

    def _extract(self, media_type: str, content: bytes) -> Extracted:
        if media_type in (PLAIN, MARKDOWN):
            return plain.extract(content)
        return self._parsing.extract(media_type, content)


def document_id(source: str) -> str:
    """An identifier that is stable for a path below the corpus."""
    return hashlib.sha256(source.encode()).hexdigest()[:16]


def file_sha256(path: Path) -> str | None:
    """The hash of a file's bytes; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def fingerprint(file: SourceFile, entry: DocumentEntry | None) -> str:
    """Changes when the indexed document would: the bytes, what is said of it, or how it is read."""
    said = (entry or DocumentEntry()).model_dump_json()
    return hashlib.sha256(f"{LOADER_VERSION}\n{file.sha256}\n{said}".encode()).hexdigest()


def is_hidden(name: str) -> bool:
    """Whether a file or folder is left out in silence: hidden ones, and the locks that Office writes."""
    return name.startswith((".", "~$"))


def _walk(folder: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise CorpusError(f"The folder {error.filename} cannot be read: {error.strerror}.")

    for parent, folders, files in os.walk(folder, onerror=unreadable):
        linked = [name for name in folders if Path(parent, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_hidden(name) and name not in linked)
        for name in sorted(files + linked):
            is_corpus_file = name == CORPUS_FILE and Path(parent) == folder
            if not is_hidden(name) and not is_corpus_file:
                yield Path(parent, name)


def _read_bytes(path: Path, source: str, root: Path, max_file_bytes: int) -> bytes:
    try:
        source.encode()
    except UnicodeEncodeError:
        raise UnreadableFileError("its name is not valid UTF-8") from None
    try:
        if not path.resolve(strict=True).is_relative_to(root):
            raise UnreadableFileError("it is a link to a place outside the corpus")
        if path.is_dir():
            raise UnreadableFileError("it is a link to another folder of the corpus")
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFileError("it is not a regular file")
        if path.suffix.lower() not in MEDIA_TYPES:
            formats = ", ".join(MEDIA_TYPES)
            raise UnreadableFileError(
                f"the format {path.suffix or '(no ending)'} is not supported ({formats} are)"
            )
        with path.open("rb") as file:
            content = file.read(max_file_bytes + 1)
    except FileNotFoundError:
        raise UnreadableFileError(
            "it is a link that leads nowhere, or it was just removed"
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise UnreadableFileError(f"it cannot be read: {error}") from None
    if len(content) > max_file_bytes:
        raise UnreadableFileError(f"it is larger than {max_file_bytes:,} bytes (max_file_bytes)")
    if not content:
        raise UnreadableFileError("it is empty")
    return content


def _title(found: Extracted, source: str, media_type: str) -> str:
    """What the file calls itself, else a first line that reads like a title, else the file's name."""
    said = first_heading(found.text) if media_type == MARKDOWN else found.title
    if said.strip():
        return said.strip()[:_TITLE_LENGTH]
    lines = found.text.strip().splitlines()
    stands_alone = len(lines) == 1 or not lines[1].strip()
    first = lines[0].strip()
    reads_like_title = stands_alone and not first.endswith((".", ":", ";", ","))
    if media_type == PLAIN and reads_like_title and len(first) <= _TITLE_LENGTH:
        return first
    return Path(source).stem.replace("_", " ").replace("-", " ").strip() or source
