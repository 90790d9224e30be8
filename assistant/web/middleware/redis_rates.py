"""Count the requests of each client in Redis, for all servers that name the same one."""

import hashlib
import math
import time
from urllib.parse import urlsplit

import redis  # noqa: F401  # `limits` imports it late, without the name of the extra
from limits import parse
from limits.errors import StorageError as LimitsError
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.errors import SettingsError, StorageError

_SECONDS = 5


class RedisRate:
    """A limit for each client, such as ``120/minute``, that several servers count together.

    ``name`` says what is counted. A client is stored as a hash, until the period has passed.
    """

    def __init__(self, address: str, name: str, limit: str) -> None:
        self.limit = limit
        self._item, self._name = parse(limit), name
        parts = urlsplit(address)
        if parts.scheme not in ("redis", "rediss", "redis+unix"):
            raise SettingsError(
                "ASSISTANT_LIMITS_REDIS is not an address such as redis://host:6379."
            )
        self._location = f"{parts.scheme}://{parts.hostname or parts.path}"
        storage = RedisStorage(
            address,
            wrap_exceptions=True,
            socket_timeout=_SECONDS,
            socket_connect_timeout=_SECONDS,
        )
        self._limiter = MovingWindowRateLimiter(storage)

    def take(self, client: str) -> int:
        """Count a request of a client. Return the seconds to wait if it exceeds the limit, else 0.

        This waits for Redis. Raise `StorageError` if it cannot be used.
        """
        counted = hashlib.sha256(f"{self._name} {client}".encode()).hexdigest()
        try:
            if self._limiter.hit(self._item, self._name, counted):
                return 0
            reset = self._limiter.get_window_stats(self._item, self._name, counted).reset_time
        except LimitsError as error:
            raise StorageError(
                f"The Redis at {self._location} cannot be used: {error.__cause__ or error}. "
                "Start it, or correct ASSISTANT_LIMITS_REDIS."
            ) from error
        return max(1, math.ceil(reset - time.time()))
