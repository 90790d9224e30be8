"""Read the bytes of regular files, and of nothing else: a pipe would be waited for without end."""

import os
import stat
from io import BufferedReader
from pathlib import Path

from assistant.ingestion.formats import UnreadableFileError


def open_regular_file(path: Path) -> BufferedReader:
    """Open a regular file for reading, and never anything else.

    Raise `UnreadableFileError` for a pipe, a device or a folder, and `OSError` for what the system
    does not let open.
    """
    _check(path.stat())
    file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115  # the caller closes it
    try:
        _check(os.fstat(file.fileno()))  # another one may be there by now
    except UnreadableFileError:
        file.close()
        raise
    return file


def read_regular_file(path: Path, max_bytes: int) -> tuple[bytes, os.stat_result]:
    """Return the bytes of a regular file, and its status just before they were read.

    Raise what `open_regular_file` does, and `UnreadableFileError` for more than ``max_bytes``.
    """
    with open_regular_file(path) as file:
        status = os.fstat(file.fileno())
        content = b"" if status.st_size > max_bytes else file.read(max_bytes + 1)
    if max(status.st_size, len(content)) > max_bytes:
        raise UnreadableFileError(f"it is larger than {max_bytes:,} bytes")
    return content, status


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFileError("it is not a regular file")


def _open_without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
