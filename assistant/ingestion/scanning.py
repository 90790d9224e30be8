"""Find the files of a corpus and read their bytes; what is left out is given with the reason."""

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CorpusError
from assistant.ingestion.corpus_file import CORPUS_FILE
from assistant.ingestion.files import read_regular_file
from assistant.ingestion.formats import UnreadableFileError
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import SkippedFile


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


def file_sha256(path: Path) -> str | None:
    """The hash of a file's bytes; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


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
        if path.suffix.lower() not in MEDIA_TYPES:
            formats = ", ".join(MEDIA_TYPES)
            raise UnreadableFileError(
                f"the format {path.suffix or '(no ending)'} is not supported ({formats} are)"
            )
        content = read_regular_file(path, max_file_bytes)
    except FileNotFoundError:
        raise UnreadableFileError(
            "it is a link that leads nowhere, or it was just removed"
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise UnreadableFileError(f"it cannot be read: {error}") from None
    if not content:
        raise UnreadableFileError("it is empty")
    return content
