"""Turns that clients take one after another, however much any of them asks."""

import asyncio
from collections import deque
from collections.abc import Callable


class WorkingTurn:
    """The right to work. `release` gives it back, and does nothing a second time."""

    def __init__(self, give_back: Callable[[], None]) -> None:
        self._give_back: Callable[[], None] | None = give_back

    def release(self) -> None:
        """Give the turn back, so that the next client has it."""
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()


class FairTurns:
    """At most ``at_once`` turns. Waiting clients get them in rotation, one turn at a time.

    A client with a hundred waiting questions so delays a client with one by one turn, not by a
    hundred. Use it in one event loop.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: dict[str, deque[asyncio.Future[WorkingTurn]]] = {}

    async def take(self, client: str) -> WorkingTurn:
        """Wait for a turn. Whoever is cancelled meanwhile leaves the queue at once."""
        coming: asyncio.Future[WorkingTurn] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(coming)
        self._hand_out()
        try:
            return await coming
        except asyncio.CancelledError:
            if coming.done() and not coming.cancelled() and not coming.exception():
                coming.result().release()
            raise

    def refuse(self, error: Exception) -> None:
        """Raise an error for all that wait."""
        for queue in self._waiting.values():
            for coming in queue:
                if not coming.done():
                    coming.set_exception(error)
        self._waiting.clear()

    def _hand_out(self) -> None:
        while self._free and (coming := self._next()) is not None:
            self._free -= 1
            coming.set_result(WorkingTurn(self._give_back))

    def _next(self) -> "asyncio.Future[WorkingTurn] | None":
        """Return who has waited longest of the client whose turn it is, and move it to the end."""
        while self._waiting:
            client = next(iter(self._waiting))
            queue = self._waiting.pop(client)
            coming = queue.popleft()
            if queue:
                self._waiting[client] = queue
            if not coming.done():
                return coming
        return None

    def _give_back(self) -> None:
        self._free += 1
        self._hand_out()
