"""Stop a command that goes on until it is told to, without breaking off what it is at."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def until_terminated() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM sets, so that what is in progress is completed."""
    stop = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        yield stop
    finally:
        signal.signal(signal.SIGTERM, before)
