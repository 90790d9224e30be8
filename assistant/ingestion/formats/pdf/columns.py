"""Find in which order the segments of a page are read: columns, boxes beside text, tables.

A gutter is a white strip with text on both sides. What stands beside it is read column by column
if sentences go on from line to line on one side while the other side begins something else, and
row by row if every line ends on both sides.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingestion.formats.pdf.fragments import Segment, middle
from assistant.ingestion.formats.pdf.lines import WIDE_GAP, joined
from assistant.ingestion.formats.pdf.tables import in_rows, padded_rows, table_rows

_COLUMN_GAP = 0.9
"""Columns of sentences have at least so many sizes of type between them; cells may stand closer."""
_BOX_GAP = 1.5
_SAME_BASELINE = 0.15
_FEWEST_ROWS = 3
_MARK = re.compile(r"[^\W_][.,;:!?。、，؟،](?:\s|$)|[。、，]")
_BULLET = re.compile(r"(?:[-*+•‣◦–▪●■]|\(?\d{1,3}[.)])\s")
_MOST_ROWS_OF_BLOCKS = 8
_MOST_TRIES = 8
_TEXT_BESIDE_BOX = 1.4
_GROUP_GAP = 1.8
"""Parts of a table that stand further apart than so many lines are tables of their own."""
_GOES_ON_STEP = 1.6


@dataclass(frozen=True, slots=True)
class TextBlock:
    """Lines that are read one after the other, and the borders of the column they stand in."""

    lines: tuple[Segment, ...]
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class TableBlock:
    """Rows of a table, or pairs of labels and values."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Strip:
    """A part of a page in which a gutter is white from top to bottom: what is above, in it, below."""

    above: list[Segment]
    band: list[Segment]
    below: list[Segment]
    score: tuple[int, float]


def read_in_order(
    segments: Sequence[Segment], left: float, right: float
) -> Iterator[TextBlock | TableBlock]:
    """Yield the blocks of a page, or of a part between two borders, in the order of reading."""
    strip, columns, by_column = _division(segments)
    if strip is None:
        if segments:
            yield _text_block(segments, left, right)
    elif by_column:
        yield from _column_by_column(strip, columns, left, right)
    elif len(parts := _parts(columns)) > 1:
        parts[0] = strip.above + parts[0]
        parts[-1] = parts[-1] + strip.below
        for part in parts:
            yield from read_in_order(part, left, right)
    else:
        yield from read_in_order(strip.above, left, right)
        yield from _as_table(columns, left, right)
        yield from read_in_order(strip.below, left, right)


def _column_by_column(
    strip: _Strip, columns: Sequence[list[Segment]], left: float, right: float
) -> Iterator[TextBlock | TableBlock]:
    """Yield the blocks of columns one after the other; a box comes after the text that runs around it."""
    lefts = [min(segment.left for segment in column) for column in columns]
    ends = [*(next_left - _size(strip.band) for next_left in lefts[1:]), right]
    box = _box_in_text(columns, strip)
    yield from read_in_order(strip.above, left, right)
    if box is not None:
        text = 1 - box
        yield from read_in_order(columns[text], lefts[text], ends[text])
        yield from read_in_order(strip.below, left, right)
        yield from read_in_order(columns[box], lefts[box], ends[box])
        return
    heading = _heading_below(columns, strip)
    for column, first, last in zip(columns, lefts, ends, strict=True):
        yield from read_in_order([one for one in column if one not in heading], first, last)
    yield from read_in_order([*heading, *strip.below], left, right)


def _heading_below(columns: Sequence[list[Segment]], strip: _Strip) -> list[Segment]:
    """Return the last lines of the first column if they are the heading of what is below the columns."""
    if not strip.below:
        return []
    others = max(segment.bottom for column in columns[1:] for segment in column)
    lines = [segment for segment in columns[0] if segment.top > others]
    for count in (1, 2):
        if len(columns[0]) <= count or len(lines) < count:
            return []
        before, heading = columns[0][-count - 1], columns[0][-count:]
        above = heading[0].baseline - before.baseline
        below = strip.below[0].baseline - heading[-1].baseline
        if below < above and above > _GOES_ON_STEP * before.size:
            return heading
    return []


def _division(
    segments: Sequence[Segment],
) -> tuple[_Strip | None, list[list[Segment]], bool]:
    """Return the strip that most lines stand on both sides of, its columns, and whether they are read one by one."""
    if len(segments) < 3:
        return None, [], False
    strips = [strip for x in _candidates(segments) for strip in _strips(segments, x)]
    for strip in sorted(strips, key=lambda strip: strip.score, reverse=True)[:_MOST_TRIES]:
        columns = _columns(strip.band)
        by_column = _reads_by_column(columns)
        if by_column is not None:
            return strip, columns, by_column
    return None, [], False


def _candidates(segments: Sequence[Segment]) -> list[float]:
    """Return where gutters may end: the left borders of what has something to its left."""
    found: list[float] = []
    leftmost = min(segment.left for segment in segments)
    for left in sorted({segment.left for segment in segments}):
        if left > leftmost + 1 and (not found or left > found[-1] + 1):
            found.append(left)
    return found


def _strips(segments: Sequence[Segment], x: float) -> Iterator[_Strip]:
    """Yield the parts in which nothing stands in the gutter that ends at ``x``."""
    first = 0
    for index in range(len(segments) + 1):
        is_end = index == len(segments)
        if is_end or _is_in_the_way(segments[index], x):
            strip = _strip(segments, first, index, x)
            if strip is not None:
                yield strip
            first = index + 1


def _is_in_the_way(segment: Segment, x: float) -> bool:
    return segment.left < x - 0.5 < segment.right + WIDE_GAP * segment.size - 0.5


def _strip(segments: Sequence[Segment], first: int, last: int, x: float) -> _Strip | None:
    band = list(segments[first:last])
    lefts = [segment for segment in band if segment.right < x]
    rights = [segment for segment in band if segment.right >= x]
    if not lefts or not rights or len(band) < 3:
        return None
    width = x - max(segment.right for segment in lefts)
    counts = sorted((_height(lefts), _height(rights)))
    is_box = counts[1] >= 3 and width >= _BOX_GAP * _size(band)
    if counts[0] < 2 and not is_box:
        return None
    if not _overlap(lefts, rights):
        return None
    return _Strip(list(segments[:first]), band, list(segments[last:]), (counts[0], width))


def _overlap(lefts: Sequence[Segment], rights: Sequence[Segment]) -> bool:
    """Return whether two columns stand beside each other, not one above the other."""
    top = max(lefts[0].top, rights[0].top)
    return top < min(lefts[-1].bottom, rights[-1].bottom)


def _height(column: Sequence[Segment]) -> int:
    return len({round(segment.baseline) for segment in column})


def _size(segments: Sequence[Segment]) -> float:
    return middle([segment.size for segment in segments])


def _borders(segments: Sequence[Segment]) -> tuple[float, float]:
    return min(segment.left for segment in segments), max(segment.right for segment in segments)


def _columns(band: Sequence[Segment]) -> list[list[Segment]]:
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


def _reads_by_column(columns: Sequence[Sequence[Segment]]) -> bool | None:
    """Return whether sentences run down the columns; False for a table, None for neither."""
    gaps = [_borders(after)[0] - _borders(before)[1] for before, after in pairwise(columns)]
    everything = [segment for column in columns for segment in column]
    is_narrow = max(gaps) < _COLUMN_GAP * _size(everything)
    rows = [
        {index: joined(row) for index, row in _by_column(line, columns)}
        for line in in_rows(everything, _SAME_BASELINE)
    ]
    shared = sum(len(row) > 1 for row in rows)
    counts = sorted(sum(index in row for row in rows) for index in range(len(columns)))
    if counts[-2] == 1 and shared:
        return True if len(columns[0]) == 1 and not is_narrow else None
    if counts[-2] == 1 or shared < 0.5 * counts[-2]:
        return None if is_narrow else not _has_padded_rows(columns)
    if not is_narrow and _are_side_by_side(rows, columns):
        return True
    votes = [_vote(above, below, columns) for above, below in pairwise(rows)]
    goes_on_down = votes.count(True) > votes.count(False) and _has_sentences(columns)
    if is_narrow:
        is_dense = shared >= _FEWEST_ROWS and shared >= 0.7 * len(rows)
        return False if is_dense and not goes_on_down else None
    return goes_on_down


def _by_column(
    line: Sequence[Segment], columns: Sequence[Sequence[Segment]]
) -> Iterator[tuple[int, list[Segment]]]:
    for index, column in enumerate(columns):
        first, last = _borders(column)
        part = [s for s in line if first <= s.left and s.right <= last]
        if part:
            yield index, part


def _has_padded_rows(columns: Sequence[Sequence[Segment]]) -> bool:
    """Return whether wide space parts rows, almost all with text in more than one column."""
    rows = padded_rows(columns) or []
    full = sum(len(list(_by_column(row, columns))) > 1 for row in rows)
    return full > 1 and full >= 0.8 * len(rows)


def _has_sentences(columns: Sequence[Sequence[Segment]]) -> bool:
    """Return whether most columns have a mark that parts or ends sentences; lines of a table have none."""
    marked = sum(any(_MARK.search(segment.text) for segment in column) for column in columns)
    return marked * 2 > len(columns)


def _are_side_by_side(
    rows: Sequence[dict[int, Segment]], columns: Sequence[Sequence[Segment]]
) -> bool:
    """Return whether columns are lists, or blocks such as addresses, each line of another shape.

    In a table the cells of a column are alike, and labels are words.
    """
    listed = [sum(_BULLET.match(one.text) is not None for one in column) for column in columns]
    if sum(count > 1 for count in listed) > 1:
        return True
    if not 2 < len(rows) <= _MOST_ROWS_OF_BLOCKS:
        return False
    shapes = [[_shape(joined(line).text) for line in in_rows(column)] for column in columns]
    if any(sum(shape == "0" for shape in some) * 2 > len(some) for some in shapes):
        return False
    alike = [sum(a == b for a, b in pairwise(some)) * 2 >= len(some) for some in shapes]
    with_digits = sum("0" in shape for shape in shapes[0])
    return not any(alike) and with_digits * 2 >= len(shapes[0])


def _shape(text: str) -> str:
    """Return what the words of a text are: "0" with a digit in it, else "a"."""
    return "".join("0" if re.search(r"\d", word) else "a" for word in text.split())


def _vote(
    above: dict[int, Segment], below: dict[int, Segment], columns: Sequence[Sequence[Segment]]
) -> bool | None:
    """Return whether a sentence goes on between two lines; False if all end, None if nothing tells."""
    both = [index for index in above if index in below]
    if len(both) < 2:
        return None
    told = [goes_on(above[index], below[index], _borders(columns[index])) for index in both]
    if any(told):
        return True
    return False if any(one is False for one in told) else None


def goes_on(above: Segment, below: Segment, borders: tuple[float, float]) -> bool | None:
    """Return whether a line is full and the next goes on in small letters; None if it cannot be told."""
    words = above.text.split()
    first = below.text.split(maxsplit=1)[0]
    needs = below.width * len(first) / len(below.text)
    is_full = above.right + needs > borders[1] - above.size
    if not is_full:
        return False
    if first[0].islower():
        return True if len(words) > 2 or above.text.endswith("-") else None
    is_uncased = first[0].isalpha() and not first[0].isupper()
    if is_uncased:
        return above.width > 12 * above.size
    return None if len(words) > 2 else False


def _box_in_text(columns: Sequence[Sequence[Segment]], strip: _Strip) -> int | None:
    """Return which of two columns is a box that text runs around, to what is below."""
    if len(columns) != 2:
        return None
    runs = [_runs_on(column, strip) for column in columns]
    if runs[0] != runs[1]:
        return runs.index(False)
    widths = [last - first for first, last in map(_borders, columns)]
    if not any(runs) or max(widths) < _TEXT_BESIDE_BOX * min(widths):
        return None
    return widths.index(min(widths))


def _runs_on(column: Sequence[Segment], strip: _Strip) -> bool:
    """Return whether the text of a column goes on below at the usual distance, in the same type."""
    if not strip.below:
        return False
    last, following = column[-1], strip.below[0]
    left, right = _borders(column)
    return (
        following.baseline - last.baseline <= _GOES_ON_STEP * last.size
        and abs(following.size - last.size) < 0.5
        and (abs(following.left - left) < last.size or following.right > right - 4 * last.size)
        and not last.text.endswith(":")
    )


def _parts(columns: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Return the tables that stand one below another with wide space between."""
    rows = in_rows([segment for column in columns for segment in column])
    steps = [after[0].baseline - before[0].baseline for before, after in pairwise(rows)]
    wide = _GROUP_GAP * max(middle(steps), 1.2 * rows[0][0].size)
    parts = [[rows[0]]]
    for step, row in zip(steps, rows[1:], strict=True):
        if step > wide:
            parts.append([])
        parts[-1].append(row)
    whole = parts[:1]
    for part in parts[1:]:
        if _is_table(whole[-1], columns) and _is_table(part, columns):
            whole.append(part)
        else:
            whole[-1] += part
    return [[segment for row in part for segment in row] for part in whole]


def _is_table(rows: Sequence[Sequence[Segment]], columns: Sequence[Sequence[Segment]]) -> bool:
    """Return whether at least two lines have text in more than one column."""
    return sum(len(list(_by_column(row, columns))) > 1 for row in rows) > 1


def _as_table(
    columns: Sequence[Sequence[Segment]], left: float, right: float
) -> Iterator[TextBlock | TableBlock]:
    """Yield the rows of a table, and before and after it the lines that have but one cell."""
    rows = table_rows(columns)
    filled = [index for index, row in enumerate(rows) if not row.is_line]
    first, last = filled[0], filled[-1] + 1
    if first:
        yield _text_block([line for row in rows[:first] for line in row.lines], left, right)
    table = rows[first:last]
    yield TableBlock(
        tuple(row.cells for row in table), tuple(line for row in table for line in row.lines)
    )
    if last < len(rows):
        yield _text_block([line for row in rows[last:] for line in row.lines], left, right)


def _text_block(some: Sequence[Segment], left: float, right: float) -> TextBlock:
    return TextBlock(tuple(joined(row) for row in in_rows(some)), left, right)
