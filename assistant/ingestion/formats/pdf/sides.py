"""Tell whether columns are read one after the other, or row by row as those of a table.

They are columns of text if sentences go on from line to line on one side while the other side
goes on too or begins something else; they are a table if every line ends on both sides.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.ingestion.formats.pdf.fragments import Segment, middle
from assistant.ingestion.formats.pdf.lines import joined
from assistant.ingestion.formats.pdf.tables import in_rows, padded_rows

_COLUMN_GAP = 0.9
"""Columns of sentences have at least so many sizes of type between them; cells may stand closer."""
_SAME_BASELINE = 0.15
_FEWEST_ROWS = 3
_MOST_ROWS_OF_BLOCKS = 8
_BULLET = re.compile(r"(?:[-*+•‣◦–▪●■]|\(?\d{1,3}[.)])\s")
_DIVIDED = re.compile(r"[^\W\d_]{2}[-\u2010]$")
_MARK = re.compile(r"[^\W_][.,;:!?。、，؟،](?:\s|$)|[。、，]")

Column = Sequence[Segment]
Pair = tuple[Segment, Segment]


def reading_regions(columns: Sequence[Column]) -> list[list[Segment]]:
    """Return the columns with those of one table put together; nothing if the gaps mean nothing."""
    told = [_are_columns(left, right) for left, right in pairwise(columns)]
    if all(one is None for one in told):
        return []
    regions = [list(columns[0])]
    for is_border, column in zip(told, columns[1:], strict=True):
        if is_border:
            regions.append(list(column))
        else:
            regions[-1] += column
    for region in regions:
        region.sort(key=lambda segment: (segment.baseline, segment.left))
    return regions


def borders(column: Column) -> tuple[float, float]:
    """Return the left and the right border of a column."""
    return min(segment.left for segment in column), max(segment.right for segment in column)


def cells_of(
    line: Sequence[Segment], columns: Sequence[Column]
) -> Iterator[tuple[int, list[Segment]]]:
    """Yield what a line has in each column that it has something in."""
    for index, column in enumerate(columns):
        first, last = borders(column)
        part = [one for one in line if first <= one.left and one.right <= last]
        if part:
            yield index, part


def are_labelled(rows: Sequence[Sequence[Segment]]) -> bool:
    """Return whether lines in one type and lines in another follow on each other, as labels above values."""
    styles = [{(round(one.size), one.font) for one in row} for row in rows]
    return all(len(some) == 1 for some in styles) and all(
        styles[index] == styles[index % 2] != styles[1 - index % 2] for index in range(len(styles))
    )


def _are_columns(left: Column, right: Column) -> bool | None:
    """Return whether two columns are read one after the other; False for a table, None for neither."""
    if max(left[0].top, right[0].top) >= min(left[-1].bottom, right[-1].bottom):
        return None
    gap = borders(right)[0] - borders(left)[1]
    is_narrow = gap < _COLUMN_GAP * middle([one.size for one in (*left, *right)])
    rows = [
        {index: joined(part) for index, part in cells_of(line, (left, right))}
        for line in in_rows((*left, *right), _SAME_BASELINE)
    ]
    shared = [(row[0], row[1]) for row in rows if len(row) > 1]
    fewest = min(sum(index in row for row in rows) for index in (0, 1))
    if fewest == 1 and shared:
        return True if len(left) == 1 < len(right) and not is_narrow else None
    if fewest == 1 or len(shared) < 0.5 * fewest:
        return None if is_narrow else not _has_padded_rows(left, right)
    if not is_narrow and _are_side_by_side(shared, left, right):
        return True
    goes_on_down = _goes_on_down(rows, left, right)
    if is_narrow:
        is_dense = len(shared) >= _FEWEST_ROWS and len(shared) >= 0.7 * len(rows)
        return False if is_dense and not goes_on_down else None
    return goes_on_down


def _has_padded_rows(left: Column, right: Column) -> bool:
    """Return whether wide space parts rows, almost all with text on both sides."""
    rows = padded_rows((left, right)) or []
    full = sum(len(list(cells_of(row, (left, right)))) > 1 for row in rows)
    return full > 1 and full >= 0.8 * len(rows)


def _are_side_by_side(shared: Sequence[Pair], left: Column, right: Column) -> bool:
    """Return whether columns are lists, or blocks such as addresses, each line of another shape.

    In a table the cells of a column are alike, and labels are words.
    """
    if all(sum(_BULLET.match(one.text) is not None for one in side) > 1 for side in (left, right)):
        return True
    if all(side[0].text.endswith(":") for side in (left, right)):
        return not any(one.text.endswith(":") for one in (*left[1:], *right[1:]))
    if not 1 < len(shared) <= _MOST_ROWS_OF_BLOCKS or are_labelled(shared):
        return False
    shapes = [[_shape(joined(line).text) for line in in_rows(side)] for side in (left, right)]
    if any(sum(shape == "0" for shape in some) * 2 > len(some) for some in shapes):
        return False
    alike = [sum(a == b for a, b in pairwise(some)) * 2 >= len(some) for some in shapes]
    with_digits = [sum("0" in shape for shape in some) for some in shapes]
    if alike[0] or with_digits[0] * 2 < len(shapes[0]):
        return False
    is_of_labels = with_digits[1] == 0  # for what is further to the right
    return len(shapes[1]) > 2 and (is_of_labels or (not alike[1] and len(shared) > 2))


def _shape(text: str) -> str:
    """Return what the words of a text are: "0" with a digit in it, else "a"."""
    return "".join("0" if re.search(r"\d", word) else "a" for word in text.split())


def _goes_on_down(rows: Sequence[dict[int, Segment]], left: Column, right: Column) -> bool:
    """Return whether sentences go on from row to row more often than all lines end."""
    written = [any(_MARK.search(one.text) for one in side) for side in (left, right)]
    ends = [borders(left), borders(right)]
    votes = [
        _vote(above, below, ends, written)
        for above, below in pairwise(rows)
        if len(above) > 1 and len(below) > 1
    ]
    return votes.count(True) > votes.count(False)


def _vote(
    above: dict[int, Segment],
    below: dict[int, Segment],
    ends: Sequence[tuple[float, float]],
    written: Sequence[bool],
) -> bool | None:
    """Return whether a sentence goes on between two lines; False if all end, None if nothing tells.

    ``written`` tells which of the sides has sentences, by the marks that part or end them.
    """
    told = [goes_on(above[index], below[index], ends[index]) for index in (0, 1)]
    if any(one and is_written for one, is_written in zip(told, written, strict=True)):
        return True
    return False if any(one is False for one in told) else None


def goes_on(above: Segment, below: Segment, ends: tuple[float, float]) -> bool | None:
    """Return whether a line is full and the next goes on in small letters; None if it cannot be told."""
    if _DIVIDED.search(above.text) and below.text[0].islower():
        return True
    words = above.text.split()
    first = below.text.split(maxsplit=1)[0]
    needs = below.width * len(first) / len(below.text)
    is_full = above.right + needs > ends[1] - above.size
    if not is_full:
        return False
    if first[0].islower():
        return True if len(words) > 2 or above.text.endswith("-") else None
    is_uncased = first[0].isalpha() and not first[0].isupper()
    if is_uncased:
        return above.width > 12 * above.size
    return None if len(words) > 2 else False
