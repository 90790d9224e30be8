"""Make rows of the columns of a table: cells that run over several lines are one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.joining import joined_lines

_SAME_ROW = 0.35
_FEWEST_WORDS = 3
_PADDING = 0.25
"""Rows stand further apart than the lines of a cell by so many sizes of type, or more."""


@dataclass(frozen=True, slots=True)
class Row:
    """The text of each cell, empty where a column has none, and the lines it was made of."""

    cells: tuple[str, ...]
    lines: tuple[Segment, ...]

    @property
    def is_line(self) -> bool:
        """Whether only the first cell has text, as in a heading above the table."""
        return not any(self.cells[1:])


def in_rows(segments: Sequence[Segment], tolerance: float = _SAME_ROW) -> list[list[Segment]]:
    """Return the segments of each line, from left to right; baselines may differ a little."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: segment.baseline):
        if rows and segment.baseline - rows[-1][0].baseline <= tolerance * segment.size:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda segment: segment.left)
    return rows


def table_rows(columns: Sequence[Sequence[Segment]]) -> list[Row]:
    """Return the rows of a table, with what goes on in the next line in the same cell."""
    of_column = {id(s): index for index, column in enumerate(columns) for s in column}
    everything = [segment for column in columns for segment in column]
    rows = []
    for line in padded_rows(columns) or in_rows(everything):
        cells: list[list[Segment]] = [[] for _ in columns]
        for segment in line:
            cells[of_column[id(segment)]].append(segment)
        rows.append(cells)
    rights = [max(segment.right for segment in column) for column in columns]
    return [
        Row(tuple(map(_text, row)), tuple(segment for cell in row for segment in cell))
        for row in _with_rests(rows, rights)
    ]


def padded_rows(columns: Sequence[Sequence[Segment]]) -> list[list[Segment]] | None:
    """Return the segments of each row if rows stand further apart than the lines of their cells.

    None if they do not: then each line is a row.
    """
    of_column = {id(s): index for index, column in enumerate(columns) for s in column}
    ordered = sorted((s for column in columns for s in column), key=lambda segment: segment.top)
    bottoms = accumulate((segment.bottom for segment in ordered), max)
    gaps = [after.top - bottom for bottom, after in zip(bottoms, ordered[1:], strict=False)]
    distances = sorted(max(gap, 0.0) for gap in gaps)
    steps = [(after - before, after) for before, after in pairwise(distances)]
    if not steps:
        return None
    step, border = max(steps)
    within = min(
        (b.top - a.bottom for column in columns for a, b in pairwise(column) if b.top > a.bottom),
        default=0.0,
    )
    if min(step, border - within) < _PADDING * ordered[0].size:
        return None
    rows = [[ordered[0]]]
    for gap, segment in zip(gaps, ordered[1:], strict=True):
        if gap >= border:
            rows.append([])
        rows[-1].append(segment)
    for row in rows:
        row.sort(key=lambda segment: (segment.baseline, segment.left))
    return rows if len(rows) > 1 and _are_rows(rows, of_column) else None


def _are_rows(rows: Sequence[Sequence[Segment]], of_column: dict[int, int]) -> bool:
    """Return whether what wide space parts are rows, and no groups of rows.

    In most rows one line has text in more than one column. In the others each line below the first
    goes on with some of the cells of that, not with all.
    """
    wrapped = 0
    for row in rows:
        first, *below = ({of_column[id(one)] for one in line} for line in in_rows(row))
        if sum(len(some) > 1 for some in (first, *below)) > 1:
            wrapped += 1
            if not all(some < first for some in below):
                return False
    return 3 * wrapped <= len(rows)


def _with_rests(
    rows: Sequence[list[list[Segment]]], rights: Sequence[float]
) -> list[list[list[Segment]]]:
    """Return the rows, each with the line below that holds but the rest of its cells."""
    whole: list[list[list[Segment]]] = []
    for cells in rows:
        if whole and _continues(whole[-1], cells, rights):
            for cell, more in zip(whole[-1], cells, strict=True):
                cell.extend(more)
        else:
            whole.append(cells)
    return whole


def _continues(
    row: Sequence[Sequence[Segment]], cells: Sequence[Sequence[Segment]], rights: Sequence[float]
) -> bool:
    """Return whether a line holds but the rest of some cells of the row above."""
    filled = [index for index, cell in enumerate(cells) if cell]
    begun = [index for index, cell in enumerate(row) if cell]
    if set(begun) < set(filled):  # the other cells stand beside the last line of these
        return all(
            cells[index][0].text[0].islower() and _is_near(row[index][-1], cells[index][0])
            for index in begun
        )
    if not any(cell and not cells[index] for index, cell in enumerate(row)):
        return False
    return all(
        row[index] and _is_rest(row[index][-1], cells[index][0], rights[index]) for index in filled
    )


def _is_rest(above: Segment, below: Segment, right: float) -> bool:
    if not _is_near(above, below):
        return False
    if below.text[0].islower() or above.text.endswith(("-", ",", "(")):
        return True
    if len(above.text.split()) < _FEWEST_WORDS:
        return False
    first = below.text.split(maxsplit=1)[0]
    is_full = above.right + below.width * len(first) / len(below.text) > right - above.size / 2
    return is_full and first[0].isalpha()


def _is_near(above: Segment, below: Segment) -> bool:
    return below.baseline - above.baseline <= 1.6 * above.size


def _text(cell: Sequence[Segment]) -> str:
    """Return the text of a cell; what stands apart in one line of it stays apart."""
    text = cell[0].text if cell else ""
    for before, after in pairwise(cell):
        if after.baseline - before.baseline > _SAME_ROW * after.size:
            text = joined_lines(text, after.text)
        else:
            is_apart = after.left - before.right > after.size
            text += f" | {after.text}" if is_apart else f" {after.text}"
    return text
