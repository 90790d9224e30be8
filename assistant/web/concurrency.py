"""The questions in flight: how many are answered at the same time, and how many may wait."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from assistant.errors import ServerBusyError

Result = TypeVar("Result")


LOOKS_EVERY = 0.5
"""Seconds between two looks whether the one who asked is still there."""
STOPPED = "The server is stopping. Ask again in a few seconds."


class AnsweringLimit:
    """Counts the questions of the chat and the API together, and refuses those that are too many.

    ``at_once`` of them are answered at the same time; the others of the ``in_flight`` wait.
    """

    def __init__(self, at_once: int, in_flight: int) -> None:
        self._most = in_flight
        self._places: set[threading.Event] = set()
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(at_once)
        # one for each, though most wait in it: who has the turn must not wait for who has the thread
        self._threads = CapacityLimiter(in_flight)

    @property
    def in_flight(self) -> int:
        """How many are being answered or wait."""
        return len(self._places)

    def check(self) -> None:
        """Raises `ServerBusyError` when there is no place for another question."""
        if self.in_flight >= self._most:
            raise ServerBusyError(
                f"{self._most} {'question is' if self._most == 1 else 'questions are'} already being "
                "answered or waiting. Ask again in a few seconds."
            )

    @contextmanager
    def place(self, stopped: threading.Event | None = None) -> Iterator[threading.Event]:
        """A place among the questions in flight; raises `ServerBusyError` when there is none.

        The event says that nobody waits for the answer any more. It is set at the end, too.
        """
        stopped = stopped or threading.Event()
        with self._lock:
            self.check()
            self._places.add(stopped)
        try:
            yield stopped
        finally:
            stopped.set()
            with self._lock:
                self._places.discard(stopped)

    def stop(self) -> None:
        """Ends the work on all questions in flight."""
        with self._lock:
            for stopped in self._places:
                stopped.set()

    async def last(
        self,
        found: Iterator[Result],
        stopped: threading.Event,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> Result:
        """The last of what `in_turn` gives, waited for in a thread.

        Once ``is_gone`` says that nobody waits for it any more, it is stopped.
        """
        in_turn = self.in_turn(found, stopped)
        coming = asyncio.ensure_future(self._in_thread(lambda: deque(in_turn, maxlen=1)))
        try:
            while not (await asyncio.wait({coming}, timeout=LOOKS_EVERY))[0]:
                if await is_gone():
                    stopped.set()
            return coming.result()[0]
        finally:
            coming.cancel()

    async def pieces(
        self, found: Iterator[Result], stopped: threading.Event
    ) -> AsyncIterator[Result]:
        """What `in_turn` gives, piece by piece, each waited for in a thread."""
        in_turn = self.in_turn(found, stopped)
        while (piece := await self._in_thread(lambda: next(in_turn, None))) is not None:
            yield piece

    def in_turn(
        self, found: Iterator[Result], stopped: threading.Event
    ) -> Generator[Result, None, None]:
        """What the iterator gives, once it is its turn; to be iterated in threads.

        Raises `ServerBusyError` at its end when it was stopped before.
        """
        with self._turns:
            yield from found
        if stopped.is_set():
            raise ServerBusyError(STOPPED)

    async def _in_thread(self, act: Callable[[], Result]) -> Result:
        # who is cancelled does not wait for the thread, which ends once the question is stopped
        return await to_thread.run_sync(act, limiter=self._threads, abandon_on_cancel=True)
