"""End the process at Ctrl-C while libraries are imported.

As an exception, an interrupt would show the traceback of an import, or be lost in a library that
catches everything. Nothing of the package is imported here, so that it can be interrupted.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_INTERRUPTED = 128 + signal.SIGINT
_STOPPED = b"Stopped.\n"


def leave(sig: int = signal.SIGINT, frame: FrameType | None = None) -> None:
    """End the process with one line."""
    sys.stdout.flush()
    os.write(sys.stderr.fileno(), _STOPPED)
    os._exit(EXIT_INTERRUPTED)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let an interrupt end the process at once."""
    before = signal.signal(signal.SIGINT, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
