"""Finds the parts of a text with exact offsets: sections, blocks (paragraphs, list items), sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import sentencex
from markdown_it import MarkdownIt

from assistant.ingestion.formats import HTML, MARKDOWN, WORD

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+(?=\S)")
_TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")
_HEADING_MARKUP = re.compile(r"^\s{0,3}#{1,6}\s+|\s+#+\s*$")
_WRITTEN_HEADING = re.compile(r"^(#{1,6}) (.+)$", re.MULTILINE)
_SENTENCE_BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of a text."""

    start: int
    end: int


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


def lines(text: str) -> list[Span]:
    """The lines of a text, their ends included; only CR, LF and CRLF end a line."""
    return [Span(*match.span()) for match in _LINE.finditer(text)]


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


def blocks(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The paragraphs, list items and table rows between two offsets, blank lines left out."""
    end = len(text) if end is None else end
    found: list[Span] = []
    is_open = False
    for row in lines(text[start:end]):
        line = text[start + row.start : start + row.end]
        if not line.strip():
            is_open = False
            continue
        begins = not is_open or _LIST_ITEM.match(line) or _TABLE_ROW.match(line)
        if begins:
            found.append(Span(start + row.start, start + row.end))
        else:
            found[-1] = Span(found[-1].start, start + row.end)
        is_open = not _TABLE_ROW.match(line)
    return [_trimmed(text, span) for span in found]


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences between two offsets, in order; none reaches over a block's border.

    Every character that is not white space is in exactly one of them.
    """
    end = len(text) if end is None else end
    return [span for block in blocks(text, start, end) for span in _sentences_of(text, block)]


def _sentences_of(text: str, block: Span) -> Iterator[Span]:
    # In pieces, so that a file without a single line end is still handled in linear time; the
    # last sentence of a piece may go on, so the next piece begins with it.
    position = block.start
    marker = _LIST_ITEM.match(text, block.start, block.end)
    kept = marker.end() if marker else position  # "1. First" is one sentence
    while position < block.end:
        piece = text[position : min(position + _SENTENCE_BATCH, block.end)]
        at_end = position + len(piece) == block.end
        found = sentencex.get_sentence_boundaries("en", piece)
        starts = (position + boundary["start_index"] for boundary in found)
        within = range(kept + 1, position + len(piece))
        borders = sorted({0, *(at - position for at in starts if at in within and at > position)})
        if at_end or len(borders) == 1:
            borders.append(len(piece))
        for first, last in pairwise(borders):
            span = _trimmed(text, Span(position + first, position + last))
            if span.start < span.end:
                yield span
        position += borders[-1]


def has_headings(media_type: str) -> bool:
    """Whether headings are marked by hash signs in the texts of a format."""
    return media_type in (MARKDOWN, HTML, WORD)


def without_heading_markup(line: str) -> str:
    """A heading's words without its hash signs."""
    return _HEADING_MARKUP.sub("", line)


def _trimmed(text: str, span: Span) -> Span:
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
