"""A generator that runs in threads and can be ended from outside at any time.

An abandoned generator keeps its resources, such as a place among the questions in flight, until
it is garbage collected. A generator that is running in a thread cannot be closed.
"""

import threading
from collections.abc import Generator
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Stepping(Generic[Piece]):
    """Advances a generator piece by piece, and closes it once nobody waits for the next piece."""

    def __init__(self, pieces: Generator[Piece, None, None]) -> None:
        self._pieces = pieces
        self._is_ended = False
        self._busy = threading.Lock()

    def step(self) -> Piece | None:
        """Return the next piece, or None after the last piece or after `end`."""
        with self._busy:
            piece = None if self._is_ended else next(self._pieces, None)
        if self._is_ended:  # `end` was called while this thread was busy
            self.end()
        return piece

    def end(self) -> None:
        """Close the generator, or have the thread that is advancing it close it."""
        self._is_ended = True
        if self._busy.acquire(blocking=False):
            try:
                self._pieces.close()
            finally:
                self._busy.release()
