"""Find in which order the segments of a page are read: columns, boxes beside text, tables.

A gutter is a white strip with text on both sides. Whether what stands beside it is read column by
column or row by row is decided in ``sides``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.ingestion.formats.pdf.fragments import Segment, middle
from assistant.ingestion.formats.pdf.gutters import Strip, division, stacked_parts, usual_size
from assistant.ingestion.formats.pdf.lines import joined
from assistant.ingestion.formats.pdf.sides import are_labelled, borders, cells_of, reading_regions
from assistant.ingestion.formats.pdf.tables import Row, in_rows, table_rows

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
    """Rows of a table, or pairs of labels and values, and the number of lines of each row."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[Segment, ...]
    counts: tuple[int, ...] = ()


def read_in_order(
    segments: Sequence[Segment], left: float, right: float
) -> Iterator[TextBlock | TableBlock]:
    """Yield the blocks of a page, or of a part between two borders, in the order of reading."""
    stacked = stacked_parts(segments)
    if len(stacked) > 1:
        for part in stacked:
            yield from read_in_order(part, left, right)
        return
    strip, columns = division(segments)
    if strip is None:
        if segments:
            yield _text_block(segments, left, right)
        return
    regions = reading_regions(columns)
    if len(regions) > 1:
        yield from _column_by_column(strip, regions, left, right)
    elif lead := _lead(columns):
        yield from read_in_order([*strip.above, *lead], left, right)
        rest = [segment for segment in strip.band if segment not in lead]
        yield from read_in_order([*rest, *strip.below], left, right)
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
    strip: Strip, columns: Sequence[list[Segment]], left: float, right: float
) -> Iterator[TextBlock | TableBlock]:
    """Yield the blocks of columns one after the other; a box comes after the text that runs around it."""
    lefts = [min(segment.left for segment in column) for column in columns]
    ends = [*(next_left - usual_size(strip.band) for next_left in lefts[1:]), right]
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


def _heading_below(columns: Sequence[list[Segment]], strip: Strip) -> list[Segment]:
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


def _box_in_text(columns: Sequence[Sequence[Segment]], strip: Strip) -> int | None:
    """Return which of two columns is a box that text runs around, to what is below."""
    if len(columns) != 2:
        return None
    runs = [_runs_on(column, strip) for column in columns]
    if runs[0] != runs[1]:
        return runs.index(False)
    widths = [last - first for first, last in map(borders, columns)]
    if not any(runs) or max(widths) < _TEXT_BESIDE_BOX * min(widths):
        return None
    return widths.index(min(widths))


def _runs_on(column: Sequence[Segment], strip: Strip) -> bool:
    """Return whether the text of a column goes on below at the usual distance, in the same type."""
    if not strip.below:
        return False
    last, following = column[-1], strip.below[0]
    left, right = borders(column)
    return (
        following.baseline - last.baseline <= _GOES_ON_STEP * last.size
        and abs(following.size - last.size) < 0.5
        and (abs(following.left - left) < last.size or following.right > right - 4 * last.size)
        and not last.text.endswith(":")
    )


def _lead(columns: Sequence[Sequence[Segment]]) -> list[Segment]:
    """Return the lines above the first row of a table, such as its title."""
    rows = in_rows([segment for column in columns for segment in column])
    last = next((index for index, row in enumerate(rows) if len(row) > 1), 0)
    lead = [segment for row in rows[:last] for segment in row]
    return lead if all(segment in columns[0] for segment in lead) else []


def _parts(columns: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Return the tables that stand one below another with wide space between."""
    rows = in_rows([segment for column in columns for segment in column])
    if len(rows) > 2 and len(rows) % 2 == 0 and are_labelled(rows):
        pairs = zip(rows[::2], rows[1::2], strict=True)
        return [[*labels, *values] for labels, values in pairs]
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
    return sum(len(list(cells_of(row, columns))) > 1 for row in rows) > 1


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
    if _is_of_pairs(table):
        table = [
            Row((label, value), lines)
            for label, value, lines in zip(
                *(row.cells for row in table),
                zip(*(row.lines for row in table), strict=True),
                strict=True,
            )
        ]
    yield TableBlock(
        tuple(row.cells for row in table),
        tuple(line for row in table for line in row.lines),
        tuple(len(row.lines) for row in table),
    )
    if last < len(rows):
        yield _text_block([line for row in rows[last:] for line in row.lines], left, right)


def _is_of_pairs(table: Sequence[Row]) -> bool:
    """Return whether labels stand side by side, each above its value: then each pair is a row."""
    return (
        len(table) == 2
        and all(len(row.lines) == len(row.cells) and all(row.cells) for row in table)
        and are_labelled([row.lines for row in table])
    )


def _text_block(some: Sequence[Segment], left: float, right: float) -> TextBlock:
    return TextBlock(tuple(joined(row) for row in in_rows(some)), left, right)
