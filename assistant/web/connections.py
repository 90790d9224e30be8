"""The connections of the server: how many each client may open, and how slowly it may use them.

uvicorn bounds none of this. A client that sends a head or a body byte by byte, or that reads
nothing of what it gets, would keep its connection and the answer behind it for ever.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_network
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.web.middleware.proxies import address_in
from assistant.web.middleware.request_facts import client_of

MAX_CONNECTIONS = 800
"""In all. A process may usually have 1,024 files open."""
MAX_CONNECTIONS_OF_A_CLIENT = 128
SECONDS_FOR_HEAD = 10.0
SECONDS_OF_SILENCE = 30.0
SECONDS_WITHOUT_PROGRESS = 10.0
"""Time within which a client must read something of what was sent to it."""
SECONDS_PER_LOOK = 10.0
LEAST_BYTES_PER_LOOK = 5_000
"""The least of a body that must arrive between two looks at it: 500 bytes a second."""
SWEEPS_EVERY = 1.0
TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"retry-after: 10\r\nconnection: close\r\n\r\nToo many connections are open."
)


class Connections:
    """The open connections. Those that are used too slowly are closed.

    The connections of ``proxies`` count in all, but not by client.
    """

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._proxies = [ip_network(proxy) for proxy in proxies]
        self._open: dict[GuardedProtocol, str] = {}
        self._by_client: dict[str, int] = {}
        self._sweeping: asyncio.TimerHandle | None = None

    def protocol(self) -> Callable[..., "GuardedProtocol"]:
        """Return what makes the protocol of each connection, as uvicorn calls it."""
        return partial(GuardedProtocol, guard=self)

    def add(self, connection: "GuardedProtocol") -> bool:
        """Count a connection. Return whether it may stay."""
        client = self._counted(connection.client)
        if len(self._open) >= MAX_CONNECTIONS:
            return False
        if client and self._by_client.get(client, 0) >= MAX_CONNECTIONS_OF_A_CLIENT:
            return False
        self._open[connection] = client
        self._by_client[client] = self._by_client.get(client, 0) + 1
        self._schedule()
        return True

    def remove(self, connection: "GuardedProtocol") -> None:
        """Forget a connection, if it was counted."""
        client = self._open.pop(connection, None)
        if client is not None:
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]

    def _counted(self, peer: tuple[str, int] | None) -> str:
        """Return the client that a connection counts for, or an empty text for a proxy."""
        address = address_in(peer[0]) if peer else None
        if address is None or any(address in network for network in self._proxies):
            return ""
        return client_of({"client": peer})

    def _schedule(self) -> None:
        if self._sweeping is None:
            loop = asyncio.get_running_loop()
            self._sweeping = loop.call_later(SWEEPS_EVERY, self._sweep)

    def _sweep(self) -> None:
        self._sweeping = None
        now = time.monotonic()
        for connection in [*self._open]:
            if connection.is_overdue(now):
                connection.abort()
        if self._open:
            self._schedule()


class GuardedProtocol(H11Protocol):
    """uvicorn's protocol, which notices how fast a client sends and reads."""

    def __init__(self, *args: Any, guard: Connections, **options: Any) -> None:
        super().__init__(*args, **options)
        self._guard = guard
        self._head_since: float | None = None
        self._body_since: float | None = None
        self._body_bytes = 0
        self._received_at = 0.0
        self._reading = _ReadingPace()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count the connection, or close it if there are too many."""
        counted = _CountingTransport(transport, self._reading)
        super().connection_made(counted)  # type: ignore[arg-type]
        self._head_since = self._received_at = time.monotonic()
        if not self._guard.add(self):
            transport.write(TOO_MANY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._guard.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, and note when the head and the body of a request began."""
        if self.transport.is_closing():
            return
        now = self._received_at = time.monotonic()
        if self.conn.their_state is h11.IDLE and self._head_since is None:
            self._head_since = now
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._head_since = None
        if self.conn.their_state is not h11.SEND_BODY:
            self._body_since = None
        elif self._body_since is None:
            self._body_since, self._body_bytes = now, 0
        else:
            self._body_bytes += len(data)

    def is_overdue(self, now: float) -> bool:
        """Return whether the client was too slow. Call this every second."""
        if not self._reading.is_moving(self.transport.get_write_buffer_size(), now):
            return True
        if self._head_since is not None:
            return now - self._head_since > SECONDS_FOR_HEAD
        if self._body_since is None or self.flow.read_paused:
            return False
        if now - self._received_at > SECONDS_OF_SILENCE:
            return True
        if now - self._body_since <= SECONDS_PER_LOOK:
            return False
        is_slow = self._body_bytes < LEAST_BYTES_PER_LOOK
        self._body_since, self._body_bytes = now, 0
        return is_slow

    def abort(self) -> None:
        """Close the connection without waiting for what the client has not read."""
        self.transport.abort()


class _ReadingPace:
    """How much was written to a client, and when it last read something of it."""

    def __init__(self) -> None:
        self.written = 0
        self._read = 0
        self._moved: float | None = None

    def is_moving(self, left: int, now: float) -> bool:
        """Return whether the client has read something lately, or has nothing to read."""
        read = self.written - left
        if left == 0 or read > self._read or self._moved is None:
            self._read, self._moved = read, now
        return now - self._moved <= SECONDS_WITHOUT_PROGRESS


class _CountingTransport:
    """A transport that counts what is written to it."""

    def __init__(self, transport: asyncio.Transport, reading: _ReadingPace) -> None:
        self._transport = transport
        self._reading = reading

    def write(self, data: bytes) -> None:
        self._reading.written += len(data)
        self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
