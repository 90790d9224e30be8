"""A generator that is advanced in threads and can be ended from outside at any moment.

A generator that is merely abandoned keeps what it holds, like a place among the questions in
flight, until the garbage collector comes by. One that runs in a thread cannot be closed.
"""

import threading
from collections.abc import Generator
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Stepping(Generic[Piece]):
    """Advance a generator piece by piece, and close it once nobody waits for another one."""

    def __init__(self, pieces: Generator[Piece, None, None]) -> None:
        self._pieces = pieces
        self._is_ended = False
        self._busy = threading.Lock()

    def step(self) -> Piece | None:
        """Return the next piece, or None after the last one and after the end."""
        with self._busy:
            piece = None if self._is_ended else next(self._pieces, None)
        if self._is_ended:  # while this thread was busy
            self.end()
        return piece

    def end(self) -> None:
        """Close the generator, or let the thread that advances it close it."""
        self._is_ended = True
        if self._busy.acquire(blocking=False):
            try:
                self._pieces.close()
            finally:
                self._busy.release()
