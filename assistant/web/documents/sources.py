"""The source pane's route, which serves documents as HTML fragments with a passage marked."""

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.errors import AssistantError, DocumentNotFoundError, IndexMissingError
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.uploads import UPLOADS
from assistant.text.media_types import MARKDOWN, MEDIA_TYPES
from assistant.types import Document
from assistant.web.documents.originals import original_address
from assistant.web.documents.page_addresses import Passage, number_of, page_address, passage_in
from assistant.web.documents.page_drawer import PageDrawer
from assistant.web.documents.page_sheets import PageView, has_pages, view_pages, why_not_drawn
from assistant.web.documents.styling import MARKUP, layout, pieces_of
from assistant.web.documents.text_fragments import link_to_passage
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

WINDOW = 120_000
"""Characters of a document that are shown at once. Longer documents are shown in parts."""

PAGE = 100
"""Documents that are listed at once."""

LONGEST_SEARCH = 200


def source_routes(assistant: "Assistant", drawer: PageDrawer) -> APIRouter:
    """Return the route ``/source``, which lists the documents in pages, with ``?search=`` some.

    With ``?document=`` it shows a document, and with offsets a passage in it; with ``view=page`` as
    it is printed.
    """
    router = APIRouter(include_in_schema=False)
    texts = load_strings("chat")
    can_add = assistant.settings.pages_take_uploads

    @router.get("/source", response_class=HTMLResponse)
    def show_source(
        document: str = "",
        start: str = "",
        end: str = "",
        part: str = "",
        view: str = "",
        page: str = "",
        search: str = "",
        skip: str = "",
    ) -> HTMLResponse:
        try:
            if document and view == "page":
                return _pages(assistant, drawer, document, start, end, page)
            if document:
                return _document(assistant, document, start, end, part)
            listed = _documents(assistant, search[:LONGEST_SEARCH], number_of(skip) or 0, can_add)
            return HTMLResponse(listed)
        except DocumentNotFoundError:
            return _notice(404, texts("no_such_document_title"), texts("no_such_document"))
        except AssistantError as error:
            return _notice(503, texts("documents_trouble"), str(error))

    return router


def _pages(
    assistant: "Assistant",
    drawer: PageDrawer,
    document_id: str,
    start: str,
    end: str,
    page: str,
) -> HTMLResponse:
    """Return the pages of a passage, or a page, as they are printed, or the text if that is not possible."""
    document = assistant.document(document_id)
    number = number_of(page)
    is_there = number is None or 1 <= number <= len(document.page_starts)
    can_draw = has_pages(document) and assistant.has_files()
    if not can_draw or not is_there or assistant.document_changed(document_id):
        return _document(assistant, document_id, start, end, "")
    passage = passage_in(document, start, end)
    try:
        view = view_pages(document, drawer, number, passage)
    except UnreadableFileError as error:
        problem = why_not_drawn(error)
        return HTMLResponse(render_document(document, passage, False, problem=problem))
    return HTMLResponse(render_document(document, passage, view is None, view=view))


def _document(
    assistant: "Assistant", document_id: str, start: str, end: str, part: str
) -> HTMLResponse:
    document = assistant.document(document_id)
    has_file = assistant.has_files()
    changed = has_file and assistant.document_changed(document_id)
    if not start and not end:
        part_start = number_of(part) or 0
        rendered = render_document(document, None, changed, part_start, has_file=has_file)
        return HTMLResponse(rendered)
    passage = passage_in(document, start, end)
    if passage is None:
        problem = load_strings("chat")("no_such_passage")
        rendered = render_document(document, None, changed, problem=problem, has_file=has_file)
        return HTMLResponse(rendered, status_code=400)
    return HTMLResponse(render_document(document, passage, changed, has_file=has_file))


def render_document(
    document: Document,
    passage: Passage | None,
    changed: bool,
    part: int = 0,
    problem: str = "",
    has_file: bool = True,
    view: PageView | None = None,
) -> str:
    """Return the document's title, attribution and text as HTML, with the passage in a ``<mark>``.

    Without a passage, the text starts at the offset ``part``. Without the file, as on a server that
    has the index alone, nothing leads to it. With a view of its pages, these are shown and not the
    text.
    """
    if passage:
        # at most a window around the passage, which is never cut
        begin = max(0, passage[0] - WINDOW // 2) if len(document.text) > WINDOW else 0
        finish = max(passage[1], begin + WINDOW)
    else:
        begin = part if part < len(document.text) else 0
        finish = begin + WINDOW
    finish = min(finish, len(document.text))
    return _render(
        "document.html",
        with_markup=True,
        document=document,
        text=document.text[begin:finish],
        groups=layout(document.text, document.media_type, begin, finish, passage, document.styles)
        if not view
        else (),
        view=view,
        is_flowing=document.media_type == MARKDOWN,
        passage=passage,
        changed=changed,
        has_file=has_file and not changed,
        problem=problem,
        begin=begin,
        earlier=max(0, begin - WINDOW),
        finish=finish,
        address=address_of(document),
        opened=_opened(document, passage),
        original=original_address(document),
        link=link_to_passage(document, passage) if passage else "",
        page=document.page_at(passage[0]) if passage else None,
        has_pages=has_pages(document),
        place=document.place_at(passage[0]) if passage else "",
    )


def render_text(document: Document) -> str:
    """Return the beginning of a document's text as HTML, without marks of structure and its title."""
    text, media_type = document.text[:WINDOW], document.media_type
    groups = layout(text, media_type, 0, len(text), None, document.styles)
    is_title = (
        bool(groups)
        and "".join(
            text[piece.start : piece.end] for piece in pieces_of(groups[0]) if piece.style != MARKUP
        ).strip()
        == document.title
    )
    return _render("article.html", text=text, groups=groups[is_title:], with_markup=False)


def address_of(document: Document) -> str:
    """Return the address where a document was published, or else where the chat shows it."""
    return document.attribution.url or f"./?{urlencode({'document': document.id})}"


def _opened(document: Document, passage: Passage | None) -> str:
    """Return the address at which the document is opened: its page as it is printed, or its file."""
    if has_pages(document):
        return page_address(document, None, passage)
    return original_address(document)


def _documents(assistant: "Assistant", search: str, skip: int, can_add: bool) -> str:
    try:
        total = assistant.count_documents()
    except IndexMissingError:  # nothing was added yet
        if not can_add:
            raise
        total = 0
    if total or can_add:
        return _render(
            "documents.html",
            can_add=can_add,
            uploads=f"{UPLOADS}/",
            kinds=MEDIA_TYPES,
            documents=assistant.documents(search, limit=PAGE, offset=skip) if total else [],
            found=assistant.count_documents(search) if total else 0,
            total=total,
            search=search,
            skip=skip,
            page=PAGE,
        )
    texts = load_strings("chat")
    return _render("notice.html", title=texts("no_documents"), text=texts("nothing_ingested"))


def _notice(status: int, title: str, text: str) -> HTMLResponse:
    return HTMLResponse(_render("notice.html", title=title, text=text), status_code=status)


def _render(name: str, **values: object) -> str:
    template = templates_of("assistant.web.documents").get_template(name)
    return template.render(t=load_strings("chat"), **values)
