"""Find the white strips between columns, and the parts of a page that have different ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from assistant.ingestion.formats.pdf.fragments import Segment, middle
from assistant.ingestion.formats.pdf.lines import WIDE_GAP
from assistant.ingestion.formats.pdf.sides import reading_regions

_BOX_GAP = 1.5
_MOST_TRIES = 8
_FAR_APART = 1.5
"""Parts of a page that have nothing to do with each other stand so many sizes of type apart, or more."""
_MOST_GAPS = 4


@dataclass(frozen=True, slots=True)
class Strip:
    """A part of a page in which a gutter is white from top to bottom: what is above, in it, below.

    The score is the number of lines on both sides, whether no line is cut in two, and the width.
    """

    above: list[Segment]
    band: list[Segment]
    below: list[Segment]
    score: tuple[int, bool, float]


def division(segments: Sequence[Segment]) -> tuple[Strip | None, list[list[Segment]]]:
    """Return the strip that most lines stand on both sides of, and its columns; None if there is none."""
    if len(segments) < 3:
        return None, []
    strips = [strip for x in _candidates(segments) for strip in _strips(segments, x)]
    for strip in sorted(strips, key=lambda strip: strip.score, reverse=True)[:_MOST_TRIES]:
        columns = columns_of(strip.band)
        if reading_regions(columns):
            return strip, columns
    return None, []


def _candidates(segments: Sequence[Segment]) -> list[float]:
    """Return where gutters may end: the left borders of what has something to its left."""
    found: list[float] = []
    leftmost = min(segment.left for segment in segments)
    for left in sorted({segment.left for segment in segments}):
        if left > leftmost + 1 and (not found or left > found[-1] + 1):
            found.append(left)
    return found


def _strips(segments: Sequence[Segment], x: float) -> Iterator[Strip]:
    """Yield the parts in which nothing stands in the gutter that ends at ``x``."""
    ends = [index for index, one in enumerate(segments) if _is_in_the_way(one, x)]
    for before, after in pairwise((-1, *ends, len(segments))):
        first, last = before + 1, after
        while first < last and before >= 0 and _pokes(segments[before], segments[first], x):
            first += 1
        while first < last < len(segments) and _pokes(segments[after], segments[last - 1], x):
            last -= 1
        strip = _strip(segments, first, last, x)
        if strip is not None:
            yield strip


def _pokes(one: Segment, beside: Segment, x: float) -> bool:
    """Return whether a segment but touches a gutter, so that it is one line with what is beside it."""
    return one.right < x + one.size and _in_one_line(one, beside)


def _is_in_the_way(segment: Segment, x: float) -> bool:
    return segment.left < x - 0.5 < segment.right + WIDE_GAP * segment.size - 0.5


def _strip(segments: Sequence[Segment], first: int, last: int, x: float) -> Strip | None:
    band = list(segments[first:last])
    lefts = [segment for segment in band if segment.right < x]
    rights = [segment for segment in band if segment.right >= x]
    if not lefts or not rights or len(band) < 3:
        return None
    width = x - max(segment.right for segment in lefts)
    counts = sorted((_height(lefts), _height(rights)))
    is_box = counts[1] >= 3 and width >= _BOX_GAP * usual_size(band)
    if counts[0] < 2 and not is_box:
        return None
    if not _overlap(lefts, rights):
        return None
    above, below = list(segments[:first]), list(segments[last:])
    is_whole = not any(
        _in_one_line(part[-1], after[0]) for part, after in _borders(above, band, below)
    )
    return Strip(above, band, below, (counts[0], is_whole, width))


def _borders(*parts: list[Segment]) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Yield each two parts that follow on each other."""
    return pairwise(part for part in parts if part)


def _in_one_line(one: Segment, other: Segment) -> bool:
    return abs(one.baseline - other.baseline) < 0.1 * other.size


def _overlap(lefts: Sequence[Segment], rights: Sequence[Segment]) -> bool:
    """Return whether two columns stand beside each other, not one above the other."""
    top = max(lefts[0].top, rights[0].top)
    return top < min(lefts[-1].bottom, rights[-1].bottom)


def _height(column: Sequence[Segment]) -> int:
    return len({round(segment.baseline) for segment in column})


def usual_size(segments: Sequence[Segment]) -> float:
    """Return the size of type that is in the middle of all."""
    return middle([segment.size for segment in segments])


def columns_of(band: Sequence[Segment]) -> list[list[Segment]]:
    """Return the segments of each column, of as many as have white between them all the way."""
    columns: list[list[Segment]] = []
    border = 0.0
    for segment in sorted(band, key=lambda segment: segment.left):
        if not columns or segment.left - border >= WIDE_GAP * segment.size:
            columns.append([])
            border = segment.right
        columns[-1].append(segment)
        border = max(border, segment.right)
    for column in columns:
        column.sort(key=lambda segment: (segment.baseline, segment.left))
    return columns


def stacked_parts(segments: Sequence[Segment]) -> list[Sequence[Segment]]:
    """Return the parts that stand far apart one below another, and are set in other columns.

    A table of three columns below text in two, or below an address beside a date, has nothing to do
    with the gutter of these, though that may be white all the way down.
    """
    for border in _wide_gaps(segments):
        upper, lower = segments[:border], segments[border:]
        kinds = [_kind_of(division(part)[1]) for part in (upper, lower)]
        if all(count > 1 for count, _ in kinds) and kinds[0] != kinds[1]:
            return [upper, *stacked_parts(lower)]
    return [segments]


def _kind_of(columns: Sequence[Sequence[Segment]]) -> tuple[int, bool]:
    """Return how many columns there are, and whether all are those of one table."""
    return len(columns), len(columns) > 1 and len(reading_regions(columns)) == 1


def _wide_gaps(segments: Sequence[Segment]) -> list[int]:
    """Return where there is white from side to side, as high as some lines; the highest few of them."""
    bottoms = list(accumulate((segment.bottom for segment in segments), max))
    gaps = [
        (after.top - bottom, index)
        for index, (bottom, after) in enumerate(zip(bottoms, segments[1:], strict=False), start=1)
        if after.top - bottom > _FAR_APART * after.size
    ]
    return sorted(index for _, index in sorted(gaps)[-_MOST_GAPS:])
