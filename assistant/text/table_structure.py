"""Find the rows of tables in a text, their cells, and the names of their columns.

A row stands on one line, its cells divided by pipes: ``| Basic | 5 |`` everywhere, and
``Basic | 5`` where a line above or below has as many cells.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.text.spans import Span, trimmed

HEAD_MARK = "\u2060"
"""An invisible character before a row that names the columns, as documents with markup tell."""
_EDGED = re.compile(rf"\s*{HEAD_MARK}?\|.*\|\s*$")
_BARE_PIPE = re.compile(r"(?<=\S)[^\S\r\n]+\|(?:[^\S\r\n]+(?=\S)|[^\S\r\n]*$)", re.MULTILINE)
_PIPE = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\s*\|?(?:\s*:?-+:?\s*\|)+(?:\s*:?-+:?\s*)?$")
_DIGIT = re.compile(r"\d")
_NO_NAME = re.compile(r"\d|[:：](?:\s|$)")
_LONGEST_LINE = 2_000
_LONGEST_NAME = 4
"""Words of a column's name, where nothing but its form shows that a row has the names."""
_FEWEST_NAMES = 3
_FEWEST_NUMBERS = 2
_MOST_LOOKED_AT = 20
_FURTHEST_HEAD = 10_000
"""Rows above a row among which its table's head is looked for."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its cells and the cells that name its columns, all as spans of the text.

    ``names`` is empty where no row names the columns. A head is the row that names them, or the
    rule below it.
    """

    span: Span
    cells: tuple[Span, ...]
    names: tuple[Span, ...] = ()
    is_head: bool = False


def is_row(text: str, line: Span) -> bool:
    """Return whether a line, with or without its end, is the row of a table."""
    shown = text[line.start : line.end]
    if "|" not in shown:
        return False
    if _EDGED.match(shown):
        return True
    pipes = _bare_pipes(shown)
    return pipes > 0 and any(
        _bare_pipes(text[near.start : near.end]) == pipes
        for near in (_line_above(text, line), _line_below(text, line))
        if near is not None
    )


def is_rule(text: str, line: Span) -> bool:
    """Return whether a row is the line of dashes below the head of a table."""
    return _RULE.match(text[line.start : line.end]) is not None


def is_table_head(text: str, line: Span) -> bool:
    """Return whether a row names the columns of its table, or is the rule below it.

    If neither a mark nor a rule tells, only the first row can have them. It has if it is three or more short, distinct
    labels, or if it has no numbers and all rows below do. A cell with a colon names no column: it
    is the label of the value beside it.
    """
    if not is_row(text, line):
        return False
    below = _row(text, _line_below(text, line))
    if _is_marked(text, line) or is_rule(text, line) or (below and is_rule(text, below)):
        return True
    if below is None or _row(text, _line_above(text, line)) is not None:
        return False
    names = [text[cell.start : cell.end] for cell in row_cells(text, line)]
    if any(_NO_NAME.search(name) for name in names):
        return False
    return _are_labels(names) or _have_numbers(text, below)


def row_cells(text: str, line: Span) -> list[Span]:
    """Return the cells of a row, without the white space around them."""
    row = trimmed(text, line)
    row = Span(row.start + _is_marked(text, row), row.end)
    pipes = [match.start() for match in _PIPE.finditer(text, row.start, row.end)]
    if pipes and pipes[0] == row.start and len(pipes) > 1 and pipes[-1] == row.end - 1:
        starts, ends = [pipe + 1 for pipe in pipes[:-1]], pipes[1:]
    else:
        starts, ends = [row.start, *(pipe + 1 for pipe in pipes)], [*pipes, row.end]
    return [trimmed(text, Span(*ends)) for ends in zip(starts, ends, strict=True)]


def table_rows(text: str, start: int, end: int) -> Iterator[TableRow]:
    """Yield the rows that a stretch of the text touches, in order."""
    names: Sequence[Span] = ()
    last: Span | None = None
    for line in _lines_between(text, start, end):
        if not is_row(text, line):
            continue
        if last is None or _line_above(text, line) != last:
            head = _head_above(text, line)
            names = row_cells(text, head) if head else ()
        last = line
        cells = tuple(row_cells(text, line))
        is_head = is_table_head(text, line)
        if is_head and not is_rule(text, line):
            names = cells
        fitting = tuple(names) if len(names) == len(cells) and not is_head else ()
        yield TableRow(trimmed(text, line), cells, fitting, is_head)


def _is_marked(text: str, line: Span) -> bool:
    return text.startswith(HEAD_MARK, line.start)


def _bare_pipes(line: str) -> int:
    return len(_BARE_PIPE.findall(line)) if len(line) <= _LONGEST_LINE else 0


def _are_labels(names: Sequence[str]) -> bool:
    if len(names) < _FEWEST_NAMES or len(set(names)) < len(names):
        return False
    return all(name and len(name.split()) <= _LONGEST_NAME for name in names)


def _have_numbers(text: str, line: Span | None) -> bool:
    """Return whether this row and those below it, at least two, all have a digit after the first cell."""
    rows: list[Span] = []
    while line is not None and is_row(text, line) and len(rows) < _MOST_LOOKED_AT:
        rows.append(line)
        line = _line_below(text, line)
    return len(rows) >= _FEWEST_NUMBERS and all(
        any(_DIGIT.search(text, cell.start, cell.end) for cell in row_cells(text, row)[1:])
        for row in rows
    )


def _head_above(text: str, line: Span) -> Span | None:
    """Return the head of the table that a row is in, from a row above it."""
    first, above = line, _line_above(text, line)
    for _ in range(_FURTHEST_HEAD):
        if above is None or not is_row(text, above):
            break
        if _is_marked(text, above):
            return above
        if is_rule(text, above):
            return _row(text, _line_above(text, above))
        first, above = above, _line_above(text, above)
    return first if first != line and is_table_head(text, first) else None


def _row(text: str, line: Span | None) -> Span | None:
    return line if line is not None and is_row(text, line) else None


def _lines_between(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the lines that a stretch touches, whole and without their ends."""
    at = text.rfind("\n", 0, start) + 1
    while at < end:
        line = _line_from(text, at)
        yield line
        at = line.end + 1


def _line_above(text: str, line: Span) -> Span | None:
    begins = text.rfind("\n", 0, line.start) + 1
    if not begins:
        return None
    return _line_from(text, text.rfind("\n", 0, begins - 1) + 1)


def _line_below(text: str, line: Span) -> Span | None:
    ends = text.find("\n", max(line.start, line.end - 1))
    return _line_from(text, ends + 1) if 0 <= ends < len(text) - 1 else None


def _line_from(text: str, start: int) -> Span:
    end = text.find("\n", start)
    return Span(start, len(text) if end < 0 else end)
