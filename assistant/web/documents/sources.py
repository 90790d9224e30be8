"""The source pane's route: the documents as escaped HTML fragments, and the passage in them."""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError, DocumentNotFoundError
from assistant.types import Document
from assistant.web.documents.originals import original_address
from assistant.web.wording import NOTHING_INGESTED

if TYPE_CHECKING:
    from assistant.assistant import Assistant

WINDOW = 120_000
"""Characters of a document that are shown at once; longer ones are read in parts."""

MAX_OFFSET_DIGITS = 12
NO_SUCH_DOCUMENT = (
    "The link names a document that is not among those indexed. It may have been renamed or "
    "removed since."
)
NO_SUCH_PASSAGE = "The link names no passage of this document."


def source_routes(assistant: "Assistant") -> APIRouter:
    """``/source`` lists the documents; with ``?document=`` it shows one, opened at a passage."""
    router = APIRouter(include_in_schema=False)

    @router.get("/source", response_class=HTMLResponse)
    def show_source(
        document: str = "", start: str = "", end: str = "", part: str = ""
    ) -> HTMLResponse:
        try:
            if document:
                return _document(assistant, document, start, end, part)
            return HTMLResponse(_documents(assistant))
        except DocumentNotFoundError:
            return _word(404, "No such document", NO_SUCH_DOCUMENT)
        except AssistantError as error:
            return _word(503, "The documents cannot be shown", str(error))

    return router


def _document(
    assistant: "Assistant", document_id: str, start: str, end: str, part: str
) -> HTMLResponse:
    document = assistant.document(document_id)
    changed = assistant.document_changed(document_id)
    if not start and not end:
        return HTMLResponse(render_document(document, None, changed, _number(part) or 0))
    first, last = _number(start), _number(end)
    if first is None or last is None or not first < last <= len(document.text):
        said = render_document(document, None, changed, problem=NO_SUCH_PASSAGE)
        return HTMLResponse(said, status_code=400)
    return HTMLResponse(render_document(document, (first, last), changed))


def render_document(
    document: Document,
    passage: tuple[int, int] | None,
    changed: bool,
    part: int = 0,
    problem: str = "",
) -> str:
    """The document's title, attribution and text as HTML, with the passage in a ``<mark>``.

    ``part`` is the offset that the shown window starts at when there is no passage.
    """
    if passage:
        # never more than a window around the passage, and never cut inside it
        begin = max(0, passage[0] - WINDOW // 2) if len(document.text) > WINDOW else 0
        finish = max(passage[1], begin + WINDOW)
    else:
        begin = part if part < len(document.text) else 0
        finish = begin + WINDOW
    finish = min(finish, len(document.text))
    return (
        f'<article class="document" data-url="{escape(address_of(document))}">'
        f"{_head(document, passage, changed, problem)}"
        f"{_part(document, begin - WINDOW, 'Earlier part') if begin else ''}"
        f'<div class="text" dir="auto">{_text(document.text, begin, finish, passage)}</div>'
        f"{_part(document, finish, 'Later part') if finish < len(document.text) else ''}"
        "</article>"
    )


def address_of(document: Document) -> str:
    """Where the document was published; without such an address, where the chat shows it."""
    return document.attribution.url or f"./?{urlencode({'document': document.id})}"


def _head(document: Document, passage: tuple[int, int] | None, changed: bool, problem: str) -> str:
    place = document.source
    if passage:
        place = ", ".join(filter(None, [place, document.place_at(passage[0])]))
    words = [
        f'<h2 tabindex="-1" dir="auto">{escape(document.title)}</h2>',
        f'<p class="attribution" dir="auto">{escape(document.attribution.line)}</p>'
        if document.attribution.line
        else "",
        f'<p class="where" dir="auto">{escape(place)}</p>',
    ]
    if changed:
        words.append(
            '<p class="word changed" role="note">The file has changed since it was indexed. '
            "This is the text that the answers rest on.</p>"
        )
    if problem:
        words.append(f'<p class="word changed" role="alert">{escape(problem)}</p>')
    tools = ""
    if passage:
        tools += (
            '<button type="button" data-action="permalink"'
            f' data-document="{escape(document.id)}" data-start="{passage[0]}"'
            f' data-end="{passage[1]}">Copy link to this passage</button>'
        )
    if not changed:
        tools += _original(document, passage)
    if tools:
        words.append(f'<p class="tools">{tools}</p>')
    return f"<header>{''.join(words)}</header>"


def _original(document: Document, passage: tuple[int, int] | None) -> str:
    """The link that opens the file itself, a PDF at the page of the passage."""
    address = original_address(document, passage[0] if passage else None)
    page = document.page_at(passage[0]) if passage else None
    at_page = f" at p. {page}" if page else ""
    return (
        f'<a class="original" href="{escape(address)}" target="_blank" rel="noopener">'
        f"Open the file{at_page}</a>"
    )


def _text(text: str, begin: int, finish: int, passage: tuple[int, int] | None) -> str:
    if not passage:
        return escape(text[begin:finish])
    start, end = passage
    return (
        f"{escape(text[begin:start])}"
        f'<mark id="passage" tabindex="-1">{escape(text[start:end])}</mark>'
        f"{escape(text[end:finish])}"
    )


def _part(document: Document, offset: int, name: str) -> str:
    return (
        f'<p class="tools"><button type="button" data-action="read"'
        f' data-document="{escape(document.id)}" data-part="{max(0, offset)}">{name}</button></p>'
    )


def _documents(assistant: "Assistant") -> str:
    items = "".join(
        f'<li><button type="button" class="entry" data-action="read"'
        f' data-document="{escape(summary.id)}"><strong dir="auto">{escape(summary.title)}</strong>'
        f'<span dir="auto">{escape(summary.attribution.line or summary.source)}</span>'
        "</button></li>"
        for summary in assistant.documents()
    )
    if not items:
        return _said("No documents yet", NOTHING_INGESTED)
    return (
        '<section class="documents"><h2 tabindex="-1">Documents</h2><p class="hint">Choose a '
        "number in an answer to see its passage here, or read a document.</p>"
        f"<ul>{items}</ul></section>"
    )


def _said(title: str, text: str) -> str:
    return (
        f'<section class="documents"><h2 tabindex="-1">{escape(title)}</h2>'
        f'<p class="hint">{escape(text)}</p></section>'
    )


def _word(status: int, title: str, text: str) -> HTMLResponse:
    return HTMLResponse(_said(title, text), status_code=status)


def _number(written: str) -> int | None:
    """A plain decimal offset; None for anything else."""
    if written.isascii() and written.isdigit() and len(written) <= MAX_OFFSET_DIGITS:
        return int(written)
    return None
