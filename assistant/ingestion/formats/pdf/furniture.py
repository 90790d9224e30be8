"""Find running heads, feet and page numbers, which would stand in the middle of sentences.

Only what surely is one: at one place in the margin of most pages, apart from the text, the same
words on all of them but for the page's own number.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.ingestion.formats.pdf.fragments import Segment, middle
from assistant.ingestion.formats.pdf.paragraphs import LIST_ITEM
from assistant.ingestion.formats.pdf.tables import in_rows
from assistant.text.lexicons import lexicon

_MARGIN = 0.12
"""The part of a page's height, at the top and at the bottom, that furniture stands in."""
_GAP = 1.0
"""Between furniture and text there are at least so many sizes of type."""
_MOST_ROWS = 3
_FEWEST_PAGES = 3
_MOST_PAGES = 0.4
"""The part of all pages: the heads of left and right pages may differ."""
_SAME_PLACE = 3.0
_SMALL_PRINT, _LARGE_PRINT = 0.95, 1.05
_SENTENCE = re.compile(r"(?:\S+\s+){3,}\S+[.!?;:,]$")
_NUMBERS = re.compile(r"\d+|(?<!\w)[ivxlc]+(?!\w)")
_WORD = re.compile(r"[^\W\d_]{2}")
_FRAME = " -–—|·•[](){}<>~_."
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"))
_ROMAN_ONES = ((4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The segments of a page, its top and bottom, its number from 1 and the number printed on it."""

    segments: Sequence[Segment]
    top: float
    bottom: float
    number: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A segment at the top or at the bottom of a page, and how far from there it stands.

    Lines one below another are of one ``stack``. ``has_text`` tells whether the page has more text.
    """

    segment: Segment
    sheet: Sheet
    distance: float
    is_alone: bool
    stack: int
    has_text: bool


def furniture(sheets: Sequence[Sheet]) -> set[int]:
    """Return the ``id`` of each segment that is no part of the text.

    A running head stays where it stands first. Page numbers go on all pages.
    """
    edges = [edge for sheet in sheets for edge in _edges(sheet)]
    body = middle([one.size for sheet in sheets for one in sheet.segments])
    offsets = _offsets(edges)
    numbers = [
        edge
        for edge in edges
        if _is_page_number(edge, offsets) and (edge.is_alone or len(sheets) > 1)
    ]
    dropped = {id(edge.segment) for edge in numbers} if len(numbers) * 2 > len(sheets) else set()
    rest = [edge for edge in edges if id(edge.segment) not in dropped]
    running = _running_edges(rest, offsets, body, len(sheets))
    stacked: dict[tuple[int, int], list[_Edge]] = defaultdict(list)
    for edge in rest:
        stacked[edge.sheet.number, edge.stack].append(edge)
    for stack in stacked.values():
        if all(id(edge.segment) in running for edge in stack):
            dropped.update(id(edge.segment) for edge in stack)
    return dropped - _first_shown(rest, dropped)


def _running_edges(
    edges: Sequence[_Edge], offsets: Mapping[int, set[int]], body: float, pages: int
) -> set[int]:
    """Return the ``id`` of each segment whose words stand at the same place of most pages."""
    groups: dict[tuple[str, bool], list[_Edge]] = defaultdict(list)
    for edge in edges:
        if text := _running(edge, offsets, body):
            groups[text, edge.distance > 0].append(edge)
    found: set[int] = set()
    for group in groups.values():
        place = middle([edge.distance for edge in group])
        there = [edge for edge in group if abs(edge.distance - place) <= _SAME_PLACE]
        is_small = all(edge.segment.size < _SMALL_PRINT * body for edge in there)
        least = max(2 if is_small else _FEWEST_PAGES, pages * _MOST_PAGES)
        if len({edge.sheet.number for edge in there if edge.has_text}) >= least:
            found.update(id(edge.segment) for edge in there)
    return found


def _first_shown(edges: Sequence[_Edge], dropped: set[int]) -> set[int]:
    """Return of each text that is dropped the first, which stays, unless it only counts the pages ("A-1")."""
    first: dict[str, int] = {}
    for edge in edges:
        text = without_numbers(edge.segment.text)
        if id(edge.segment) in dropped and _WORD.search(text):
            first.setdefault(text, id(edge.segment))
    return set(first.values())


def without_numbers(text: str) -> str:
    """Return a text with a zero in place of each number, so that the heads of all pages are alike."""
    return _NUMBERS.sub("0", text)


def _edges(sheet: Sheet) -> Iterator[_Edge]:
    """Yield what stands in the margins, apart from the text; distances from below are negative."""
    rows = in_rows(sheet.segments)
    height = (sheet.bottom - sheet.top) * _MARGIN
    top = [row for row in rows if row[0].bottom < sheet.top + height]
    bottom = [row for row in rows if row[0].top > sheet.bottom - height]
    rest = rows[len(top) : len(rows) - len(bottom)]
    while top and rest and not _is_apart(top[-1], rest[0]):
        rest.insert(0, top.pop())
    while bottom and rest and not _is_apart(rest[-1], bottom[0]):
        rest.append(bottom.pop(0))
    if not rest and len(top) + len(bottom) > 2 * _MOST_ROWS:
        return
    shown = [*((row, sheet.top) for row in top[:_MOST_ROWS])]
    shown += [(row, sheet.bottom) for row in bottom[-_MOST_ROWS:]]
    stack = 0
    for index, (row, border) in enumerate(shown):
        if index and _is_apart(shown[index - 1][0], row):
            stack += 1
        for one in row:
            distance = one.baseline - border
            yield _Edge(one, sheet, distance, len(row) == 1, stack, bool(rest))


def _is_apart(above: Sequence[Segment], below: Sequence[Segment]) -> bool:
    size = min(above[0].size, below[0].size)
    return below[0].top - above[0].bottom > _GAP * size


def _offsets(edges: Sequence[_Edge]) -> dict[int, set[int]]:
    """Return how much printed numbers exceed the count of the sheets, for each sheet; at least 0.

    One difference holds for all sheets. Others, as of the sheets before the first chapter, hold where
    two sheets in a row have it at the same place.
    """
    found: Counter[int] = Counter()
    placed: dict[tuple[int, int], set[int]] = defaultdict(set)
    for edge in edges:
        for number in re.findall(r"(?<!\w)(?:\d{1,5}|[ivxlc]{1,8})(?!\w)", edge.segment.text):
            if value := int(number) if number.isdigit() else _VALUES.get(number):
                found[value - edge.sheet.number] += 1
                if edge.is_alone and edge.segment.text.strip(_FRAME) == number:
                    place = round(edge.distance)
                    placed[value - edge.sheet.number, place].add(edge.sheet.number)
    usual = {offset for offset, count in found.most_common(1) if count >= 2}
    offsets = {edge.sheet.number: {0, *usual} for edge in edges}
    for (offset, _), sheets in placed.items():
        for number in sheets:
            if {number - 1, number + 1} & sheets:
                offsets[number].add(offset)
    return offsets


def _printed(sheet: Sheet, offsets: Mapping[int, set[int]]) -> set[str]:
    numbers = {sheet.number + offset for offset in offsets[sheet.number]}
    romans = {roman(number) for number in numbers if number > 0}
    return {*map(str, numbers), *romans, sheet.label} - {""}


def roman(number: int) -> str:
    """Return a number below 400 in small Roman numerals; empty above."""
    text = ""
    for value, sign in (*_ROMAN, *_ROMAN_ONES):
        while number >= value and number < 400:
            text += sign
            number -= value
    return text


_VALUES = {roman(number): number for number in range(1, 400)}


def _is_page_number(edge: _Edge, offsets: Mapping[int, set[int]]) -> bool:
    """Return whether a segment is nothing but the number of its page: "7", "- 7 -", "Page 7 of 9"."""
    text = edge.segment.text.strip(_FRAME)
    first, _, rest = text.partition(" ")
    if rest and first.strip(_FRAME).casefold() in lexicon("page_words"):
        text = rest.strip(_FRAME)
    parts = re.fullmatch(r"(\S+?)(?:\s*(?:/|\b[^\W\d]{1,4}\b)\s*(\d+))?", text)
    if parts is None:
        return False
    printed = _printed(edge.sheet, offsets)
    return parts[1].casefold() in printed or parts[1] in printed


def _running(edge: _Edge, offsets: Mapping[int, set[int]], body: float) -> str:
    """Return the text without the page's number; empty if it may belong to the text."""
    segment, text = edge.segment, edge.segment.text
    is_small = segment.size < _SMALL_PRINT * body
    if not is_small and (
        segment.size > _LARGE_PRINT * body
        or _SENTENCE.search(text)
        or LIST_ITEM.match(text)
        or text[0].islower()
    ):
        return ""
    for number in _printed(edge.sheet, offsets):
        match = re.match(rf"{re.escape(number)}(?!\w)\s*([|·•–—-]?)\s*(?=\S)", text) or re.search(
            rf"([|·•–—-]?)\s*(?<!\w){re.escape(number)}$", text
        )
        if match and (is_small or match[1]):
            return f"{text[: match.start()]}\0{text[match.end() :]}"
    return text
