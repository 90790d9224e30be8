"""Facts about a document itself: who wrote it, where it was published, what it is called.

They are cited from the text where it says so. What only ``corpus.toml`` knows is no citation:
the attribution line is shown instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.text.blocks import blocks
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Document, Passage

_IN_TEXT = {
    "author": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:by|author|written by|words by|text by|story by)[:\s]\s*(?P<value>[A-Z][\w.’'-]+(?: [\w.’'-]+){0,5}))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
    "publisher": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:source|publisher|published (?:by|in|on)|first published (?:by|in)|originally published (?:by|in|on))[:\s]\s*(?P<value>[^\r\n]{2,80}?))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
    "date": re.compile(
        r"(?:^|\n)[ \t]*(?P<span>(?:date|published(?: on)?|updated|last updated|effective(?: date)?|posted)[:\s]\s*(?P<value>[^\r\n]{0,30}\d{4}[^\r\n]{0,20}?))[ \t]*(?=\r?\n|$)",
        re.IGNORECASE,
    ),
}
_BY_NAME = 40


@dataclass(frozen=True, slots=True)
class Found:
    """Where documents say what was asked; ``missing`` are those that do not."""

    passages: tuple[Passage, ...]
    missing: tuple[Document, ...]


def find_metadata(field: str, documents: Sequence[Document]) -> Found:
    """The passages in which the documents' own text says it."""
    passages: list[Passage] = []
    missing: list[Document] = []
    for document in documents:
        passage = _find(field, document)
        passages += [passage] if passage else []
        missing += [] if passage else [document]
    return Found(tuple(passages), tuple(missing))


def _find(field: str, document: Document) -> Passage | None:
    text = document.text
    if field == "title":
        start = text.find(document.title)
        return Passage(document, start, start + len(document.title)) if start >= 0 else None
    for value in _names(getattr(document.attribution, field) or ""):
        start = text.find(value)
        if start >= 0 and field != "date":
            span = _sentence_around(text, start, start + len(value))
            if span.end - span.start <= len(value) + _BY_NAME:
                return Passage(document, span.start, span.end, (start, start + len(value)))
    match = _IN_TEXT[field].search(text)
    return Passage(document, *match.span("span"), match.span("value")) if match else None


def _names(value: str) -> list[str]:
    """A value of the attribution and the names it is made of, the whole first."""
    parts = re.split(r"\s*(?:[(),;/]|\bvia\b|\band\b)\s*", value)
    return [name for name in dict.fromkeys([value, *parts]) if len(name) > 2]


def _sentence_around(text: str, start: int, end: int) -> Span:
    block = next((b for b in blocks(text) if b.start <= start < b.end), Span(start, end))
    inside = [s for s in sentences(text, block.start, block.end) if s.start < end and start < s.end]
    return Span(inside[0].start, inside[-1].end) if inside else block
