"""Connect to the web: only to addresses that were checked, and not past a deadline."""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from assistant.ingestion.sources.addresses import Resolve, checked_addresses

_ADDRESSES_TRIED = 3


class CheckedBackend(httpcore.NetworkBackend):
    """Connect only to addresses that were checked, and let no exchange go on past its deadline."""

    def __init__(self, private_allowed: bool, resolve: Resolve) -> None:
        self._private_allowed, self._resolve = private_allowed, resolve
        self._backend = httpcore.SyncBackend()
        self.deadline = 0.0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first checked address of a host that answers."""
        addresses = checked_addresses(host, port, self._private_allowed, self._resolve)
        failed: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:_ADDRESSES_TRIED]:
            try:
                stream = self._backend.connect_tcp(address, port, timeout, local_address)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self)
        assert failed is not None
        raise failed


@dataclass(slots=True)
class _TimedStream(httpcore.NetworkStream):
    _stream: httpcore.NetworkStream
    _backend: CheckedBackend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read as long as there is time."""
        return self._stream.read(max_bytes, self._left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write as long as there is time."""
        self._stream.write(buffer, self._left(timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Return an encrypted connection; the certificate must be of the host that was asked for."""
        stream = self._stream.start_tls(ssl_context, server_hostname, self._left(timeout))
        return _TimedStream(stream, self._backend)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection knows of itself."""
        return self._stream.get_extra_info(info)

    def _left(self, timeout: float | None) -> float:
        left = self._backend.deadline - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return min(left, timeout or left)
