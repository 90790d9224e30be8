"""Find the headings of a text and the sections below them, with exact offsets."""

import re
from dataclasses import dataclass
from itertools import pairwise

from markdown_it import MarkdownIt

from assistant.text.media_types import HTML, MARKDOWN, WORD
from assistant.text.spans import Span, lines
from assistant.types import Document

_HEADING_MARKUP = re.compile(r"^\s{0,3}#{1,6}\s+|\s+#+\s*$")


_WRITTEN_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a text: where its lines stand, its level from 1, its words."""

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch from one heading to the next, with the titles it stands under, outermost first.

    ``body`` is where the text below the heading begins.
    """

    start: int
    end: int
    body: int
    titles: tuple[str, ...]


def headings(text: str, media_type: str = MARKDOWN) -> list[Heading]:
    """The headings of a text in order; plain text and PDF have none that are told apart."""
    if media_type == MARKDOWN:
        return _markdown_headings(text)
    return _written_headings(text) if media_type in (HTML, WORD) else []


def _markdown_headings(text: str) -> list[Heading]:
    """The headings by the rules of CommonMark: hash signs in code are none."""
    rows = lines(text)
    starts = [row.start for row in rows] + [len(text)]
    found = []
    # The parser counts lines as CommonMark does; "\f" and the like end none of them.
    tokens = MarkdownIt("commonmark").parse(text.replace("\0", " "))
    for token, content in pairwise(tokens):
        if token.type == "heading_open" and token.map and token.level == 0:
            first, last = token.map
            title = " ".join(content.content.split())
            found.append(Heading(starts[first], starts[last], int(token.tag[1:]), title))
    return found


def _written_headings(text: str) -> list[Heading]:
    """The headings as `assistant.ingestion.formats.outline` writes them."""
    return [
        Heading(match.start(), min(match.end() + 1, len(text)), len(match[1]), match[2].strip())
        for match in _WRITTEN_HEADING.finditer(text)
    ]


def first_heading(text: str) -> str:
    """The words of the first heading of a Markdown text; empty where there is none."""
    return next((heading.title for heading in headings(text) if heading.title), "")


def sections(text: str, media_type: str) -> list[Section]:
    """The sections that make up the whole text; a text without headings is one section.

    A heading with nothing below it but another heading belongs to the section that follows.
    """
    marks = headings(text, media_type)
    found: list[Section] = []
    path: list[Heading] = []
    start, body = 0, 0
    for mark in marks:
        if text[body : mark.start].strip():
            found.append(Section(start, mark.start, body, tuple(h.title for h in path)))
            start = mark.start
        path = [h for h in path if h.level < mark.level] + [mark]
        body = mark.end
    found.append(Section(start, len(text), body, tuple(h.title for h in path)))
    return found


def has_headings(media_type: str) -> bool:
    """Whether headings are marked by hash signs in the texts of a format."""
    return media_type in (MARKDOWN, HTML, WORD)


def without_heading_markup(line: str) -> str:
    """A heading's words without its hash signs."""
    return _HEADING_MARKUP.sub("", line)


_LABEL = re.compile(r"(?!(?:by|BY|By)\s)[^\n.?!;:]{1,60}")
"""What a heading in plain text looks like: short, without an end of sentence, no byline."""


def is_heading(document: Document, span: Span) -> bool:
    """Whether a sentence only names what follows: the title, or a heading."""
    text = document.text[span.start : span.end].strip()
    if text == document.title:
        return True
    if has_headings(document.media_type):
        return without_heading_markup(text) != text
    return bool(_LABEL.fullmatch(text)) and _stands_alone(document.text, span)


def _stands_alone(text: str, span: Span) -> bool:
    """Whether nothing else is on the lines around, as above and below a heading in plain text."""
    before, after = text[: span.start].rstrip(" \t"), text[span.end :].lstrip(" \t")
    is_blank_before = not before.strip() or bool(re.search(r"\n[ \t\r]*\n\s*$", before))
    return is_blank_before and bool(re.match(r"\r?\n[ \t]*\r?\n", after))
