"""Fetch addresses of the web politely and within limits; each a few seconds after the other.

Each host is asked at an address that was checked just before, one request at a time, and only for
what its robots.txt allows.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urljoin, urlunsplit

import httpcore

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sources.addresses import Resolve, resolve
from assistant.ingestion.sources.robots import NOTHING_ALLOWED, Robots, read_robots
from assistant.ingestion.sources.urls import checked_url
from assistant.ingestion.sources.web_connections import CheckedBackend

AGENT = "assistant"
_MOST_REDIRECTS = 5
_SECONDS_OF_SILENCE = 20.0
_REDIRECTS = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_UNCHANGED = 304
_MOST_BYTES_OF_ROBOTS = 600_000


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Seconds and bytes of one response, seconds between two requests, private addresses or not."""

    seconds: float = 60.0
    max_bytes: int = 50_000_000
    pause: float = 0.5
    private_allowed: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """A response: the address it came from, its bytes, and what tells whether it has changed.

    ``is_gone`` if there is no longer such a page, ``is_unchanged`` if it is as it was known.
    """

    url: str
    content: bytes = b""
    media_type: str = ""
    charset: str = ""
    etag: str = ""
    modified: str = ""
    is_gone: bool = False
    is_unchanged: bool = False


class WebClient:
    """Fetch addresses one after the other. Use it in a ``with`` block."""

    def __init__(self, limits: WebLimits, resolve: Resolve = resolve) -> None:
        self._limits = limits
        self._backend = CheckedBackend(limits.private_allowed, resolve)
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=1,
            network_backend=self._backend,
        )
        self._robots: dict[str, Robots] = {}
        self._last_request = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.close()

    def get(
        self, url: str, etag: str = "", modified: str = "", max_bytes: int | None = None
    ) -> Fetched:
        """Return what is at an address, with redirects followed.

        ``etag`` and ``modified`` are those of the copy that is known. Raise `UnreadableFileError`
        for what cannot or may not be fetched.
        """
        most = max_bytes or self._limits.max_bytes
        for _ in range(_MOST_REDIRECTS + 1):
            place = checked_url(url)
            robots = self._robots_of(place)
            if not robots.allow(_target(place)):
                raise UnreadableFileError("the site's robots.txt does not allow it")
            response = self._request(place, _known(etag, modified), most, robots.delay)
            if response.status not in _REDIRECTS:
                return _fetched(response)
            target = urljoin(response.url, response.headers.get("location", ""))
            if place.scheme == "https" and not target.startswith("https:"):
                raise UnreadableFileError("it redirects to an address without encryption")
            url = target
        raise UnreadableFileError(f"it redirects more than {_MOST_REDIRECTS} times")

    def _robots_of(self, place: SplitResult) -> Robots:
        site = f"{place.scheme}://{place.netloc}"
        if site not in self._robots:
            self._robots[site] = self._fetched_robots(f"{site}/robots.txt")
        return self._robots[site]

    def _fetched_robots(self, url: str) -> Robots:
        """Return a site's rules: all is allowed without a file, nothing while it cannot be read."""
        for _ in range(_MOST_REDIRECTS + 1):
            place = checked_url(url)
            response = self._request(place, {}, _MOST_BYTES_OF_ROBOTS, 0.0)
            if response.status in _REDIRECTS:
                url = urljoin(url, response.headers.get("location", ""))
                continue
            if response.status == 200:
                return read_robots(response.content, AGENT)
            return Robots() if 400 <= response.status < 500 else NOTHING_ALLOWED
        return Robots()

    def _request(
        self, place: SplitResult, headers: dict[str, str], max_bytes: int, delay: float
    ) -> "_Response":
        pause = max(self._limits.pause, delay) - (time.monotonic() - self._last_request)
        if self._last_request and pause > 0:
            time.sleep(pause)
        self._backend.deadline = time.monotonic() + self._limits.seconds
        try:
            return self._exchange(place, headers, max_bytes)
        except httpcore.TimeoutException:
            raise UnreadableFileError(
                f"the site did not answer within {self._limits.seconds:g} s"
            ) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            reason = str(error) or type(error).__name__
            raise UnreadableFileError(f"it cannot be fetched: {reason}"[:300]) from None
        finally:
            self._last_request = time.monotonic()

    def _exchange(self, place: SplitResult, headers: dict[str, str], max_bytes: int) -> "_Response":
        url = urlunsplit(place._replace(fragment=""))
        sent: list[tuple[bytes | str, bytes | str]] = [
            ("Host", place.netloc),
            ("User-Agent", AGENT),
            ("Accept-Encoding", "identity"),
            *headers.items(),
        ]
        silence = min(_SECONDS_OF_SILENCE, self._limits.seconds)
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), silence)
        with self._pool.stream("GET", url, headers=sent, extensions={"timeout": timeouts}) as got:
            received = _Response(url, got.status, _headers(got.headers))
            if received.status == 200:
                if received.headers.get("content-encoding", "identity") != "identity":
                    raise UnreadableFileError("the site compresses what it was asked to send plain")
                received.content = _bounded(got.iter_stream(), max_bytes)
            return received


@dataclass(slots=True)
class _Response:
    url: str
    status: int
    headers: dict[str, str]
    content: bytes = b""


def _target(place: SplitResult) -> str:
    return f"{place.path}?{place.query}" if place.query else place.path


def _known(etag: str, modified: str) -> dict[str, str]:
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in known.items() if value}


def _headers(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _bounded(parts: Iterable[bytes], max_bytes: int) -> bytes:
    received = bytearray()
    for part in parts:
        received += part
        if len(received) > max_bytes:
            raise UnreadableFileError(f"it is larger than {max_bytes:,} bytes")
    return bytes(received)


def _fetched(response: _Response) -> Fetched:
    if response.status in _GONE:
        return Fetched(response.url, is_gone=True)
    if response.status == _UNCHANGED:
        return Fetched(response.url, is_unchanged=True)
    if response.status != 200:
        raise UnreadableFileError(f"the site answered with status {response.status}")
    media_type, _, parameters = response.headers.get("content-type", "").partition(";")
    name, _, charset = parameters.strip().partition("=")
    return Fetched(
        response.url,
        response.content,
        media_type.strip().lower(),
        charset.strip("\"' ") if name.strip().lower() == "charset" else "",
        response.headers.get("etag", ""),
        response.headers.get("last-modified", ""),
    )
