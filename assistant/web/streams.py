"""Responses whose work ends with their reader, and never waits for a slow one."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import aclosing
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

Item = TypeVar("Item")

EVENTS = "text/event-stream"


class EventStream(StreamingResponse):
    """A stream of events that closes immediately, however it ends and even before it begins.

    An abandoned generator would stay open until it is garbage collected.
    """

    media_type = EVENTS

    def __init__(
        self,
        events: AsyncGenerator[str, None] | AsyncGenerator[bytes, None],
        headers: Mapping[str, str],
        close: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(events, headers=headers)
        self._events = events
        self._close = close

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream, then close it."""
        try:
            async with aclosing(self._events):
                await super().__call__(scope, receive, send)
        finally:
            self._close()


async def newest(source: AsyncGenerator[Item, None]) -> AsyncGenerator[Item, None]:
    """Yield the newest item of a source whenever the reader wants one, and leave out older ones.

    The source runs on while the reader is slow. Raise what it raises.
    """
    waiting: list[Item] = []
    changed = asyncio.Event()

    async def keep() -> None:
        try:
            async with aclosing(source) as items:
                async for item in items:
                    waiting[:] = [item]
                    changed.set()
        finally:
            changed.set()

    work = asyncio.create_task(keep())
    try:
        while not work.done() or waiting:
            await changed.wait()
            changed.clear()
            while waiting:
                yield waiting.pop()
            await asyncio.sleep(0)  # lets the source end
        work.result()
    finally:
        await _ended(work)


async def unless_gone(request: Request, work: Coroutine[Any, Any, Item]) -> Item:
    """Return the result of the work. Cancel it and raise `ClientDisconnect` if the client leaves.

    The body of the request must have been read.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        await _ended(leaving)
        await _ended(working)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _ended(task: "asyncio.Future[Any]") -> None:
    """Cancel a task, and wait until it has ended."""
    task.cancel()
    await asyncio.wait({task})
