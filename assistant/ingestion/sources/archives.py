"""Take the readable files out of a ZIP archive that nobody has vouched for."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.offers import FetchBudget, OfferedFile
from assistant.ingestion.sources.paths import path_in_archive
from assistant.text.media_types import MEDIA_TYPES, PICTURES
from assistant.types import SkippedFile

_ENCRYPTED = 0x1
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(OSError, EOFError, NotImplementedError, RuntimeError, ValueError),
)
"""What Python's own reader raises for archives that are broken on purpose (3.11)."""
_MOST_ENTRIES = 100_000


def files_in_zip(
    content: bytes, url: str, below: str, max_file_bytes: int, budget: FetchBudget
) -> Iterator[OfferedFile | SkippedFile]:
    """Yield the files of an archive whose paths begin with ``below``, which is left out of them.

    Links, hidden files, other formats and paths that lead out of the archive are left out. Raise
    `UnreadableFileError` if it is broken, or unpacks to more than the budget allows.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise UnreadableFileError(f"it is not a whole ZIP archive: {error}"[:300]) from None
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES:
        raise UnreadableFileError(f"it has more than {_MOST_ENTRIES:,} entries")
    seen: set[str] = set()
    for entry in entries:
        path = _path_of(entry, below)
        if path is None or path in seen:
            continue
        seen.add(path)
        try:
            unpacked = _unpacked(archive, entry, max_file_bytes)
        except UnreadableFileError as error:
            yield SkippedFile(f"{url}: {path}", str(error))
            continue
        budget.take(len(unpacked))
        yield OfferedFile(path, url, unpacked)


def path_below(path: str | None, below: str) -> str | None:
    """Return what follows ``below`` in the path of a readable file; None for any other."""
    prefix = f"{below.strip('/')}/" if below.strip("/") else ""
    if path is None or not path.startswith(prefix):
        return None
    media_type = MEDIA_TYPES.get(PurePosixPath(path).suffix.lower(), "")
    is_text = media_type and media_type not in PICTURES  # those of a site are seldom of text
    return path.removeprefix(prefix) if is_text else None


def _path_of(entry: zipfile.ZipInfo, below: str) -> str | None:
    mode = entry.external_attr >> 16
    is_file = not entry.is_dir() and (stat.S_IFMT(mode) in (0, stat.S_IFREG))
    return path_below(path_in_archive(entry.filename), below) if is_file else None


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, max_bytes: int) -> bytes:
    """Return the bytes of an entry; what it says of its size is not believed."""
    if entry.flag_bits & _ENCRYPTED:
        raise UnreadableFileError("it is encrypted")
    try:
        with archive.open(entry) as file:
            content = file.read(max_bytes + 1)
    except _BROKEN as error:
        raise UnreadableFileError(f"it cannot be unpacked: {error}"[:300]) from None
    if len(content) > max_bytes:
        raise UnreadableFileError(f"it is larger than {max_bytes:,} bytes")
    return content
