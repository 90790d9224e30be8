"""Limits on the size of requests, and the security headers of responses."""

import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.middleware.request_facts import path_below
from assistant.web.problems import Problem, is_json, respond

MAX_REQUEST_BYTES = 4_000_000
MAX_HEAD_BYTES = 32 * 1024
MAX_HEAD_LINES = 100
LARGE_HEAD = Problem(
    431,
    f"The head of the request is too large. The limit is {MAX_HEAD_BYTES:,} bytes "
    f"and {MAX_HEAD_LINES} lines.",
    code="head_too_large",
)
MAX_FORM_BYTES = 20_000
"""For a body that is not JSON, which can only be the form of the sign-in page."""

_UPLOAD = re.compile(r"(?:/api/v1)?/uploads/[^/]+")

HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}
"""Headers of every response, unless a route sets its own value.

``x-frame-options`` cannot list sites, so it is sent only if the policy forbids all framing.
"""


class Guard:
    """ASGI middleware that limits the size of requests and adds the security headers.

    ``upload_bytes`` is the limit of a document that a reader adds. It is 0 if none may be added.
    """

    def __init__(self, app: ASGIApp, upload_bytes: int = 0) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve an HTTP request. Pass anything else on unchanged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        length = Headers(scope=scope).get("content-length", "0")
        sending = _with_headers(send)
        if _has_large_head(scope):
            await respond(scope, LARGE_HEAD)(scope, receive, sending)
            return
        limit = MAX_REQUEST_BYTES if is_json(Headers(scope=scope)) else MAX_FORM_BYTES
        if scope["method"] == "PUT" and _UPLOAD.fullmatch(path_below(scope)):
            limit = max(limit, self._upload_bytes)
        if not length.isdecimal() or int(length) > limit:
            await respond(scope, _too_large(limit))(scope, receive, sending)
        else:
            await _Limited(self._app, scope, receive, sending, limit).serve()


def _too_large(limit: int) -> Problem:
    return Problem(413, f"The request is too large. The limit is {limit:,} bytes.")


def _has_large_head(scope: Scope) -> bool:
    headers = scope["headers"]
    size = len(scope.get("raw_path") or b"") + len(scope.get("query_string", b""))
    size += sum(len(name) + len(value) for name, value in headers)
    return len(headers) > MAX_HEAD_LINES or size > MAX_HEAD_BYTES


class _Limited:
    """A request that is refused once its body exceeds the limit, whatever its header announced."""

    def __init__(
        self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, limit: int
    ) -> None:
        self._app, self._scope, self._receive, self._send = app, scope, receive, send
        self._limit = limit
        self._received = 0
        self._started = False

    async def serve(self) -> None:
        try:
            await self._app(self._scope, self._receiving, self._sending)
        except ClientDisconnect:
            if not self._too_large:
                raise
        if self._too_large and not self._started:
            refused = respond(self._scope, _too_large(self._limit))
            await refused(self._scope, self._receive, self._send)

    @property
    def _too_large(self) -> bool:
        return self._received > self._limit

    async def _receiving(self) -> Message:
        message = await self._receive()
        self._received += len(message.get("body", b""))
        return {"type": "http.disconnect"} if self._too_large else message

    async def _sending(self, message: Message) -> None:
        # drop the application's response to half a request
        if self._started or not self._too_large:
            self._started = True
            await self._send(message)


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
