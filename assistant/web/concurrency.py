"""Limits on the questions in flight: how many are answered at a time, and how many may wait."""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import NoReturn, Protocol, TypeVar

from anyio import CapacityLimiter, to_thread

from assistant.errors import ServerBusyError
from assistant.web.stepping import Stepping
from assistant.web.turns import FairTurns, WorkingTurn

Result = TypeVar("Result")

STOPPED = "The server is stopping. Ask again in a few seconds."
SECONDS_TO_END = 1.0
"""Time for the work on an abandoned question to end before its turn goes to another."""
SECONDS_TO_RETURN = 6.0
"""Time for which a refused client keeps its place in the line of those that were refused."""
SECONDS_TO_WAIT = 1.5
"""A refused client that returns sooner loses its place; it was asked to wait for two seconds."""
LONGEST_LINE = 10_000


class PlacesInAll(Protocol):
    """The places of the questions of all servers together."""

    def take(self) -> bool:
        """Count one more question, and return whether there was a place for it."""
        ...

    def give_back(self) -> None:
        """Count one question less."""
        ...

    def close(self) -> None:
        """Free the places of this server."""
        ...


class AnsweringLimit:
    """A limit on the questions of the chat and the APIs together.

    At most ``in_flight`` questions are accepted. Of these, ``at_once`` are answered at the same
    time, and the others wait. Clients take turns, and those that were refused are accepted in the
    order in which they were refused. A client that does not wait before it returns goes to the end
    of that line. Use it in one event loop. With ``in_all``, the questions of other servers count as
    well.
    """

    def __init__(self, at_once: int, in_flight: int, in_all: PlacesInAll | None = None) -> None:
        self._most, self._in_all = in_flight, in_all
        self._places: set[threading.Event] = set()
        self._refused: dict[str, float] = {}
        """The clients that were refused, in order, and the time until which they may return."""
        self._turns = FairTurns(at_once)
        # more than work at a time, because abandoned work keeps its thread until it ends
        self._threads = CapacityLimiter(at_once + in_flight)

    @property
    def in_flight(self) -> int:
        """Return the number of questions being answered or waiting."""
        return len(self._places)

    def check(self, client: str = "") -> None:
        """Raise `ServerBusyError` if the limit is reached, or if the free places are promised."""
        now = time.monotonic()
        for late in [name for name, until in self._refused.items() if until < now]:
            del self._refused[late]
        if self._most - self.in_flight > self._clients_before(client):
            return
        self._refuse(client)

    def _refuse(self, client: str) -> NoReturn:
        """Remember a client for the next free place, and raise `ServerBusyError`."""
        now = time.monotonic()
        may_return_until = self._refused.get(client, 0.0)
        if now < may_return_until - SECONDS_TO_RETURN + SECONDS_TO_WAIT:
            self._refused.pop(client, None)
        if client in self._refused or len(self._refused) < LONGEST_LINE:
            self._refused[client] = now + SECONDS_TO_RETURN
        raise ServerBusyError(
            f"{self._most} {'question is' if self._most == 1 else 'questions are'} already being "
            "answered or waiting. Ask again in a few seconds."
        )

    def _clients_before(self, client: str) -> int:
        """Return how many refused clients have a place before this one."""
        for position, name in enumerate(self._refused):
            if name == client:
                return position
        return len(self._refused)

    @contextmanager
    def place(
        self, stopped: threading.Event | None = None, client: str = ""
    ) -> Iterator[threading.Event]:
        """Count a question as in flight for the length of a ``with`` block.

        Yield an event that is set once nobody waits for the answer, and at the end of the block.
        Raise `ServerBusyError` if the limit is reached.
        """
        stopped = stopped or threading.Event()
        self.check(client)
        self._refused.pop(client, None)
        self._places.add(stopped)
        try:
            yield stopped
        finally:
            stopped.set()
            self._places.discard(stopped)

    def close(self) -> None:
        """Free this server's places among those of all servers."""
        if self._in_all is not None:
            self._in_all.close()

    def stop(self) -> None:
        """Stop the work on all questions in flight."""
        for stopped in self._places:
            stopped.set()
        self._turns.refuse(ServerBusyError(STOPPED))

    async def last(
        self,
        answer: Callable[[threading.Event], Iterator[Result]],
        client: str = "",
    ) -> Result:
        """Return the last item of `pieces`."""
        last: list[Result] = []
        async for piece in self.pieces(answer, client):
            last[:] = [piece]
        return last[0]

    async def pieces(
        self,
        answer: Callable[[threading.Event], Iterator[Result]],
        client: str = "",
        stopped: threading.Event | None = None,
    ) -> AsyncGenerator[Result, None]:
        """Wait for the client's turn, then yield what ``answer`` yields, which runs in threads.

        ``answer`` gets an event that is set once nobody waits for it. Close this generator, or
        cancel its task, to stop the work and to free the place at once. Raise `ServerBusyError` if
        there is no place, and at the end if the work was stopped.
        """
        with self.place(stopped, client) as stopped:
            async with self._place_in_all(client):
                turn = await self._turns.take(client)
                working = Stepping(_closable(answer(stopped)), _releasing(turn))
                try:
                    while (piece := await self._in_thread(working.step)) is not None:
                        yield piece
                    if stopped.is_set():
                        raise ServerBusyError(STOPPED)
                finally:
                    stopped.set()
                    asyncio.get_running_loop().call_later(SECONDS_TO_END, turn.release)
                    self._end(working)

    @asynccontextmanager
    async def _place_in_all(self, client: str) -> AsyncIterator[None]:
        """Count a question among those of all servers. Raise `ServerBusyError` if they are too many."""
        if self._in_all is None:
            yield
            return
        taking = _Taking(self._in_all)
        try:
            if not await to_thread.run_sync(taking.take):
                self._refuse(client)
            yield
        finally:
            if taking.is_taken:
                asyncio.get_running_loop().run_in_executor(None, self._in_all.give_back)

    def _end(self, working: Stepping[Result]) -> None:
        """Close the generator in a thread, because that can take time."""
        asyncio.get_running_loop().run_in_executor(None, working.end)

    async def _in_thread(self, act: Callable[[], Result]) -> Result:
        # a cancelled task does not wait for its thread, which ends once the question is stopped
        return await to_thread.run_sync(act, limiter=self._threads, abandon_on_cancel=True)


class _Taking:
    """The taking of a place in a thread, which is known also if nobody waits for it any more."""

    def __init__(self, places: PlacesInAll) -> None:
        self._places = places
        self.is_taken = False

    def take(self) -> bool:
        self.is_taken = self._places.take()
        return self.is_taken


def _closable(items: Iterator[Result]) -> Generator[Result, None, None]:
    yield from items


def _releasing(turn: WorkingTurn) -> Callable[[], None]:
    """Return a function for threads that gives the turn back in the event loop."""
    loop = asyncio.get_running_loop()

    def release() -> None:
        with suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(turn.release)

    return release
