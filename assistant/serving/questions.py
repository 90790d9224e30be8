"""The questions in flight: how many are answered at the same time, and how many may wait."""

import threading
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread

from assistant.errors import ServerBusyError

Result = TypeVar("Result")


class Questions:
    """Counts the questions of the chat and the API together, and refuses those that are too many.

    ``at_once`` of them are answered at the same time; the others of the ``in_flight`` wait.
    """

    def __init__(self, at_once: int, in_flight: int) -> None:
        self._most = in_flight
        self._count = 0
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(at_once)
        self._threads = CapacityLimiter(at_once)  # not those of the other routes

    @property
    def in_flight(self) -> int:
        """How many are being answered or wait."""
        return self._count

    def check(self) -> None:
        """Raises `ServerBusyError` when there is no place for another question."""
        if self._count >= self._most:
            raise ServerBusyError(
                f"{self._most} questions are being answered or wait already. "
                "Ask again in a few seconds."
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among the questions in flight; raises `ServerBusyError` when there is none."""
        with self._lock:
            self.check()
            self._count += 1
        try:
            yield
        finally:
            with self._lock:
                self._count -= 1

    async def answer(self, find: Callable[[], Result]) -> Result:
        """What ``find`` gives, called in a thread once it is its turn."""
        return await to_thread.run_sync(self._in_turn, find, limiter=self._threads)

    async def pieces(self, found: Iterator[Result]) -> AsyncIterator[Result]:
        """What the iterator gives, piece by piece, each waited for in a thread."""
        in_turn = self.in_turn(found)
        nothing_more = object()
        try:
            while True:
                piece: Any = await to_thread.run_sync(
                    next, in_turn, nothing_more, limiter=self._threads
                )
                if piece is nothing_more:
                    return
                yield piece
        finally:
            in_turn.close()

    def in_turn(self, found: Iterator[Result]) -> Generator[Result, None, None]:
        """What the iterator gives, once it is its turn; to be iterated in threads."""
        with self._turns:
            yield from found

    def _in_turn(self, find: Callable[[], Result]) -> Result:
        with self._turns:
            return find()
