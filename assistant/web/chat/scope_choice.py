"""The choice of what to ask, as HTML: all documents, the documents of a folder, or one of them."""

from collections import Counter
from collections.abc import Sequence
from html import escape

from assistant.retrieval.scope import folders
from assistant.types import DocumentSummary

MOST_DOCUMENTS = 300
"""Documents that are offered one by one; of more than these only the folders are."""


def scope_choice(documents: Sequence[DocumentSummary], chosen: str) -> str:
    """A labelled ``<select>``; empty where there is nothing to choose between."""
    if len(documents) < 2:
        return ""
    titles = Counter(document.title for document in documents)
    listed = documents if len(documents) <= MOST_DOCUMENTS else ()
    options = [
        (one.source, one.title if titles[one.title] == 1 else f"{one.title} ({one.source})")
        for one in documents
        if one in listed or one.source == chosen
    ]
    paths = [(path, path) for path in folders(one.source for one in documents)]
    return (
        '<label class="scope"><span>Ask in</span><select dir="auto">'
        f"{_option('', 'All documents', chosen)}{_group('Folders', paths, chosen)}"
        f"{_group('Documents', options, chosen)}</select></label>"
    )


def _group(name: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    if not options:
        return ""
    told = "".join(_option(path, text, chosen) for path, text in options)
    return f'<optgroup label="{name}">{told}</optgroup>'


def _option(path: str, text: str, chosen: str) -> str:
    selected = " selected" if path == chosen else ""
    return f'<option value="{escape(path)}"{selected}>{escape(text)}</option>'
