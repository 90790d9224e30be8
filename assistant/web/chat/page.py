"""The chat's page: what of Gradio can be called, our files in its head, and its content policy.

The same page is served twice: at ``/`` for a window of its own, where nothing may frame it, and
at ``/widget``, in a compact form, for the frames of the sites that may embed it.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence

from markupsafe import Markup
from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.middleware.request_facts import path_below
from assistant.web.strings import load_strings

# All that is asked of Gradio: the page, its files, and whether the server is still the same.
# Nothing is sent to it (see `assistant.web.chat.doorway`); its endpoints do not exist here.
NEEDED = re.compile(
    r"/|/theme\.css|/favicon\.ico|/robots\.txt|/(?:assets|static)/[\w./-]+|/gradio_api/app_id"
)
READS = ("GET", "HEAD")

# Gradio's gr.HTML makes its template with Function(): 'unsafe-eval'. Its components carry style
# attributes: 'unsafe-inline' for styles. Inline scripts are allowed by their hashes alone.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}"
)

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_GRADIO_META = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*/>')
COMPACT_PAGE = "/widget"
SCRIPT_STRINGS = (
    "answer_copied",
    "ask",
    "cancel",
    "comment_removed",
    "comment_saved",
    "downloaded",
    "edit_question",
    "feedback_removed",
    "feedback_saved",
    "link_copied",
    "reading",
    "server_away",
    "shown_on_page",
)
"""The texts that ``chat.js`` shows."""
HEAD = (
    '<link rel="icon" href="favicon.ico"><link rel="stylesheet" href="chat/chat.css">'
    '<script defer src="chat/chat.js" data-strings="{strings}"></script>'
)


COMPACT_HEAD = (
    '<link rel="stylesheet" href="widget/static/embedded.css">'
    '<script src="widget/static/storage.js"></script>'
    '<script defer src="widget/static/embedded.js" data-origins="{origins}"></script>'
)


class OnlyTheChat:
    """ASGI middleware before Gradio: lets through what the chat's page needs, and nothing else.

    ``embedders`` are the origins that may frame the compact page, besides its own.
    """

    def __init__(self, app: ASGIApp, embedders: Sequence[str] = ()) -> None:
        self._app = app
        self._embedders = tuple(embedders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request; Gradio has no websockets of its own."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        path = path_below(scope)
        scope = {**scope, "query_string": b""}  # Gradio's page takes more from it than is sent here
        if scope["type"] == "http" and scope["method"] == "GET" and path in ("/", COMPACT_PAGE):
            # Gradio knows one page, and takes its address for the root of everything else
            there = {"path": f"{root}/", "raw_path": f"{root}/".encode()}
            await self._page({**scope, **there}, receive, send, compact=path == COMPACT_PAGE)
        elif (
            scope["type"] != "http"
            or scope["method"] not in READS
            or not NEEDED.fullmatch(path)
            or ".." in path
        ):
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _page(self, scope: Scope, receive: Receive, send: Send, compact: bool) -> None:
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
            page, policy = prepare_page(body.decode(), self._embedders if compact else None)
            headers = MutableHeaders(raw=list(started["headers"]))
            headers["content-length"] = str(len(page.encode()))
            headers["content-security-policy"] = policy
            headers["cache-control"] = "no-store"
            started["headers"] = headers.raw
            await send(started)
            await send({"type": "http.response.body", "body": page.encode()})

        await self._app(scope, receive, collect)


def prepare_page(page: str, embedders: Sequence[str] | None = None) -> tuple[str, str]:
    """Gradio's page with the chat's files in its head, and the policy that fits it.

    With ``embedders``, the compact page that these origins may frame; without, nobody may.
    """
    strings = load_strings("chat").to_json(SCRIPT_STRINGS)
    head, ancestors = Markup(HEAD).format(strings=strings), "'none'"  # noqa: S704
    if embedders is not None:
        head += Markup(COMPACT_HEAD).format(origins=json.dumps(list(embedders)))  # noqa: S704
        ancestors = frame_ancestors(embedders)
    page = _GRADIO_META.sub("", page).replace("</head>", f"{head}</head>", 1)
    return page, POLICY.format(scripts=script_hashes(page), ancestors=ancestors)


def script_hashes(page: str) -> str:
    """The sources of the directive ``script-src`` that allow the inline scripts of a page."""
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )


def frame_ancestors(embedders: Sequence[str]) -> str:
    """The sources of the directive ``frame-ancestors`` for pages that sites may embed."""
    return " ".join(("'self'", *embedders))
