"""Find the files of a corpus, and read their bytes; what is left out is given with the reason."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import CorpusError
from assistant.ingestion.corpus_file import CORPUS_FILE
from assistant.ingestion.files import open_regular_file, read_regular_file
from assistant.ingestion.formats import UnreadableFileError
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import SeenFile, SkippedFile

_LONGEST_SHOWN = 500
"""Characters of a path that a report shows."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus as found on disk, not read yet; times are in nanoseconds."""

    source: str
    path: Path
    size: int
    modified: int
    changed: int

    def is_as(self, seen: SeenFile) -> bool:
        """Return whether size and times are those of the file when it was read."""
        return (self.size, self.modified, self.changed) == (seen.size, seen.modified, seen.changed)


@dataclass(frozen=True, slots=True)
class SourceContent:
    """The bytes of a file of the corpus, with what was seen of it when they were read."""

    source: str
    content: bytes
    seen: SeenFile


def scan(corpus: Path, max_file_bytes: int) -> Iterator[SourceFile | SkippedFile]:
    """Yield every file of the corpus in a stable order, without reading it.

    Leave out hidden files and folders, Office's locks and ``corpus.toml``. Give whatever else
    cannot be read as a `SkippedFile`. Raise `CorpusError` if the folder itself cannot be read.
    """
    if not corpus.is_dir():
        raise CorpusError(
            f"The corpus folder {corpus} does not exist. Put documents there, "
            "or set ASSISTANT_CORPUS to the folder that has them."
        )
    root = corpus.resolve()
    too_long: list[str] = []
    for path, source in _walk(corpus, too_long):
        try:
            yield _examine(path, source, root, max_file_bytes)
        except UnreadableFileError as error:
            yield SkippedFile(_shown(source), str(error))
    for source in too_long:
        yield SkippedFile(_shown(source), "its path is longer than the system can open")


def look_at(path: Path, max_file_bytes: int) -> SourceFile | SkippedFile:
    """Return a file by its path, whichever folder it is in, without reading it."""
    try:
        return _examine(path, path.name, path.parent.resolve(), max_file_bytes)
    except UnreadableFileError as error:
        return SkippedFile(_shown(path.name), str(error))


def find_source(corpus: Path, source: str, max_file_bytes: int) -> SourceFile:
    """Return the file at a path below the corpus, without reading it.

    Raise `UnreadableFileError` for a path that `scan` would not give.
    """
    parts = PurePosixPath(source).parts
    if not parts or source.startswith("/") or ".." in parts or any(map(is_hidden, parts)):
        raise UnreadableFileError("it is not a path below the corpus")
    path, root = corpus / source, corpus.resolve()
    with _unreadable():
        if path.parent.resolve(strict=True) != root.joinpath(*parts[:-1]):
            raise UnreadableFileError("it is in a folder that is a link")
    return _examine(path, source, root, max_file_bytes)


def _shown(source: str) -> str:
    """Return a path in a form that can be shown, also if it is no text or endless."""
    shown = source.encode("utf-8", "backslashreplace").decode()
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def read_source(file: SourceFile, max_file_bytes: int) -> SourceContent:
    """Read and hash a file. Raise `UnreadableFileError` with the reason if that cannot be done."""
    with _unreadable():
        content, status = read_regular_file(file.path, max_file_bytes)
    if not content:
        raise UnreadableFileError("it is empty")
    seen = SeenFile(
        status.st_size, status.st_mtime_ns, status.st_ctime_ns, hashlib.sha256(content).hexdigest()
    )
    return SourceContent(file.source, content, seen)


def read_unchanged(corpus: Path, source: str, sha256: str, max_file_bytes: int) -> SourceContent:
    """Return the file at a path below the corpus as another process has seen it.

    Raise `UnreadableFileError` if it cannot be read, and `CorpusError` if its hash is another one.
    """
    file = read_source(find_source(corpus, source, max_file_bytes), max_file_bytes)
    if file.seen.sha256 != sha256:
        raise CorpusError("it was changed while it was to be read")
    return file


def file_sha256(path: Path) -> str | None:
    """Return the hash of a file's bytes; None if it cannot be read."""
    try:
        with open_regular_file(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, UnreadableFileError):
        return None


def is_hidden(name: str) -> bool:
    """Return whether a file or folder is left out in silence: hidden, or a lock of Office."""
    return name.startswith((".", "~$"))


def _walk(corpus: Path, too_long: list[str]) -> Iterator[tuple[Path, str]]:
    """Yield each file with its path below the corpus; a link to a folder is taken for a file.

    Add folders whose path is too long for the system to ``too_long``.
    """

    def unreadable(error: OSError) -> None:
        if error.errno == errno.ENAMETOOLONG:
            too_long.append(Path(error.filename).relative_to(corpus).as_posix())
            return
        raise CorpusError(f"The folder {error.filename} cannot be read: {error.strerror}.")

    for parent, folders, files in os.walk(corpus, onerror=unreadable):
        linked = [name for name in folders if os.path.islink(os.path.join(parent, name))]
        folders[:] = sorted(name for name in folders if not is_hidden(name) and name not in linked)
        below = Path(parent).relative_to(corpus).as_posix()
        for name in sorted(files + linked):
            source = name if below == "." else f"{below}/{name}"
            if not is_hidden(name) and source != CORPUS_FILE:
                yield Path(parent, name), source


def _examine(path: Path, source: str, root: Path, max_file_bytes: int) -> SourceFile:
    try:
        source.encode()
    except UnicodeEncodeError:
        raise UnreadableFileError("its name is not valid UTF-8") from None
    with _unreadable():
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            status = _follow(path, root)
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("it is not a regular file")
    if path.suffix.lower() not in MEDIA_TYPES:
        formats = ", ".join(MEDIA_TYPES)
        raise UnreadableFileError(
            f"the format {path.suffix or '(no ending)'} is not supported ({formats} are)"
        )
    if status.st_size > max_file_bytes:
        raise UnreadableFileError(f"it is larger than {max_file_bytes:,} bytes (max_file_bytes)")
    if not status.st_size:
        raise UnreadableFileError("it is empty")
    return SourceFile(source, path, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


def _follow(link: Path, root: Path) -> os.stat_result:
    """Return the status of what a link leads to, if that is a file of the corpus."""
    if not link.resolve(strict=True).is_relative_to(root):
        raise UnreadableFileError("it is a link to a place outside the corpus")
    if link.is_dir():
        raise UnreadableFileError("it is a link to another folder of the corpus")
    return link.stat()


@contextmanager
def _unreadable() -> Iterator[None]:
    """Raise `UnreadableFileError` for what the system says of a file."""
    try:
        yield
    except FileNotFoundError:
        raise UnreadableFileError(
            "it is a link that leads nowhere, or it was just removed"
        ) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of links, before Python 3.13
        raise UnreadableFileError(f"it cannot be read: {error}") from None
