"""The pages of a PDF as pictures, with a passage marked where it is printed.

A page is drawn in a process of its own within the limits of reading a file, and only of a file whose
bytes are those that were indexed. The browser gets a picture, and nothing of the file itself.
"""

import base64
import hashlib
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.sandbox.parent import ParsingProcess, ReadingLimits
from assistant.models.recognition import available_recogniser
from assistant.text.media_types import PDF
from assistant.types import Document
from assistant.web.documents.originals import CHANGED, GONE, open_original, original_address
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_KEPT = 32
_SECONDS = 20.0
_SECONDS_TO_WAIT = 15.0
_MAX_DIGITS = 9
_STYLE = (
    "body{margin:0 auto;max-width:70rem;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
    "img{width:100%;height:auto;border:1px solid #888}nav{display:flex;gap:1.5rem;padding:.7rem 0}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_CLOSED = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_POLICY = f"default-src 'none'; img-src 'self'; style-src 'sha256-{_STYLE_HASH}'; {_CLOSED}"


def page_routes(assistant: "Assistant") -> APIRouter:
    """Return the routes ``/page`` and ``/page.png``, with ``?document=&page=&start=&end=``."""
    router = APIRouter(include_in_schema=False)
    drawer = _PageDrawer(assistant)

    @router.get("/page", response_class=HTMLResponse)
    def show_page(document: str = "", page: str = "", start: str = "", end: str = "") -> Response:
        found = _find(assistant, document, page)
        if isinstance(found, Response):
            return found
        indexed, number = found
        rendered = templates_of("assistant.web.documents").get_template("page.html").render(
            t=load_strings("chat"),
            title=indexed.title,
            style=_STYLE,
            number=number,
            pages=len(indexed.page_starts),
            place=indexed.place_at(indexed.page_starts[number - 1]),
            picture=page_address(indexed, number, start, end, picture=True),
            before=page_address(indexed, number - 1, start, end),
            after=page_address(indexed, number + 1, start, end),
            original=original_address(indexed, indexed.page_starts[number - 1]),
        )  # fmt: skip
        return HTMLResponse(rendered, headers={"content-security-policy": _POLICY})

    @router.get("/page.png")
    def draw_page(document: str = "", page: str = "", start: str = "", end: str = "") -> Response:
        found = _find(assistant, document, page)
        if isinstance(found, Response):
            return found
        indexed, number = found
        try:
            picture = drawer.draw(indexed, number, passage_on(indexed, number, start, end))
        except UnreadableFileError as error:
            return PlainTextResponse(str(error), status_code=503)
        if picture is None:
            return PlainTextResponse(CHANGED, status_code=404)
        headers = {"cache-control": "no-store", "content-security-policy": "default-src 'none'"}
        return Response(picture, media_type="image/png", headers=headers)

    return router


def page_address(
    document: Document, number: int, start: object, end: object, *, picture: bool = False
) -> str:
    """Return the address of a page with a passage marked, as a picture or with links around it."""
    values = {"document": document.id, "page": number, "start": start, "end": end}
    return f"page{'.png' if picture else ''}?{urlencode(values)}"


def passage_on(document: Document, number: int, start: str, end: str) -> str:
    """Return the part of a passage that stands on a page; nothing if there is no such passage."""
    first, last = _number(start), _number(end)
    if first is None or last is None:
        return ""
    borders = (*document.page_starts, len(document.text))
    return document.text[max(first, borders[number - 1]) : min(last, borders[number])]


class _PageDrawer:
    """Draws one page at a time, and keeps the last ones."""

    def __init__(self, assistant: "Assistant") -> None:
        settings = assistant.settings
        self._corpus = settings.corpus
        seconds = min(_SECONDS, settings.max_reading_seconds)
        self._limits = ReadingLimits(
            seconds, settings.max_reading_megabytes, settings.max_file_bytes
        )
        self._kept: OrderedDict[tuple[str, int, str], bytes] = OrderedDict()
        self._drawing = threading.Lock()

    def draw(self, document: Document, number: int, passage: str) -> bytes | None:
        """Return the picture of a page; None if the file is not as it was indexed.

        Raise `UnreadableFileError` if the page cannot be drawn, or too many are waited for.
        """
        file = open_original(self._corpus, document)
        if file is None:
            return None
        key = (document.sha256, number, passage)
        with file:
            if not self._drawing.acquire(timeout=_SECONDS_TO_WAIT):
                raise UnreadableFileError("too many pages are being drawn; try again")
            try:
                if key not in self._kept:
                    self._kept[key] = self._drawn(file.read(), number, passage)
                self._kept.move_to_end(key)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
                return self._kept[key]
            finally:
                self._drawing.release()

    def _drawn(self, content: bytes, number: int, passage: str) -> bytes:
        """Return the picture of a page; what is not in its text is recognised in its picture."""
        with ParsingProcess(self._limits) as process:
            picture, is_marked = process.page_image(content, number, passage)
        recogniser = available_recogniser()
        if is_marked or not passage.strip() or not recogniser:
            return picture
        with ParsingProcess(self._limits, recogniser) as process:
            return process.page_image(content, number, passage)[0]


def _find(assistant: "Assistant", document_id: str, page: str) -> tuple[Document, int] | Response:
    """Return a PDF and the number of one of its pages, or why there is none."""
    try:
        document = assistant.document(document_id)
    except DocumentNotFoundError:
        return PlainTextResponse(GONE, status_code=404)
    except AssistantError as error:
        return PlainTextResponse(str(error), status_code=503)
    number = _number(page)
    is_there = number is not None and 1 <= number <= len(document.page_starts)
    if document.media_type != PDF or number is None or not is_there:
        return PlainTextResponse("There is no such page.", status_code=404)
    return document, number


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS
    return int(text) if is_number else None
