"""Hold a folder while it is read, so that no other process removes it meanwhile.

A hold is a shared lock on the folder itself, which the system lets go of if the process dies. Where
there are no such locks (Windows, some network file systems), a folder is removed whoever reads it;
Windows keeps the files that are open.
"""

import os
import shutil
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


class FolderHold:
    """A folder that stays as long as this is not released."""

    def __init__(self, folder: Path) -> None:
        """Hold a folder. Raise `OSError` if it is not there."""
        if not folder.is_dir():
            raise FileNotFoundError("the folder is gone")
        self._descriptor = _locked(folder, fcntl.LOCK_SH) if fcntl else None

    def release(self) -> None:
        """Let go of the folder; do nothing a second time."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def remove_unless_held(folder: Path) -> bool:
    """Remove a folder with all that it contains, and return whether nobody holds it."""
    descriptor = None
    if fcntl:
        try:
            descriptor = _locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            return True  # gone already, or it cannot be opened and so not removed
    shutil.rmtree(folder, ignore_errors=True)
    if descriptor is not None:
        os.close(descriptor)
    return True


def _locked(folder: Path, kind: int) -> int | None:
    """Return a descriptor of a locked folder; None where the file system has no locks."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, kind)
    except BlockingIOError:
        os.close(descriptor)
        raise
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
