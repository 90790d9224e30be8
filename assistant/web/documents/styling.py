"""Lay out a document's text for the source pane: its parts in groups, and their pieces in styles.

Characters that only mark structure (hash signs, bullets, pipes) are pieces of the style `MARKUP`.
The page hides them and keeps them in place, so that the pieces of all parts, in order, are the text.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from assistant.text.layout import TextPart, cells, parts
from assistant.text.spans import Span
from assistant.text.table_structure import HEAD_MARK

MARKUP = "markup"
_BULLET = re.compile(r"\s*[-*+•‣◦–]\s+")
_PREFIXES = {
    "h": re.compile(r"\s*#{1,6}\s+"),
    "li": _BULLET,
    "th": re.compile(rf"\s*{HEAD_MARK}?\|\s*"),
    "tr": re.compile(r"\s*\|\s*"),
}
_SUFFIXES = {"h": re.compile(r"(?:\s+#+)?\s*(?:\n\s*[=-]+\s*)?$"), "tr": re.compile(r"\s*\|?\s*$")}
_SUFFIXES["th"] = _SUFFIXES["tr"]
_QUOTE_MARK = re.compile(r"^\s{0,3}>[^\S\n]?", re.MULTILINE)
_FENCE_LINE = re.compile(r"^\s{0,3}(?:```|~~~).*\n?", re.MULTILINE)
_BLANK_END = re.compile(r"\s*$")


@dataclass(frozen=True, slots=True)
class StyledPiece:
    """A stretch of the text in one style: plain (""), `MARKUP`, or names of elements.

    These are ``code``, ``em`` and ``strong``, and ``em strong`` for both.
    """

    start: int
    end: int
    style: str = ""


@dataclass(frozen=True, slots=True)
class StyledSegment:
    """Pieces that are all inside the cited passage, or all outside it."""

    cited: bool
    is_first: bool
    pieces: tuple[StyledPiece, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """A part of the text, as it is shown: the segments of each cell, or of the part as a whole."""

    kind: str
    depth: int
    is_bullet: bool
    cells: tuple[tuple[StyledSegment, ...], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Elements that are shown as a list (``ul``), as a table, or each on its own (``kind``)."""

    kind: str
    elements: tuple[Element, ...]


def layout(
    text: str,
    media_type: str,
    begin: int,
    finish: int,
    passage: tuple[int, int] | None,
    styles: Sequence[tuple[int, int, str]] = (),
) -> list[Group]:
    """Return the groups of a text between two offsets, with the passage in segments of its own.

    ``styles`` are the stretches in emphasis and the quotations, as in `assistant.types.Document`.
    """
    shown = text[begin:finish]
    cited = (passage[0] - begin, passage[1] - begin) if passage else (0, 0)
    known = PlacedStyles([(start - begin, end - begin, name) for start, end, name in styles])
    elements = [_element(shown, part, cited, known) for part in parts(shown, media_type)]
    joined = {"li": "ul", "tr": "table", "th": "table", "rule": "table"}
    return [
        Group(kind, tuple(group))
        for kind, group in groupby(elements, lambda one: str(joined.get(one.kind, one.kind)))
    ]


class PlacedStyles:
    """The names of the styles at every place of a text."""

    def __init__(self, styles: Sequence[tuple[int, int, str]]) -> None:
        changes: dict[int, Counter[str]] = {}
        for start, end, name in styles:
            changes.setdefault(start, Counter())[name] += 1
            changes.setdefault(end, Counter())[name] -= 1
        self._borders = sorted(changes)
        self._names: list[frozenset[str]] = [frozenset()]
        open_styles: Counter[str] = Counter()
        for border in self._borders:
            open_styles.update(changes[border])
            self._names.append(frozenset(name for name, count in open_styles.items() if count > 0))

    def at(self, place: int) -> frozenset[str]:
        """Return the names of the styles at a place."""
        return self._names[bisect_right(self._borders, place)]

    def applied(self, pieces: Iterable[StyledPiece]) -> Iterator[StyledPiece]:
        """Yield pieces, those that are plain cut into stretches of one style."""
        for piece in pieces:
            if piece.style:
                yield piece
                continue
            first, last = (
                bisect_right(self._borders, piece.start),
                bisect_left(self._borders, piece.end),
            )
            for start, end in pairwise([piece.start, *self._borders[first:last], piece.end]):
                names = self.at(start) & {"em", "strong"}
                yield StyledPiece(start, end, " ".join(sorted(names)))


def pieces_of(group: Group) -> Iterator[StyledPiece]:
    """Yield the pieces of a group, in order."""
    for element in group.elements:
        for cell in element.cells:
            for segment in cell:
                yield from segment.pieces


def _element(text: str, part: TextPart, cited: tuple[int, int], styles: "PlacedStyles") -> Element:
    is_quoted = part.kind == "p" and "quote" in styles.at(part.start)
    spans = list(cells(text, part)) if part.kind in ("tr", "th") else [Span(part.start, part.end)]
    content = text[part.start : part.end]
    return Element(
        "quote" if is_quoted else part.kind,
        part.depth,
        part.kind == "li" and _BULLET.match(content) is not None,
        tuple(
            tuple(_segments(styles.applied(_pieces(text, span, part.kind)), cited))
            for span in spans
        ),
    )


def _pieces(text: str, span: Span, kind: str) -> Iterator[StyledPiece]:
    """Yield the pieces of a cell or part: its marks, and its content in styles."""
    content = text[span.start : span.end]
    if kind == "rule":
        yield StyledPiece(span.start, span.end, MARKUP)
        return
    if kind in ("quote", "pre"):
        marks = _QUOTE_MARK if kind == "quote" else _FENCE_LINE
        yield from _without(content, span.start, marks, "" if kind == "quote" else "code")
        return
    family = "h" if kind[0] == "h" else kind
    prefix = _PREFIXES[family].match(content) if family in _PREFIXES else None
    first = prefix.end() if prefix else 0
    suffix = _SUFFIXES.get(family, _BLANK_END).search(content, first)
    last = max(suffix.start(), first) if suffix else len(content)
    yield StyledPiece(span.start, span.start + first, MARKUP)
    yield StyledPiece(span.start + first, span.start + last)
    yield StyledPiece(span.start + last, span.end, MARKUP)


def _without(content: str, start: int, marks: re.Pattern[str], style: str) -> Iterator[StyledPiece]:
    """Yield the content in a style, and the marks in it."""
    at = 0
    for mark in marks.finditer(content):
        yield StyledPiece(start + at, start + mark.start(), style)
        yield StyledPiece(start + mark.start(), start + mark.end(), MARKUP)
        at = mark.end()
    yield StyledPiece(start + at, start + len(content), style)


def _segments(pieces: Iterator[StyledPiece], cited: tuple[int, int]) -> Iterator[StyledSegment]:
    """Yield the pieces, cut at the ends of the cited passage, in segments inside and outside it."""
    cut = [part for piece in pieces for part in _cut(piece, cited) if part.start < part.end]
    for inside, group in groupby(cut, lambda one: cited[0] <= one.start < cited[1]):
        inner = tuple(group)
        yield StyledSegment(inside, inside and inner[0].start == cited[0], inner)


def _cut(piece: StyledPiece, cited: tuple[int, int]) -> Iterator[StyledPiece]:
    bounds = [piece.start, *(at for at in cited if piece.start < at < piece.end), piece.end]
    for start, end in pairwise(bounds):
        yield replace(piece, start=start, end=end)
