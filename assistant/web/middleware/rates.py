"""Rate limits, which count the requests of each client by its address."""

import math
import re
import time
from typing import Protocol

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.errors import StorageError
from assistant.extras import importing
from assistant.settings import Settings
from assistant.web.middleware.request_facts import client_of, path_below
from assistant.web.problems import Problem, respond

# files and health probes
NOT_COUNTED = re.compile(
    r"/(?:healthz|readyz|metrics|robots\.txt|widget\.js)"
    r"|(?:/widget)?/(?:theme\.css|favicon\.ico)"
    r"|(?:/widget)?/(?:assets|static|chat|docs)/.+"
)


class Rate(Protocol):
    """A limit for each client, counted in one place."""

    limit: str

    def take(self, client: str) -> int:
        """Count a request of a client. Return the seconds to wait if it exceeds the limit, else 0."""
        ...


class OwnRate:
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


def open_rate(settings: Settings, name: str, limit: str) -> Rate:
    """Return a limit that this server counts, or all servers over the Redis or database of the settings.

    ``name`` says what is counted.
    """
    if settings.limits_redis is not None:
        with importing("redis"):
            from assistant.web.middleware.redis_rates import RedisRate  # redis is an extra

        return RedisRate(settings.limits_redis.get_secret_value(), name, limit)
    if settings.database is None:
        return OwnRate(limit)
    with importing("postgres"):
        from assistant.web.middleware.shared_rates import SharedRate  # psycopg is an extra

    return SharedRate(settings.database.get_secret_value(), name, limit)


class RateLimit:
    """ASGI middleware that refuses the requests of clients that send too many."""

    def __init__(self, app: ASGIApp, rate: Rate | None) -> None:
        self._app = app
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse a request. Requests for static files are not counted."""
        if (
            self._rate is None
            or scope["type"] != "http"
            or NOT_COUNTED.fullmatch(path_below(scope))
        ):
            await self._app(scope, receive, send)
            return
        try:
            wait = await self._take(self._rate, client_of(scope))
        except StorageError as error:
            await respond(scope, Problem(503, str(error)))(scope, receive, send)
            return
        if not wait:
            await self._app(scope, receive, send)
            return
        unit = "second" if wait == 1 else "seconds"
        detail = f"Too many requests. The limit is {self._rate.limit}. Try again in {wait} {unit}."
        problem = Problem(429, detail, headers={"retry-after": str(wait)})
        await respond(scope, problem)(scope, receive, send)

    async def _take(self, rate: Rate, client: str) -> int:
        if isinstance(rate, OwnRate):
            return rate.take(client)
        return await run_in_threadpool(rate.take, client)  # it waits for the database
