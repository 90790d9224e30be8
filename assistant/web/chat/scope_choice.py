"""The choice of what to ask, as HTML: all documents, a folder or a single document."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from assistant.retrieval.scope import folders
from assistant.types import DocumentSummary
from assistant.web.strings import load_strings
from assistant.web.templates import templates_of

if TYPE_CHECKING:
    from assistant.assistant import Assistant

MOST_DOCUMENTS = 300
"""The most documents to offer one by one. With more, only folders are offered."""


def scope_choice(documents: Sequence[DocumentSummary], chosen: str) -> str:
    """Return a labelled ``<select>``, or an empty text if there is nothing to choose from."""
    if len(documents) < 2:
        return ""
    titles = Counter(document.title for document in documents)
    listed = documents if len(documents) <= MOST_DOCUMENTS else ()
    options = [
        (summary.source, told_apart(summary.title, summary.source, titles[summary.title] == 1))
        for summary in documents
        if summary in listed or summary.source == chosen
    ]
    paths = [(path, path) for path in folders(summary.source for summary in documents)]
    texts = load_strings("chat")
    groups = [(texts("folders"), paths), (texts("documents"), options)]
    template = templates_of("assistant.web.chat").get_template("scope_choice.html")
    return template.render(groups=groups, chosen=chosen, t=texts)


def scope_routes(assistant: "Assistant") -> APIRouter:
    """Return the route ``/scope``: the choice again, for a page that has added documents."""
    router = APIRouter(include_in_schema=False)

    @router.get("/scope", response_class=HTMLResponse)
    def scope(within: str = "") -> HTMLResponse:
        rendered = scope_choice(assistant.documents(), within)
        return HTMLResponse(rendered, headers={"cache-control": "no-store"})

    return router


def told_apart(title: str, source: str, is_unique: bool) -> str:
    """Return a document's title, with its path if others have the same title."""
    return title if is_unique else f"{title} ({source})"
