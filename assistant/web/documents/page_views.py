"""The pages of PDFs and pictures as they are printed, with a passage marked and text to select.

The browser gets a picture that is drawn from a file whose bytes are those that were indexed, and over
it the words of the document's text where they are printed. It gets nothing of the file itself.
"""

import base64
import hashlib
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.ingestion.formats import UnreadableFileError
from assistant.types import Document
from assistant.web.documents.originals import CHANGED, GONE, original_address
from assistant.web.documents.page_addresses import Passage, number_of, page_address, passage_in
from assistant.web.documents.page_drawer import PageDrawer
from assistant.web.documents.page_sheets import PageView, has_pages, view_pages, why_not_drawn
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

DRAWING_VERSION = 1
"""Raise this when the same page would be drawn in another way: browsers keep pictures by it."""
ZOOMS = (50, 75, 100, 125, 150, 200, 300)
_STYLE = (
    "html{color-scheme:light dark;background:Canvas;color:CanvasText}a{color:inherit}"
    "body{margin:0 auto;max-width:70rem;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.2rem;margin:.7rem 0 0}main{overflow-x:auto}"
    "nav{display:flex;flex-wrap:wrap;align-items:center;gap:.4rem;padding:.7rem 0;font-size:.85rem}"
    "nav a{border:1px solid #888;border-radius:999px;padding:.2rem .8rem;text-decoration:none}"
    "nav a[aria-current]{outline:1px solid #888}nav span{padding:0 .4rem}"
    "svg{display:block;height:auto;margin:0 auto 1rem;outline:1px solid #888;outline-offset:-1px;background:#fff}"
    ".marks rect{fill:#ffe26e;mix-blend-mode:multiply}text{fill:transparent;white-space:pre}"
    "text::selection{background:#2563eb55}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICY = f"default-src 'none'; img-src 'self'; style-src 'sha256-{_STYLE_HASH}'; {_CLOSED}"


def page_routes(assistant: "Assistant", drawer: PageDrawer) -> APIRouter:
    """Return the routes ``/page`` and ``/page.png``, with ``?document=&page=&start=&end=``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/page", response_class=HTMLResponse)
    def show_page(
        document: str = "", page: str = "", start: str = "", end: str = "", zoom: str = ""
    ) -> Response:
        indexed = _find(assistant, document, page)
        if isinstance(indexed, Response):
            return indexed
        passage = passage_in(indexed, start, end)
        percent = next((one for one in ZOOMS if one == number_of(zoom)), 0)
        try:
            view = view_pages(indexed, drawer, number_of(page), passage, percent)
        except UnreadableFileError as error:
            return _not_drawn(error)
        if view is None:
            return PlainTextResponse(CHANGED, status_code=404)
        rendered = _render_page(indexed, view, passage, percent)
        return HTMLResponse(rendered, headers={"content-security-policy": _POLICY})

    @router.get("/page.png")
    def draw_page(request: Request, document: str = "", page: str = "1") -> Response:
        indexed = _find(assistant, document, page)
        if isinstance(indexed, Response):
            return indexed
        headers = {
            "cache-control": "private, no-cache",
            "content-security-policy": "default-src 'none'",
            "etag": f'"{indexed.sha256}-{page}-{DRAWING_VERSION}"',
        }
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        try:
            drawn = drawer.draw(indexed, number_of(page) or 1)
        except UnreadableFileError as error:
            return _not_drawn(error)
        if drawn is None:
            return PlainTextResponse(CHANGED, status_code=404)
        return Response(drawn.image, media_type="image/png", headers=headers)

    return router


def _render_page(document: Document, view: PageView, passage: Passage | None, percent: int) -> str:
    now = percent or 100
    template = templates_of("assistant.web.documents").get_template("page.html")
    return template.render(
        t=load_strings("chat"),
        document=document,
        style=_STYLE,
        view=view,
        percent=percent,
        smaller=max((zoom for zoom in ZOOMS if zoom < now), default=now),
        larger=min((zoom for zoom in ZOOMS if zoom > now), default=now),
        named=view.first if view.first == view.last else None,
        address=lambda number, zoom: page_address(document, number, passage, zoom),
        original=original_address(document),
    )


def _find(assistant: "Assistant", document_id: str, page: str) -> Document | Response:
    """Return a document that has pages, and this one if any is named, or why there is none."""
    try:
        document = assistant.document(document_id)
    except DocumentNotFoundError:
        return PlainTextResponse(GONE, status_code=404)
    except AssistantError as error:
        return PlainTextResponse(str(error), status_code=503)
    number = number_of(page) if page else 1
    if has_pages(document) and number and number <= len(document.page_starts):
        return document
    return PlainTextResponse("There is no such page.", status_code=404)


def _not_drawn(error: UnreadableFileError) -> Response:
    return PlainTextResponse(why_not_drawn(error), status_code=503)
