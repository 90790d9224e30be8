"""JSON bodies of the APIs, read with limits on their shape.

A body of four megabytes can hold a million objects or keys. To check each, and to list the faults
of each, would block the server for many seconds.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

MAX_KEYS = 64
MAX_OBJECTS = 4000
"""Also the number of list items. An answer with 100 citations and their closest passages has some hundred objects."""

MAX_MARKS = 100_000
"""Signs of lists and keys in the bytes, also those in texts. To parse as many takes 50 ms."""


class BoundedRoute(APIRoute):
    """A route that refuses JSON with too many objects, list items or keys."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler, which reads the body with these limits."""
        handle = super().get_route_handler()

        async def bounded(request: Request) -> Response:
            return await handle(_BoundedRequest(request.scope, request.receive))

        return bounded


class _BoundedRequest(Request):
    async def json(self) -> Any:
        body = await self.body()
        if body.count(b"[") > MAX_MARKS or body.count(b'":') > MAX_MARKS:
            raise HTTPException(422, f"The body has more than {MAX_MARKS:,} lists or keys.")
        parsed = json.loads(body, object_pairs_hook=_Counter().count)
        _check_lists(parsed)
        return parsed


def _check_lists(parsed: Any) -> None:
    """Refuse a list with too many items. Each of them could be a fault that is to be listed."""
    waiting, seen = [parsed], 0
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            seen += len(item)
            if seen > MAX_OBJECTS:
                raise HTTPException(422, f"The body has more than {MAX_OBJECTS:,} list items.")
            waiting.extend(item)


class _Counter:
    def __init__(self) -> None:
        self._objects = 0

    def count(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise HTTPException(422, f"The body has more than {MAX_OBJECTS:,} objects.")
        if len(pairs) > MAX_KEYS:
            raise HTTPException(422, f"An object of the body has more than {MAX_KEYS} keys.")
        return dict(pairs)
