"""Reads the files of a corpus: the text kept here is the text that every offset refers to."""

import codecs
import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.ingestion.corpus import CORPUS_FILE, DocumentEntry
from assistant.ingestion.structure import first_heading
from assistant.types import Document, SkippedFile

LOADER_VERSION = 1
"""Raised when the same bytes would be read into another text or title, so that they are read anew."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_CHARACTERS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b")
_TITLE_LENGTH = 150


class UnreadableFileError(Exception):
    """Why a file is skipped; becomes a `SkippedFile`, never an error of the whole."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus as found on disk, before its text is read."""

    source: str
    path: Path
    sha256: str
    content: bytes


def scan(corpus: Path, max_file_bytes: int) -> Iterator[SourceFile | SkippedFile]:
    """Every file of the corpus in a stable order, one in memory at a time.

    Hidden files and folders and ``corpus.toml`` are left out; whatever else cannot be read is
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


def load(file: SourceFile, entry: DocumentEntry | None = None) -> Document:
    """The document that a file holds.

    Raises `UnreadableFileError` with the reason if there is no text in it.
    """
    media_type, read = _FORMATS[Path(file.source).suffix.lower()]
    text = read(file.content)
    if not text.strip():
        raise UnreadableFileError("there is no text in it")
    entry = entry or DocumentEntry()
    return Document(
        id=document_id(file.source),
        source=file.source,
        title=entry.title or _title(text, file.source, media_type),
        text=text,
        sha256=file.sha256,
        media_type=media_type,
        attribution=entry.attribution,
    )


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


def decode(content: bytes) -> str:
    """The text of a plain-text file: UTF-8, UTF-16 and UTF-32 with or without mark, Windows-1252.

    Raises `UnreadableFileError` for what is not text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _decode_as(content[len(mark) :], encoding)
    if b"\0" in content:
        return _decode_as(content, _utf16_without_mark(content))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = _decode_as(content, "windows-1252")
    return _text_only(text)


def _walk(folder: Path) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        raise CorpusError(f"The folder {error.filename} cannot be read: {error.strerror}.")

    for parent, folders, files in os.walk(folder, onerror=unreadable):
        linked = [name for name in folders if Path(parent, name).is_symlink()]
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and name not in linked
        )
        for name in sorted(files + linked):
            is_corpus_file = name == CORPUS_FILE and Path(parent) == folder
            if not name.startswith(".") and not is_corpus_file:
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
        if path.suffix.lower() not in _FORMATS:
            formats = ", ".join(_FORMATS)
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


def _decode_as(content: bytes, encoding: str) -> str:
    try:
        return _text_only(content.decode(encoding))
    except UnicodeDecodeError:
        raise UnreadableFileError("it is not text, or in an unknown encoding") from None


def _text_only(text: str) -> str:
    if not _CONTROL_CHARACTERS.isdisjoint(text):
        raise UnreadableFileError("it is binary, not text")
    return text


def _utf16_without_mark(content: bytes) -> str:
    """The byte order in which most of the zero bytes are the high halves of Latin letters."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < len(head) / 8 or min(even, odd) * 4 > max(even, odd):
        raise UnreadableFileError("it is binary, not text")
    return "utf-16-be" if even > odd else "utf-16-le"


def _title(text: str, source: str, media_type: str) -> str:
    """A Markdown heading, else a first line that reads like a title, else the file's name."""
    if media_type == "text/markdown" and (heading := first_heading(text)):
        return heading[:_TITLE_LENGTH]
    lines = text.strip().splitlines()
    stands_alone = len(lines) == 1 or not lines[1].strip()
    first = lines[0].strip()
    reads_like_title = stands_alone and not first.endswith((".", ":", ";", ","))
    if media_type == "text/plain" and reads_like_title and len(first) <= _TITLE_LENGTH:
        return first
    return Path(source).stem.replace("_", " ").replace("-", " ").strip() or source


_FORMATS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    ".txt": ("text/plain", decode),
    ".md": ("text/markdown", decode),
    ".markdown": ("text/markdown", decode),
}
