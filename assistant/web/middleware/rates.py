"""Rate limits, which count the requests of each client by its address."""

import math
import re
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.middleware.request_facts import client_of, path_below
from assistant.web.problems import Problem, respond

# files and health probes
NOT_COUNTED = re.compile(
    r"/(?:healthz|readyz|metrics|robots\.txt|widget\.js)"
    r"|(?:/widget)?/(?:theme\.css|favicon\.ico)"
    r"|(?:/widget)?/(?:assets|static|chat|docs)/.+"
)


class Rate:
    """A limit for each client, such as ``120/minute``, in every period of that length."""

    def __init__(self, limit: str) -> None:
        self.limit = limit
        self._item = parse(limit)
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def take(self, client: str) -> int:
        """Count a request of a client. Return the seconds to wait if it exceeds the limit, else 0."""
        if self._limiter.hit(self._item, client):
            return 0
        reset = self._limiter.get_window_stats(self._item, client).reset_time
        return max(1, math.ceil(reset - time.time()))


class RateLimit:
    """ASGI middleware that refuses the requests of clients that send too many."""

    def __init__(self, app: ASGIApp, limit: str | None) -> None:
        self._app = app
        self._rate = Rate(limit) if limit else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse a request. Requests for static files are not counted."""
        if (
            self._rate is None
            or scope["type"] != "http"
            or NOT_COUNTED.fullmatch(path_below(scope))
        ):
            await self._app(scope, receive, send)
            return
        wait = self._rate.take(client_of(scope))
        if not wait:
            await self._app(scope, receive, send)
            return
        unit = "second" if wait == 1 else "seconds"
        detail = f"Too many requests. The limit is {self._rate.limit}. Try again in {wait} {unit}."
        problem = Problem(429, detail, headers={"retry-after": str(wait)})
        await respond(scope, problem)(scope, receive, send)
