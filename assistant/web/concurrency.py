"""Limits on the questions in flight: how many are answered at a time, and how many may wait."""

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
"""Seconds between checks whether the client is still connected."""
STOPPED = "The server is stopping. Ask again in a few seconds."


class AnsweringLimit:
    """A limit on the questions of the chat and the APIs together.

    At most ``in_flight`` questions are accepted. Of these, ``at_once`` are answered at the same
    time, and the others wait.
    """

    def __init__(self, at_once: int, in_flight: int) -> None:
        self._most = in_flight
        self._places: set[threading.Event] = set()
        self._lock = threading.Lock()
        self._turns = threading.Semaphore(at_once)
        # a thread for each, though most only wait: a question whose turn it is must get a thread
        self._threads = CapacityLimiter(in_flight)

    @property
    def in_flight(self) -> int:
        """Return the number of questions being answered or waiting."""
        return len(self._places)

    def check(self) -> None:
        """Raise `ServerBusyError` if the limit is reached."""
        if self.in_flight >= self._most:
            raise ServerBusyError(
                f"{self._most} {'question is' if self._most == 1 else 'questions are'} already being "
                "answered or waiting. Ask again in a few seconds."
            )

    @contextmanager
    def place(self, stopped: threading.Event | None = None) -> Iterator[threading.Event]:
        """Count a question as in flight for the length of a ``with`` block.

        Yield an event that is set once nobody waits for the answer, and at the end of the block.
        Raise `ServerBusyError` if the limit is reached.
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
        """Stop the work on all questions in flight."""
        with self._lock:
            for stopped in self._places:
                stopped.set()

    async def last(
        self,
        answers: Iterator[Result],
        stopped: threading.Event,
        is_gone: Callable[[], Awaitable[bool]],
    ) -> Result:
        """Return the last item of `in_turn`, which runs in a thread.

        Stop the work once ``is_gone`` reports that the client has disconnected.
        """
        in_turn = self.in_turn(answers, stopped)
        coming = asyncio.ensure_future(self._in_thread(lambda: deque(in_turn, maxlen=1)))
        try:
            while not (await asyncio.wait({coming}, timeout=LOOKS_EVERY))[0]:
                if await is_gone():
                    stopped.set()
            return coming.result()[0]
        finally:
            coming.cancel()

    async def pieces(
        self, answers: Iterator[Result], stopped: threading.Event
    ) -> AsyncIterator[Result]:
        """Yield the items of `in_turn`, which runs in a thread."""
        in_turn = self.in_turn(answers, stopped)
        while (piece := await self._in_thread(lambda: next(in_turn, None))) is not None:
            yield piece

    def in_turn(
        self, answers: Iterator[Result], stopped: threading.Event
    ) -> Generator[Result, None, None]:
        """Wait for the question's turn, then yield the items of the iterator. Use it in threads.

        Raise `ServerBusyError` at the end if the work was stopped.
        """
        with self._turns:
            yield from answers
        if stopped.is_set():
            raise ServerBusyError(STOPPED)

    async def _in_thread(self, act: Callable[[], Result]) -> Result:
        # a cancelled task does not wait for its thread, which ends once the question is stopped
        return await to_thread.run_sync(act, limiter=self._threads, abandon_on_cancel=True)
