"""A generator that runs in threads and can be ended from outside at any time.

An abandoned generator keeps its resources, such as the request to a language model, until it is
garbage collected. A generator that is running in a thread cannot be closed.
"""

import threading
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

Piece = TypeVar("Piece")


class Stepping(Generic[Piece]):
    """Advances a generator piece by piece, and closes it once nobody waits for the next piece.

    Call ``ended`` once after closing it, in the thread that closed it.
    """

    def __init__(
        self,
        pieces: Generator[Piece, None, None],
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._pieces = pieces
        self._ended: Callable[[], None] | None = ended
        self._is_ended = False
        self._busy = threading.Lock()

    def step(self) -> Piece | None:
        """Return the next piece, or None after the last piece or after `end`."""
        try:
            with self._busy:
                return None if self._is_ended else next(self._pieces, None)
        finally:
            if self._is_ended:  # `end` was called while this thread was busy
                self.end()

    def end(self) -> None:
        """Close the generator, or have the thread that is advancing it close it."""
        self._is_ended = True
        if self._busy.acquire(blocking=False):
            try:
                self._pieces.close()
            finally:
                ended, self._ended = self._ended, None
                self._busy.release()
            if ended is not None:
                ended()
