"""Reverse proxies: which of them to trust, and under which path they serve the application."""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

Address = IPv4Address | IPv6Address
_SET_BY_PROXIES = (b"forwarded", b"x-real-ip", b"x-gradio-server")


class TrustedProxies:
    """ASGI middleware that takes client, scheme and host from the headers of trusted proxies.

    Such headers are removed afterwards, so that no later code trusts them, whoever sent them.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusted = [ip_network(proxy) for proxy in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the client's own address in its scope."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = [pair for pair in scope["headers"] if not _is_set_by_proxies(pair[0])]
        named = {**scope, "headers": headers}
        peer = address_in(scope["client"][0]) if scope.get("client") else None
        if peer is not None and self._is_trusted(peer):
            forwarded = Headers(scope=scope)
            named["client"] = (str(self._client(peer, forwarded)), 0)
            if (scheme := _last(forwarded, "x-forwarded-proto").lower()) in ("http", "https"):
                named["scheme"] = scheme
            if host := _last(forwarded, "x-forwarded-host"):
                others = [pair for pair in headers if pair[0] != b"host"]
                named["headers"] = [(b"host", host.encode("latin-1")), *others]
        await self._app(named, receive, send)

    def _client(self, peer: Address, headers: Headers) -> Address:
        """Return the nearest address that is not a trusted proxy.

        What stands before it was written by the client. The proxy itself counts as the client if
        it names no valid address.
        """
        for text in reversed(_listed(headers, "x-forwarded-for")):
            address = address_in(text)
            if address is None:
                return peer
            peer = address
            if not self._is_trusted(address):
                return address
        return peer

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def address_in(text: str) -> Address | None:
    """Return the IP address that a text holds, without its port, brackets and zone, if it is one."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address


def _listed(headers: Headers, name: str) -> list[str]:
    """Return the values of a header that may occur several times, each with several values."""
    lines: Iterable[str] = headers.getlist(name)
    return [value.strip() for line in lines for value in line.split(",")]


def _last(headers: Headers, name: str) -> str:
    return (_listed(headers, name) or [""])[-1]


class RootPath:
    """ASGI middleware that sets the path under which a reverse proxy serves the application.

    The proxy may remove the path or keep it. A root path set by the server or a mount takes
    precedence.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the root path in its scope."""
        if self._root_path and scope["type"] != "lifespan" and not scope.get("root_path"):
            scope = {**scope, "root_path": self._root_path}
            if not f"{scope['path']}/".startswith(f"{self._root_path}/"):
                # ASGI expects the whole path here, and Starlette's mounts need it
                scope["path"] = self._root_path + scope["path"]
                raw = scope.get("raw_path")
                scope["raw_path"] = raw and self._root_path.encode() + raw
        await self._app(scope, receive, send)


def _is_set_by_proxies(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in _SET_BY_PROXIES
