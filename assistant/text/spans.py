"""Spans of a text, its lines and its headings, as half-open character offsets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range ``start:end`` of a text, in characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a text: the offsets of its lines, its level from 1, and its words."""

    start: int
    end: int
    level: int
    title: str


def trimmed(text: str, span: Span) -> Span:
    """Return the span without the white space at its ends."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def lines(text: str) -> list[Span]:
    """Return the lines of a text, including line ends. Only CR, LF and CRLF end a line."""
    return list(each_line(text))


def each_line(text: str) -> Iterator[Span]:
    """Yield the lines of a text, as `lines` returns them."""
    return (Span(*match.span()) for match in _LINE.finditer(text))
