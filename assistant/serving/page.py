"""The chat's page: what of Gradio can be called, our files in its head, and its content policy."""

import base64
import hashlib
import re

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# All that the chat's page asks of Gradio. Uploads, the file server, the API, run history,
# recordings and the rest are endpoints of their own, which do not exist here.
NEEDED = re.compile(
    r"/|/theme\.css|/favicon\.ico|/robots\.txt|/(?:assets|static)/[\w./-]+"
    r"|/gradio_api/(?:queue/(?:join|data)|run/predict|cancel|reset|heartbeat/\w+|startup-events)"
)

# Gradio's gr.HTML makes its template with Function(): 'unsafe-eval'. Its components carry style
# attributes: 'unsafe-inline' for styles. Inline scripts are allowed by their hashes alone.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_GRADIO_META = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*/>')
HEAD = '<link rel="stylesheet" href="chat/chat.css"><script defer src="chat/chat.js"></script>'


class OnlyTheChat:
    """ASGI middleware before Gradio: lets through what the chat's page needs, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; Gradio has no websockets of its own."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", "")) or "/"
        if scope["type"] != "http" or not NEEDED.fullmatch(path) or ".." in path:
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
        elif path == "/" and scope["method"] == "GET":
            await self._page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The chat's page, with our files in its head and a policy for the scripts it has."""
        # uncompressed, to be read here
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]
        started: Message = {}
        body = b""

        async def collect(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                started.update(message)
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            page, policy = prepare_page(body.decode())
            headers = MutableHeaders(raw=list(started["headers"]))
            headers["content-length"] = str(len(page.encode()))
            headers["content-security-policy"] = policy
            headers["cache-control"] = "no-store"
            started["headers"] = headers.raw
            await send(started)
            await send({"type": "http.response.body", "body": page.encode()})

        await self._app(scope, receive, collect)


def prepare_page(page: str) -> tuple[str, str]:
    """Gradio's page with the chat's files in its head, and the policy that fits it."""
    page = _GRADIO_META.sub("", page).replace("</head>", f"{HEAD}</head>", 1)
    hashes = " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )
    return page, POLICY.format(scripts=hashes)
