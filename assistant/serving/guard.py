"""The guard before all routes: how large a request may be, and what headers go out."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_REQUEST_BYTES = 4_000_000

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Sent with every response; a route that needs another value sends its own.

``x-frame-options`` knows no list of sites: it goes only where the policy lets nobody frame.
"""


class Guard:
    """ASGI middleware before all routes: a limit to the size of requests, and headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; what is not HTTP is passed on as it is."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
            refusal = PlainTextResponse("The request is too large.", status_code=413)
            await refusal(scope, receive, _with_headers(send))
        else:
            await self._app(scope, _limited(receive), _with_headers(send))


def _limited(receive: Receive) -> Receive:
    """Ends a request whose body grows over the limit although its header promised less."""
    received = 0

    async def limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if received > MAX_REQUEST_BYTES else message

    return limited


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            if "frame-ancestors 'none'" not in headers["content-security-policy"]:
                del headers["x-frame-options"]
            message = {**message, "headers": headers.raw}
        await send(message)

    return sending
