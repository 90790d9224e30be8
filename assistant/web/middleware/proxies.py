"""Reverse proxies: which of them to trust, and under which path they serve the application."""

from collections.abc import Sequence
from ipaddress import ip_address, ip_network

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

_SET_BY_PROXIES = (b"forwarded", b"x-real-ip", b"x-gradio-server")


class TrustedProxies:
    """ASGI middleware that takes client and scheme from the headers of trusted proxies.

    Such headers of other clients are removed, so that no later code trusts them.
    """

    def __init__(self, app: ASGIApp, trusted: Sequence[str]) -> None:
        self._app = app
        self._trusting = ProxyHeadersMiddleware(app, list(trusted))  # type: ignore[arg-type]
        self._trusted = [ip_network(proxy) for proxy in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request with the client's own address in its scope."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif self._is_trusted(scope):
            await self._trusting(scope, receive, send)  # type: ignore[arg-type]
        else:
            headers = [pair for pair in scope["headers"] if not _is_set_by_proxies(pair[0])]
            await self._app({**scope, "headers": headers}, receive, send)

    def _is_trusted(self, scope: Scope) -> bool:
        try:
            address = ip_address(scope["client"][0])
        except (TypeError, ValueError):
            return False
        return any(address in network for network in self._trusted)


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
