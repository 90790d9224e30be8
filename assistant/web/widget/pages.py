"""The widget's routes: its script, a demo page, and a probe that reports whether a site may use it.

The widget's frame holds the chat's page in a compact form (see `assistant.web.chat.page`).
"""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of
from assistant.web.widget.demo import Article, article_of
from assistant.web.widget.snippet import POSITIONS, THEMES, WIDGET_OFF

if TYPE_CHECKING:
    from assistant.assistant import Assistant

FOLDER = Path(str(files("assistant.web.widget")))
SCRIPT_STRINGS = ("away", "close", "heading", "opening")
PROBE_STRINGS = ("needs_password", "no_origin", "not_allowed")
DEMO_STRINGS = ("answer_event", "copied", "selected")
"""The texts that each script shows."""
SCRIPT_SECONDS = 300  # how long browsers cache the script
# allows only what the documentation asks of embedding sites with a strict policy
DEMO_POLICY = (
    "default-src 'none'; script-src 'self'; frame-src 'self'; style-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PROBE_POLICY = (
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
)


def widget_routes(assistant: "Assistant") -> APIRouter:
    """Return the routes of the widget. With a chat password they include ``/widget``."""
    router = APIRouter(include_in_schema=False)
    settings = assistant.settings
    off = settings.chat_password is not None
    templates = templates_of("assistant.web.widget")
    texts = load_strings("widget")

    @router.get("/widget.js")
    def script() -> Response:
        headers = {
            "cache-control": f"public, max-age={SCRIPT_SECONDS}",
            "cross-origin-resource-policy": "cross-origin",
        }
        return Response(widget_script(), media_type="text/javascript", headers=headers)

    def probe(page: str) -> HTMLResponse:
        allowed = json.dumps(settings.allowed_origins)
        rendered = templates.get_template("probe.html").render(
            allowed=allowed, off=off, page=page, strings=texts.to_json(PROBE_STRINGS)
        )
        headers = {"content-security-policy": PROBE_POLICY, "cache-control": "no-store"}
        return HTMLResponse(rendered, headers=headers)

    @router.get("/widget/probe", response_class=HTMLResponse)
    def probe_page() -> HTMLResponse:
        return probe("probe")

    if off:

        @router.get("/widget", response_class=HTMLResponse)
        def off_page() -> HTMLResponse:
            return probe("widget")

    @router.get("/widget/demo", response_class=HTMLResponse)
    def demo(document: str = "") -> HTMLResponse:
        article, problem, status = _article(assistant, document)
        rendered = templates.get_template("demo.html").render(
            t=texts,
            strings=texts.to_json(DEMO_STRINGS),
            article=article,
            problem=WIDGET_OFF if off else problem,
            off=off,
            positions=POSITIONS,
            themes=THEMES,
        )
        headers = {"content-security-policy": DEMO_POLICY, "cache-control": "no-store"}
        return HTMLResponse(rendered, headers=headers, status_code=status)

    return router


@cache
def widget_script() -> str:
    """Return ``widget.js`` with its texts, so that a page loads one file."""
    script = (FOLDER / "static/widget.js").read_text("utf-8")
    texts = load_strings("widget").to_json(SCRIPT_STRINGS)
    return script.replace("TEXTS = {}; // filled in by the server", f"TEXTS = {texts};", 1)


def _article(assistant: "Assistant", document_id: str) -> tuple[Article | None, str, int]:
    """Return the document to show as an article, or the reason for its absence, and the status."""
    try:
        documents = assistant.documents()
        if not documents:
            return None, load_strings("chat")("nothing_ingested"), 200
        return article_of(assistant.document(document_id or documents[0].id)), "", 200
    except DocumentNotFoundError:
        return None, load_strings("widget")("no_such_document"), 404
    except AssistantError as error:
        return None, str(error), 503
