"""The chat's page: the parts of Gradio that it needs, our files in its head, its content policy.

The page is served twice. At ``/`` it has a window of its own, and no site may frame it. At
``/widget`` it has a compact form, which the allowed sites may frame.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.chat.labels import with_labels
from assistant.web.middleware.request_facts import path_below
from assistant.web.strings import load_strings
from assistant.web.templates import language_attributes, templates_of

# All that Gradio serves: the page, its files, and an id that tells whether the server restarted.
# Gradio receives no data, and its endpoints do not exist here (see `assistant.web.chat.doorway`).
NEEDED = re.compile(
    r"/|/theme\.css|/favicon\.ico|/robots\.txt|/(?:assets|static)/[\w./-]+|/gradio_api/app_id"
)
READS = ("GET", "HEAD")

# Gradio's gr.HTML compiles its template with Function(), which needs 'unsafe-eval'. Its components
# have style attributes, which need 'unsafe-inline'. Only hashes allow inline scripts.
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' {scripts}; style-src 'self' "
    "'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors {ancestors}"
)

_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
_GRADIO_META = re.compile(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*/>')
_LANGUAGE = re.compile(r"""lang=["'][\w-]*["']""")
COMPACT_PAGE = "/widget"
SCRIPT_STRINGS: dict[str, tuple[str, ...]] = {
    "base.js": (),
    "pages.js": (),
    "source.js": ("link_copied", "server_away", "shown_on_page"),
    "uploads.js": (
        "added",
        "added_pages",
        "adding",
        "left_out",
        "not_added",
        "readable_kinds",
        "remove",
        "remove_really",
        "server_away",
        "sending",
        "unreadable_kind",
    ),
    "conversations.js": (
        "close",
        "conversations",
        "conversations_hint",
        "delete",
        "export_all",
        "export_one",
        "exported",
        "new_conversation",
        "no_conversation_found",
        "no_conversations",
        "rename",
        "search_conversations",
        "server_away",
        "storage_full",
        "theme",
        "theme_auto",
        "theme_dark",
        "theme_light",
    ),
    "suggestions.js": ("suggestions",),
    "away.js": ("away_asking", "server_away"),
    "chat.js": (
        "answer_copied",
        "ask",
        "cancel",
        "comment_removed",
        "comment_saved",
        "downloaded",
        "edit_question",
        "feedback_removed",
        "feedback_saved",
        "reading",
        "too_long",
    ),
}
"""The scripts of the page, in the order in which they run, and the texts that each one shows."""
EMBEDDED_STRINGS = ("contact",)
"""The texts of ``embedded.js``."""


class OnlyTheChat:
    """ASGI middleware before Gradio that passes on only what the chat's page needs.

    ``embedders`` are the other origins that may frame the compact page. With ``can_add``, readers
    can add documents in the page.
    """

    def __init__(
        self, app: ASGIApp, embedders: Sequence[str] = (), *, can_add: bool = False
    ) -> None:
        self._app = app
        self._can_add = can_add
        self._embedders = tuple(embedders)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request. Gradio's page uses no websockets."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        root = scope.get("root_path", "")
        path = path_below(scope)
        scope = {
            **scope,
            "query_string": b"",
        }  # Gradio's page reads parameters that are not used here
        if scope["type"] == "http" and scope["method"] == "GET" and path in ("/", COMPACT_PAGE):
            # Gradio has one page, and takes its address for the root of everything else
            home = {"path": f"{root}/", "raw_path": f"{root}/".encode()}
            await self._page({**scope, **home}, receive, send, compact=path == COMPACT_PAGE)
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
        """Serve the chat's page, with our files in its head and a policy for its scripts."""
        # uncompressed, so that it can be read here
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
            embedders = self._embedders if compact else None
            page, policy = prepare_page(body.decode(), embedders, can_add=self._can_add)
            headers = MutableHeaders(raw=list(started["headers"]))
            headers["content-length"] = str(len(page.encode()))
            headers["content-security-policy"] = policy
            headers["cache-control"] = "no-store"
            started["headers"] = headers.raw
            await send(started)
            await send({"type": "http.response.body", "body": page.encode()})

        await self._app(scope, receive, collect)


def prepare_page(
    page: str, embedders: Sequence[str] | None = None, *, can_add: bool = False
) -> tuple[str, str]:
    """Return Gradio's page with the chat's files in its head, and a policy for it.

    With ``embedders``, return the compact page, which these origins may frame. Otherwise no site
    may frame the page. With ``can_add``, readers can add documents in it.
    """
    texts = load_strings("chat")
    head = (
        templates_of("assistant.web.chat")
        .get_template("head.html")
        .render(
            scripts=[
                (name, texts.to_json(keys))
                for name, keys in SCRIPT_STRINGS.items()
                if can_add or name != "uploads.js"
            ],
            is_compact=embedders is not None,
            origins=json.dumps(list(embedders or ())),
            embedded_strings=texts.to_json(EMBEDDED_STRINGS),
        )
    )
    ancestors = "'none'" if embedders is None else frame_ancestors(embedders)
    page = _GRADIO_META.sub("", page).replace("</head>", f"{head}</head>", 1)
    page = _LANGUAGE.sub(str(language_attributes()), with_labels(page), count=1)
    return page, POLICY.format(scripts=script_hashes(page), ancestors=ancestors)


def script_hashes(page: str) -> str:
    """Return the sources for ``script-src`` that allow the inline scripts of a page."""
    return " ".join(
        f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
        for script in _INLINE_SCRIPT.findall(page)
    )


def frame_ancestors(embedders: Sequence[str]) -> str:
    """Return the sources for ``frame-ancestors`` of a page that sites may embed."""
    return " ".join(("'self'", *embedders))
