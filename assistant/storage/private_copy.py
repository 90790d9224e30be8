"""A copy of a folder elsewhere, for reading where the folder cannot be written.

A process holds its copy as long as it lives. So the next process that opens an index finds the copies
that a killed one left, and removes them.
"""

import os
import shutil
import tempfile
from pathlib import Path

from assistant.storage.folder_holds import FolderHold, remove_unless_held

PREFIX = "assistant-vectors-"
_MEMORY = Path("/dev/shm")  # noqa: S108  # a folder of its own is made there
_ROOM = 1 << 20
"""Bytes that a disk must have free for its files to be opened where they are."""


class PrivateCopy:
    """The files below a folder, copied without their permissions: a copy may be written.

    ``folder`` is where they are until `close`.
    """

    def __init__(self, source: Path) -> None:
        self._around = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_place_for(source)))
        self._hold = FolderHold(self._around)
        self.folder = self._around / "copy"
        try:
            copy_files(source, self.folder)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy; do nothing a second time."""
        self._hold.release()
        shutil.rmtree(self._around, ignore_errors=True)


def has_room(folder: Path, size: int = 0) -> bool:
    """Return whether the disk of a folder has room for some bytes and a little more."""
    return shutil.disk_usage(folder).free >= size + _ROOM


def _places() -> list[Path]:
    """Return where copies may be: the temporary folder, and memory in case its disk is full."""
    return [Path(tempfile.gettempdir()), *([_MEMORY] if _MEMORY.is_dir() else [])]


def _place_for(source: Path) -> Path:
    size = sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    return next((place for place in _places() if has_room(place, size)), _places()[0])


def copy_files(source: Path, target: Path) -> None:
    """Copy the files below a folder without their permissions: a copy is there to be written."""
    for parent, _, names in os.walk(source):
        folder = target / Path(parent).relative_to(source)
        folder.mkdir(parents=True)
        for name in names:
            shutil.copyfile(Path(parent, name), folder / name)


def remove_abandoned() -> None:
    """Remove the copies whose process is gone."""
    for around in (found for place in _places() for found in place.glob(f"{PREFIX}*")):
        if around.is_dir() and not around.is_symlink():
            remove_unless_held(around)
