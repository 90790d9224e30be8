"""Reverse proxies: whose word about the client's address is taken, and where they show the server."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_TOLD_BY_PROXIES = (b"forwarded", b"x-real-ip", b"x-gradio-server")


class TrustedProxies:
    """ASGI middleware: client and scheme as a trusted proxy tells them.

    Of everybody else such headers are taken away, so that nothing further in believes them.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._believing = ProxyHeadersMiddleware(app, list(trusted))  # type: ignore[arg-type]
        self._trusted = [ip_network(proxy) for proxy in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, with the client's own address in its scope."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif self._is_trusted(scope):
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
        else:
            headers = [pair for pair in scope["headers"] if not _is_told_by_proxies(pair[0])]
            await self._app({**scope, "headers": headers}, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ip_address(scope["client"][0])
        except (TypeError, ValueError):
            return False
        return any(address in network for network in self._trusted)


class RootPath:
    """ASGI middleware: the path below which a reverse proxy shows the server.

    The proxy may take the path away or leave it. Where the server or a mount says one itself,
    that one counts.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, with the path in its scope."""
        if self._root_path and scope["type"] != "lifespan" and not scope.get("root_path"):
            scope = {**scope, "root_path": self._root_path}
            if not f"{scope['path']}/".startswith(f"{self._root_path}/"):
                # ASGI has the whole path here; what Starlette mounts is not found otherwise
                scope["path"] = self._root_path + scope["path"]
                raw = scope.get("raw_path")
                scope["raw_path"] = raw and self._root_path.encode() + raw
        await self._app(scope, receive, send)


def _is_told_by_proxies(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in _TOLD_BY_PROXIES
