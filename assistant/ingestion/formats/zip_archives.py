"""Look at ZIP archives without unpacking them: what would not fit into memory is never unpacked."""

import io
import zipfile

from assistant.ingestion.formats import UnreadableFileError

_MOST_PARTS = 10_000


def check_archive(content: bytes, most_bytes: int) -> zipfile.ZipFile:
    """Return an archive that is whole, not encrypted, and unpacks to at most ``most_bytes``.

    Raise `UnreadableFileError` for any other.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise UnreadableFileError(f"it is broken: {error}") from None
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > most_bytes or len(parts) > _MOST_PARTS:
        raise UnreadableFileError(
            f"it would unpack to {unpacked:,} bytes in {len(parts):,} parts, "
            f"more than the memory for it (max_reading_megabytes)"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFileError("it is encrypted; save it without its password to have it read")
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the bytes of a part. Raise `UnreadableFileError` if it is broken."""
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError) as error:
        raise UnreadableFileError(f"it is broken: {error}") from None
