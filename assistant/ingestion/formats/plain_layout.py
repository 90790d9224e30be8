"""Store plain text as people see it: columns as rows of a table, rules as gaps, headings apart.

Nothing marks these in a plain text but the place of its characters. What changes is mapped back to
the file.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.ingestion.formats import Extracted
from assistant.text.blocks import LIST_ITEM
from assistant.text.lexicons import lexicon
from assistant.text.plain_headings import is_capital_heading
from assistant.text.spans import Span, each_line
from assistant.text.table_structure import HEAD_MARK

_RULE = re.compile(r"\s*([-=_*~#+─━═])(?:\s?\1){2,}\s*")
"""A line that is drawn: dashes and the like, with a space between two of them at most."""
_RULE_OF_COLUMNS = re.compile(r"\s*[-=─━═]{2,}(?:\s+[-=─━═]{2,})*\s*")
_MONEY = re.escape("".join(line[0] for line in lexicon("currency_signs")))
_GAP = re.compile(
    rf"(?<![.?!{_MONEY}])[ \xa0]{{2,}}|(?<=[.?!])[ \xa0]{{3,}}|[ \xa0]*\t\s*|[ \xa0]*\.{{4,}}[ \xa0]*"
)
"""What parts two cells of a line: not two spaces between sentences, nor what sets off a sign of money."""
_WORD = re.compile(r"[^\W_]")
_TAB = 8
_FEWEST_ROWS = 2
_LONGEST_LINE = 500
_MOST_CELLS = 30
_APART = 1_000
"""What parts the places of cells that are counted; more than a line has characters."""


@dataclass(frozen=True, slots=True)
class _LayoutCell:
    """A stretch of a line without gaps: its offsets in the file, and the columns of characters it takes."""

    start: int
    end: int
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _LayoutLine:
    """A line without its end, and its cells."""

    number: int
    start: int
    end: int
    cells: tuple[_LayoutCell, ...]

    @property
    def is_counted(self) -> bool:
        """Whether the cells are in columns by their number and not by their place."""
        return len(self.cells) > 1 and self.cells[1].left == _APART

    def is_like(self, other: "_LayoutLine") -> bool:
        """Return whether both can be rows of one table."""
        is_either = self.is_counted or other.is_counted
        return not is_either or (
            self.is_counted == other.is_counted and len(self.cells) == len(other.cells)
        )


@dataclass(slots=True)
class _Table:
    """Consecutive lines in columns, each row with the cells that continue it on the next lines."""

    rows: list[list[_LayoutLine]] = field(default_factory=list)
    columns: list[tuple[int, int]] = field(default_factory=list)
    is_headed: bool = False


def extract_shown(source: str) -> Extracted:
    """Return a plain text as it is shown, with its way back to the file where anything changed."""
    writer = _LayoutWriter(source)
    lines = list(_lines(source))
    at = 0
    while at < len(lines):
        table, after = _table(source, lines, at)
        if table:
            writer.table(table)
        for place in () if table else range(at, after):
            _write_line(writer, source, lines, place)
        at = after
    return Extracted("".join(writer.written), origins=writer.origins)


def _write_line(
    writer: "_LayoutWriter", source: str, lines: Sequence["_LayoutLine"], place: int
) -> None:
    """Write a line that is no row: a rule as a gap, and a heading in capitals with one below it."""
    if _RULE.fullmatch(source, lines[place].start, lines[place].end):
        writer.gap(lines[place])
        return
    writer.line(lines[place])
    above, line, below = (_shown(source, lines, one) for one in (place - 1, place, place + 1))
    if is_capital_heading(above, line, below):
        writer.blank()


class _LayoutWriter:
    def __init__(self, source: str) -> None:
        self.written: list[str] = []
        self._source, self._length, self._is_changed = source, 0, False
        self._runs: list[tuple[int, int, int]] = []

    @property
    def origins(self) -> tuple[tuple[int, int, int], ...]:
        return tuple(self._runs) if self._is_changed else ()

    def line(self, line: _LayoutLine) -> None:
        self._copy(line.start, self._after(line), line.number)

    def gap(self, line: _LayoutLine) -> None:
        self._is_changed = True
        self._write(self._source[line.end : self._after(line)])

    def blank(self) -> None:
        self._is_changed = True
        self._write("\n")

    def table(self, table: _Table) -> None:
        self._is_changed = True
        for number, row in enumerate(table.rows):
            self._write((HEAD_MARK if table.is_headed and number == 0 else "") + "|")
            for column in range(len(table.columns)):
                self._write(" ")
                for line, cell in _in_column(table, row, column):
                    self._copy(cell.start, cell.end, line.number)
                    self._write(" ")
                self._write("|")
            self._write(self._source[row[-1].end : self._after(row[-1])] or "\n")

    def _after(self, line: _LayoutLine) -> int:
        rest = re.compile(r"\r\n|\r|\n|$").match(self._source, line.end)
        return rest.end() if rest else line.end

    def _copy(self, start: int, end: int, number: int) -> None:
        self._runs.append((self._length, start, number))
        self._write(self._source[start:end])

    def _write(self, text: str) -> None:
        self.written.append(text)
        self._length += len(text)


def _in_column(
    table: _Table, row: Sequence[_LayoutLine], column: int
) -> Iterator[tuple[_LayoutLine, _LayoutCell]]:
    """Yield the cells of a row that begin in a column, with their lines. One may reach beyond it."""
    starts = [start for start, _ in table.columns]
    for line in row:
        for cell in line.cells:
            if bisect_right(starts, cell.left) == column + 1:
                yield line, cell


def _lines(source: str) -> Iterator[_LayoutLine]:
    for number, line in enumerate(each_line(source), 1):
        end = line.start + len(source[line.start : line.end].rstrip("\r\n"))
        yield _LayoutLine(number, line.start, end, tuple(_cells(source, line.start, end)))


def _cells(source: str, start: int, end: int) -> Iterator[_LayoutCell]:
    """Yield the cells of a line. One with bars, one that is very long, and one that asks have none.

    The number or sign of a list's item is a part of its first cell. Where tabs or dots part all
    cells, their number counts and not their place.
    """
    text = source[start:end].rstrip()
    if len(text) > _LONGEST_LINE or "|" in text or text.endswith(("?", "？")):
        return
    at = len(text) - len(text.lstrip())
    item = LIST_ITEM.match(text)
    gaps = list(_GAP.finditer(text, max(at, item.end() if item else 0)))
    if len(gaps) >= _MOST_CELLS:
        return
    is_counted = all("\t" in gap[0] or "." in gap[0] for gap in gaps)
    borders = [at, *(border for gap in gaps for border in gap.span()), len(text)]
    for number, (begin, stop) in enumerate(zip(borders[::2], borders[1::2], strict=True)):
        left = number * _APART if is_counted and gaps else len(text[:begin].expandtabs(_TAB))
        yield _LayoutCell(start + begin, start + stop, left, left + stop - begin)


def _table(source: str, lines: Sequence[_LayoutLine], first: int) -> tuple[_Table | None, int]:
    """Return the table that begins with a line, if any, and the number of the next line."""
    table, at = _Table(), first
    while at < len(lines):
        line = lines[at]
        is_below_first = len(table.rows) == 1 and not table.is_headed
        if is_below_first and _RULE_OF_COLUMNS.fullmatch(source, line.start, line.end):
            table.is_headed = True
        elif _is_row_of(table, line) and (columns := _fitting(table.columns, line)):
            table.rows.append([line])
            table.columns = columns
        elif len(table.rows) >= _FEWEST_ROWS and (full := _by_number(table, line)):
            table.rows.append([full])
        elif table.rows and _continues(table.columns, line):
            table.rows[-1].append(line)
        else:
            break
        at += 1
    if len(table.rows) < _FEWEST_ROWS:
        return None, first + 1
    if not _has_words(source, table):
        return None, at
    table.is_headed |= not any(_in_column(table, table.rows[0], 0))
    return table, at


def _is_row_of(table: _Table, line: _LayoutLine) -> bool:
    return len(line.cells) > 1 and all(line.is_like(row[0]) for row in table.rows[-1:])


def _by_number(table: _Table, line: _LayoutLine) -> _LayoutLine | None:
    """Return a line with a cell for each column, of which one is too long for its place."""
    if len(line.cells) != len(table.columns) or not line.is_like(table.rows[-1][0]):
        return None
    placed = zip(line.cells, table.columns, strict=True)
    cells = (replace(cell, left=left, right=right) for cell, (left, right) in placed)
    return replace(line, cells=tuple(cells))


def _fitting(columns: Sequence[tuple[int, int]], line: _LayoutLine) -> list[tuple[int, int]]:
    """Return the columns with those of one more line, or nothing if its cells do not fit into them.

    What overlaps is one column, however it is aligned. No two cells of a row may be in one.
    """
    own = [(cell.left, cell.right) for cell in line.cells]
    merged: list[tuple[int, int]] = []
    for left, right in sorted([*columns, *own]):
        if merged and left < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    fewest = max(len(columns), len(own)) if columns else 2
    return merged if len(merged) >= fewest and _are_apart(merged, columns, own) else []


def _are_apart(merged: Sequence[tuple[int, int]], *rows: Sequence[tuple[int, int]]) -> bool:
    """Return whether no two cells of a row came into one column."""
    starts = [start for start, _ in merged]
    return all(len({bisect_right(starts, left) for left, _ in row}) == len(row) for row in rows)


def _continues(columns: Sequence[tuple[int, int]], line: _LayoutLine) -> bool:
    """Return whether a line goes on in one column that is not the first, right below its beginning."""
    return len(line.cells) == 1 and line.cells[0].left in [left for left, _ in columns[1:]]


def _has_words(source: str, table: _Table) -> bool:
    """Return whether most cells have a letter or a digit, as those of a drawing have not."""
    cells = [cell for row in table.rows for line in row for cell in line.cells]
    named = sum(bool(_WORD.search(source, cell.start, cell.end)) for cell in cells)
    return 2 * named > len(cells)


def _shown(source: str, lines: Sequence[_LayoutLine], place: int) -> str:
    """Return the words of a line; of a rule, and beyond the text, there are none."""
    if not 0 <= place < len(lines):
        return ""
    line = Span(lines[place].start, lines[place].end)
    return "" if _RULE.fullmatch(source, line.start, line.end) else source[line.start : line.end]
