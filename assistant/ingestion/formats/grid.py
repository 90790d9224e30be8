"""Tables with merged cells as rows of equal length: a value stands in every row and column that it spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

_MOST_COLUMNS = 200
_LONGEST_REPEATED = 300
"""Characters of a text that is written once for each row that it spans; a longer one is written once."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: how many rows and columns it spans, and the table that it holds, if it holds one.

    ``rows`` is 0 for a cell that reaches to the end of the table.
    """

    text: str
    rows: int = 1
    columns: int = 1
    table: Sequence[Sequence["Cell"]] = ()


@dataclass(frozen=True, slots=True)
class _Placed:
    cell: Cell
    row: int
    column: int
    rows: int
    columns: int


def table_rows(table: Sequence[Sequence[Cell]], header_rows: int = 1) -> list[list[str]]:
    """Return the texts of the rows, the rows of the header joined to one.

    A table within a cell takes a row for each of its rows, beside which the outer values repeat.
    A row that one cell spans wholly has this one text.
    """
    rows = _expanded(_placed(table), len(table))
    has_tables = any(cell.table for row in table[:header_rows] for cell in row)
    if 1 < header_rows < len(table) and not has_tables:
        rows[:header_rows] = _joined(rows[:header_rows])
    return rows


def _placed(table: Sequence[Sequence[Cell]]) -> list[_Placed]:
    """Return the cells with their places, beside those that reach down from above."""
    found: list[_Placed] = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(table):
        column = 0
        for cell in row:
            while (number, column) in taken:
                column += 1
            below = len(table) - number
            rows = min(cell.rows, below) if cell.rows > 0 else below
            columns = max(1, min(cell.columns, _MOST_COLUMNS))
            taken |= {
                (number + down, column + right) for down in range(rows) for right in range(columns)
            }
            found.append(_Placed(cell, number, column, rows, columns))
            column += columns
    return found


def _expanded(placed: Sequence[_Placed], count: int) -> list[list[str]]:
    """Return the rows of text, with room for the tables within cells."""
    width = max((one.column + one.columns for one in placed), default=0)
    heights, widths = [1] * count, [1] * width
    inner = [table_rows(one.cell.table) for one in placed]
    for one, rows in zip(placed, inner, strict=True):
        heights[one.row] = max(heights[one.row], len(rows))
        widths[one.column] = max(widths[one.column], max(map(len, rows), default=1))
    tops = [sum(heights[:row]) for row in range(count + 1)]
    lefts = [sum(widths[:column]) for column in range(width + 1)]
    texts = [[""] * lefts[-1] for _ in range(tops[-1])]
    for one, inner_rows in zip(placed, inner, strict=True):
        top, bottom = tops[one.row], tops[one.row + one.rows]
        left, right = lefts[one.column], lefts[one.column + one.columns]
        for down, row in enumerate(inner_rows):
            texts[top + down][left : left + len(row)] = row
        if not inner_rows:
            _fill(texts, range(top, bottom), range(left, right), one.cell.text)
    return texts


def _fill(texts: list[list[str]], rows: range, columns: range, text: str) -> None:
    """Write a text into every place that it spans: once if it is the whole row's or a long one."""
    is_whole = len(columns) == len(texts[0]) > 1
    is_long = len(text) > _LONGEST_REPEATED
    for row in rows[:1] if is_long else rows:
        if is_whole:
            texts[row][:] = [text]
        else:
            for column in columns[:1] if is_long else columns:
                texts[row][column] = text


def _joined(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Return the header's rows with the names of a column joined, below a title over all of them."""
    titles = [[row[0]] for row in rows if len(row) == 1]
    columns = zip(*(row for row in rows if len(row) > 1), strict=True)
    return [
        *titles,
        [" ".join(text for text, _ in groupby(filter(None, column))) for column in columns],
    ]
