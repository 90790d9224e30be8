"""Find the headings of a text and the sections below them, with exact offsets."""

import re
from dataclasses import dataclass

from assistant.text.media_types import MARKDOWN, PDF, PLAIN, SOURCE
from assistant.text.plain_headings import is_in_plain_heading, plain_headings
from assistant.text.spans import Heading, Span
from assistant.types import Document

_HEADING_MARK = re.compile(r"#{1,6} ")
_HEADING_MARKUP = re.compile(r"^\s{0,3}#{1,6}\s+|\s+#+\s*$")


_WRITTEN_HEADING = re.compile(
    r"^(?P<fence>`{3,})\n(?:.*\n)*?(?P=fence)$|^(#{1,6}) (.+)$", re.MULTILINE
)
"""A heading, or a block of code, in which nothing is a heading."""


@dataclass(frozen=True, slots=True)
class Section:
    """The text from one heading to the next, with the titles above it, outermost first.

    ``body`` is the offset of the text below the heading.
    """

    start: int
    end: int
    body: int
    titles: tuple[str, ...]


def headings(text: str, media_type: str = MARKDOWN) -> list[Heading]:
    """Return the headings of a text in order. Source code and PDF have none that are recognized."""
    if media_type == PLAIN:
        return plain_headings(text)
    return _written_headings(text) if has_headings(media_type) else []


def _written_headings(text: str) -> list[Heading]:
    """Return the headings as `assistant.ingestion.formats.outline` writes them."""
    return [
        Heading(match.start(), min(match.end() + 1, len(text)), len(match[2]), match[3].strip())
        for match in _WRITTEN_HEADING.finditer(text)
        if match[2]
    ]


def sections(text: str, media_type: str) -> list[Section]:
    """Return the sections of the whole text. A text without headings is one section.

    A heading directly followed by another heading belongs to the next section.
    """
    marks = headings(text, media_type)
    parts: list[Section] = []
    path: list[Heading] = []
    start, body = 0, 0
    for mark in marks:
        if text[body : mark.start].strip():
            parts.append(Section(start, mark.start, body, tuple(heading.title for heading in path)))
            start = mark.start
        path = [heading for heading in path if heading.level < mark.level] + [mark]
        body = mark.end
    parts.append(Section(start, len(text), body, tuple(heading.title for heading in path)))
    return parts


def has_headings(media_type: str) -> bool:
    """Return whether texts of a format mark headings with hash signs."""
    return media_type not in (PLAIN, PDF, SOURCE)


def without_heading_markup(line: str) -> str:
    """Return a heading's words without its hash signs."""
    return _HEADING_MARKUP.sub("", line)


_LABEL = re.compile(r"(?!(?:by|BY|By)\s)[^\n.?!;:]{1,60}")
"""A heading in plain text: short, without punctuation that ends a sentence, and not a byline."""
_BYLINE = re.compile(
    r"(?i:(?:(?:written|words|text|story)\s+)?by):?\s+[A-Z][^\s.?!]*\.?(?:\s+[^\s.?!]+\.?){0,5}"
)


def is_byline(text: str) -> bool:
    """Return whether a text only says who wrote what follows.

    >>> is_byline("By Ada Quill and J. Moss"), is_byline("By then the shop had closed.")
    (True, False)
    """
    return bool(_BYLINE.fullmatch(text.strip()))


def is_heading(document: Document, span: Span) -> bool:
    """Return whether a sentence is the title or a heading."""
    text = document.text[span.start : span.end].strip()
    if text == document.title:
        return True
    if has_headings(document.media_type):
        return without_heading_markup(text) != text or _is_in_heading(document.text, span)
    if document.media_type == SOURCE:
        return False
    if document.media_type == PLAIN and is_in_plain_heading(document.text, span):
        return True
    return bool(_LABEL.fullmatch(text)) and _stands_alone(document.text, span)


def _is_in_heading(text: str, span: Span) -> bool:
    """Return whether a span is a part of a heading: "Setup" of "## 1. Setup"."""
    start = text.rfind("\n", 0, span.start) + 1
    is_marked = _HEADING_MARK.match(text, start) is not None
    return is_marked and "\n" not in text[span.start : span.end]


def _stands_alone(text: str, span: Span) -> bool:
    """Return whether blank lines surround a span, as they do a heading in plain text."""
    before, after = text[: span.start].rstrip(" \t"), text[span.end :].lstrip(" \t")
    is_blank_before = not before.strip() or bool(re.search(r"\n[ \t\r]*\n\s*$", before))
    return is_blank_before and bool(re.match(r"\r?\n[ \t]*\r?\n", after))
