"""Place the lines of a page on a picture of it, with the offsets of their words in the page's text."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import zip_longest

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.drawn_page import PARTS, PlacedLine, PlacedWord
from assistant.ingestion.formats.pdf.fragments import Fragment, ReadPage, Segment
from assistant.ingestion.formats.pdf.lines import has_space
from assistant.ingestion.formats.pdf.placing import offsets_of
from assistant.ingestion.formats.pdf.writing import lines_in_order
from assistant.types import Box

ToPicture = Callable[[int, float, float], tuple[float, float]]
"""Where a point of a layer is on the picture, in pixels; given by the layer's angle, its x and its y."""

_MOST_LINES = 5_000
_ASCENT, _DESCENT = 0.8, 0.25
"""How far letters reach above and below the baseline, in sizes of type."""
_LOOSEST = 2
"""A word whose characters are further apart in the text than so many times its length is not placed."""


def placed_lines(page: ReadPage, text: str, to_picture: ToPicture) -> Iterator[PlacedLine]:
    """Yield the lines of a page in the order of reading; ``text`` is what was read from the page."""
    lines = [(layer.angle, line) for layer in page.layers for line in lines_in_order(layer)]
    lines = lines[:_MOST_LINES]
    words = [fragment.text for _, line in lines for fragment in line.fragments]
    offsets = iter(offsets_of(words, text))
    for angle, line in lines:
        known = [next(offsets) for _ in line.fragments]
        if line.right > line.left:
            yield _placed(line, known, partial(to_picture, angle))


def with_boxes(found: Extracted, pages: Sequence[ReadPage]) -> Extracted:
    """Return the text of pages with the places of the lines that were recognised in pictures."""
    return replace(
        found,
        boxes=tuple(
            box
            for number, page in enumerate(pages)
            if page.is_recognised
            for box in _boxes(page, found, number)
        ),
    )


def _boxes(page: ReadPage, found: Extracted, number: int) -> Iterator[Box]:
    start, end, *_ = (*found.page_starts[number:], len(found.text))
    borders = page.layers[0]
    across, down = PARTS / borders.right, PARTS / borders.bottom
    for line in placed_lines(page, found.text[start:end], lambda _, x, y: (x * across, y * down)):
        known = [word for word in line.words if word.end > word.start]
        if known:
            first, last = min(word.start for word in known), max(word.end for word in known)
            left, top, right, bottom = map(
                round, (line.x, line.y, line.x + line.width, line.y + line.height)
            )
            yield start + first, start + last, left, top, right, bottom


def _placed(
    line: Segment,
    offsets: Sequence[Sequence[int]],
    to_picture: Callable[[float, float], tuple[float, float]],
) -> PlacedLine:
    top, bottom = (line.baseline + part * line.size for part in (-_ASCENT, _DESCENT))
    corner = to_picture(line.left, top)
    end, below = to_picture(line.right, top), to_picture(line.left, bottom)
    width = math.dist(corner, end)
    scale = width / (line.right - line.left)
    turn = math.degrees(math.atan2(end[1] - corner[1], end[0] - corner[0]))
    words = [
        _word(fragment, after, found, line.left, scale)
        for fragment, after, found in zip_longest(line.fragments, line.fragments[1:], offsets)
    ]
    return PlacedLine(*corner, width, math.dist(corner, below), turn, tuple(words))


def _word(
    fragment: Fragment, after: Fragment | None, offsets: Sequence[int], left: float, scale: float
) -> PlacedWord:
    """Return a word, with a space if one follows in the line."""
    space = " " if after is not None and has_space(fragment, after) else ""
    start, end = (min(offsets), max(offsets) + 1) if offsets else (0, 0)
    if end - start > _LOOSEST * len(fragment.text):
        start = end = 0
    first, last = ((border - left) * scale for border in (fragment.left, fragment.right))
    return PlacedWord(fragment.text + space, first, last, start, end)
