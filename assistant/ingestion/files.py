"""Read the bytes of regular files, and of nothing else: a pipe would be waited for without end."""

import os
import stat
from pathlib import Path

from assistant.ingestion.formats import UnreadableFileError


def read_regular_file(path: Path, max_bytes: int) -> bytes:
    """Return the bytes of a file. Never open what is not a regular file.

    Raise `UnreadableFileError` for a pipe, a device, a folder or a file of more than
    ``max_bytes``, and `OSError` for what the system does not let read.
    """
    _check(path.stat(), max_bytes)
    with open(path, "rb", opener=_open_without_waiting) as file:
        _check(os.fstat(file.fileno()), max_bytes)  # another one may be there by now
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise _too_large(max_bytes)
    return content


def _check(status: os.stat_result, max_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("it is not a regular file")
    if status.st_size > max_bytes:
        raise _too_large(max_bytes)


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _too_large(max_bytes: int) -> UnreadableFileError:
    return UnreadableFileError(f"it is larger than {max_bytes:,} bytes")
