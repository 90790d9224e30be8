"""A copy of a folder in the temporary folder, for reading where the folder cannot be written.

The operating system lets go of its lock when the process ends, however that happens. So the next
copy finds those that a killed process left, and removes them.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

PREFIX = "assistant-vectors-"
_LOCK = "in-use.lock"


class PrivateCopy:
    """The files below a folder, copied without their permissions: a copy may be written.

    ``folder`` is where they are until `close`.
    """

    def __init__(self, source: Path) -> None:
        remove_abandoned()
        self._around = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock = FileLock(self._around / _LOCK, timeout=0)
        self._lock.acquire()
        self.folder = self._around / "copy"
        try:
            copy_files(source, self.folder)
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy; do nothing a second time."""
        self._lock.release()
        shutil.rmtree(self._around, ignore_errors=True)


def copy_files(source: Path, target: Path) -> None:
    """Copy the files below a folder without their permissions: a copy is there to be written."""
    for parent, _, names in os.walk(source):
        folder = target / Path(parent).relative_to(source)
        folder.mkdir(parents=True)
        for name in names:
            shutil.copyfile(Path(parent, name), folder / name)


def remove_abandoned() -> None:
    """Remove the copies of this user whose process is gone."""
    for around in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError, Timeout):  # another user's, or in use
            if around.is_symlink() or not (around / _LOCK).is_file():
                continue
            with FileLock(around / _LOCK, timeout=0):
                shutil.rmtree(around, ignore_errors=True)
