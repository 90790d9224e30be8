"""Compress lists and texts of documents, which are long. Responses with secrets stay as they are."""

import re

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.web.middleware.request_facts import path_below

_COMPRESSED = re.compile(r"/source|/api/v1/documents(?:/.*)?")
_SHORTEST = 1000


class Compression:
    """ASGI middleware that compresses the responses of a few routes for clients that take it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=_SHORTEST, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        is_long = scope["type"] == "http" and _COMPRESSED.fullmatch(path_below(scope))
        await (self._compressing if is_long else self._app)(scope, receive, send)
