"""Lay a page out to be shown: a picture of it, marks on a passage, and over it the words to select.

The marks are where the words of the passage are printed, on one line or many.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.drawn_page import DrawnPage, PlacedLine, PlacedWord
from assistant.text.media_types import PDF, PICTURES
from assistant.types import Document
from assistant.web.documents.page_addresses import Passage, picture_address
from assistant.web.documents.page_drawer import PageDrawer
from assistant.web.messages.translating import translated
from assistant.web.strings import load_strings

_MOST_AT_ONCE = 2
"""Pages of one passage that are shown one below another."""
_WIDEST = 6_000
_SIZE, _BASELINE = 1 / 1.05, 0.8 / 1.05
"""The size of type of a line, and its baseline, in parts of its height."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of text to select: where it is, how large, and the place and length of each word."""

    transform: str
    baseline: float
    size: float
    words: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A page as it is shown: a picture, the marks of a passage on it, and text to select.

    ``width`` is that of the picture, ``shown_width`` what the browser shows it in.
    """

    number: int
    place: str
    picture: str
    width: int
    height: int
    natural_width: int
    shown_width: str
    marks: tuple[tuple[str, float, float, float], ...]
    lines: tuple[ShownLine, ...]


@dataclass(frozen=True, slots=True)
class PageView:
    """Pages of a document that are shown one below another, and the number of the first and the last.

    ``lacks_passage`` if there should be a passage on them and it was not found.
    """

    first: int
    last: int
    pages: int
    place: str
    sheets: tuple[ShownPage, ...]
    lacks_passage: bool


def has_pages(document: Document) -> bool:
    """Return whether a document has pages that can be shown as they are printed."""
    return document.media_type in (PDF, *PICTURES) and bool(document.page_starts)


def view_pages(
    document: Document,
    drawer: PageDrawer,
    number: int | None,
    passage: Passage | None,
    zoom: int = 0,
) -> PageView | None:
    """Return a page of a document, or the pages of a passage, as they are shown, or None if the file changed.

    Raise `UnreadableFileError` if a page cannot be drawn.
    """
    pages = len(document.page_starts)
    first = number or (document.page_at(passage[0]) if passage else 1) or 1
    last = first
    if passage and number is None:
        end = document.page_at(max(passage[0], passage[1] - 1)) or first
        last = min(end, first + _MOST_AT_ONCE - 1)
    sheets = []
    for shown in range(first, last + 1):
        page = drawer.draw(document, shown)
        if page is None:
            return None
        sheets.append(_sheet(document, shown, page, passage, zoom))
    place = " – ".join(
        document.place_at(document.page_starts[n - 1]) for n in sorted({first, last})
    )
    lacks_passage = bool(passage) and number is None and not any(one.marks for one in sheets)
    return PageView(first, last, pages, place, tuple(sheets), lacks_passage)


def why_not_drawn(error: UnreadableFileError) -> str:
    """Return in the reader's language why a page is not shown as it is printed."""
    return load_strings("chat")("no_picture", reason=translated(str(error)))


def _sheet(
    document: Document, number: int, page: DrawnPage, passage: Passage | None, zoom: int
) -> ShownPage:
    start = document.page_starts[number - 1]
    cited = (passage[0] - start, passage[1] - start) if passage else (0, 0)
    natural = min(round(page.natural_width), _WIDEST)
    return ShownPage(
        number,
        document.place_at(start),
        picture_address(document, number),
        page.width,
        page.height,
        natural,
        f"{min(natural * zoom // 100, _WIDEST)}" if zoom else "100%",
        tuple(mark for line in page.lines for mark in marks_on(line, cited)),
        tuple(map(_shown, page.lines)),
    )


def marks_on(line: PlacedLine, cited: Passage) -> Iterator[tuple[str, float, float, float]]:
    """Yield how a stretch of a line that is cited is placed, its left border, its width and its height."""
    stretches: list[tuple[float, float]] = []
    is_beside = False
    for word in line.words:
        part = _cited_part(word, cited)
        if part is None:
            is_beside = is_beside and word.start == word.end
        elif is_beside:
            stretches[-1] = (min(stretches[-1][0], part[0]), max(stretches[-1][1], part[1]))
        else:
            stretches.append(part)
            is_beside = True
    for left, right in stretches:
        yield _transform(line), round(left, 1), round(right - left, 1), round(line.height, 1)


def _cited_part(word: PlacedWord, cited: Passage) -> tuple[float, float] | None:
    """Return the borders of what is cited of a word, as if its letters had one width."""
    first, last = max(word.start, cited[0]), min(word.end, cited[1])
    if first >= last:
        return None
    width = (word.right - word.left) / (word.end - word.start)
    return word.left + (first - word.start) * width, word.left + (last - word.start) * width


def _transform(line: PlacedLine) -> str:
    turn = f" rotate({line.turn:.1f})" if abs(line.turn) > 0.05 else ""
    return f"translate({line.x:.1f} {line.y:.1f}){turn}"


def _shown(line: PlacedLine) -> ShownLine:
    """Return a line in which each word reaches to the next, if there is a space between them."""
    lefts = [*(word.left for word in line.words[1:]), line.width]
    ends = [
        left if word.text.endswith(" ") and left > word.left else word.right
        for word, left in zip(line.words, lefts, strict=True)
    ]
    return ShownLine(
        _transform(line),
        round(line.height * _BASELINE, 1),
        round(line.height * _SIZE, 1),
        tuple(
            (round(word.left, 1), max(round(end - word.left, 1), 0.1), word.text)
            for word, end in zip(line.words, ends, strict=True)
        ),
    )
