"""Read the tables of reStructuredText and AsciiDoc: drawn with lines, as a list, or cell by cell."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SIMPLE_BORDER = re.compile(r"=+(?: +=+)+$")
GRID_BORDER = re.compile(r"\+(?:[-=]+\+)+$")
ADOC_BORDER = re.compile(r"[|!]={3,}$")
_CELL = re.compile(
    r"(?:(?:(?<=\s)|^)(?:(\d+)(?:\.\d+)?\*|[\d.]*\+)?[<^>.]*[adehlmsv]?)?(?<!\\)\|", re.MULTILINE
)
_COLUMNS = re.compile(r"cols=\"?([^\"\]]*)\"?")
_HEADER = re.compile(r"%[\w%]*header|options=\"?[\w,]*header|opts=\"?[\w,]*header")
_ITEM = re.compile(r"(\s*)([*-])(?:\s+(.*))?$")
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class MarkupTable:
    """The texts of the rows, and whether the first names the columns.

    ``lines`` are the lines at which the rows begin, counted from that of the table, where they are known.
    """

    rows: list[list[str]]
    has_head: bool
    lines: Sequence[int] = ()


def simple_table(lines: Sequence[str]) -> MarkupTable:
    """Return a table between borders such as ``=====  =====``, which show where columns begin."""
    starts = [match.start() for match in re.finditer(r"=+", lines[0])]
    spans = list(pairwise([*starts, None]))
    rows: list[list[str]] = []
    places: list[int] = []
    borders = 0
    for number, line in enumerate(lines):
        if SIMPLE_BORDER.match(line):
            borders += 1
            continue
        cells = [line[start:end].strip() for start, end in spans]
        if rows and not cells[0]:
            rows[-1] = _together(rows[-1], cells)
        elif any(cells) and not re.fullmatch(r"[-\s]+", line):
            rows.append(cells)
            places.append(number)
    return MarkupTable(rows, borders > 2, places)


def grid_table(lines: Sequence[str]) -> MarkupTable:
    """Return a table that is drawn with ``+---+`` and ``|``."""
    rows: list[list[str]] = []
    places: list[int] = []
    begins = True
    for number, line in enumerate(lines):
        if line.startswith("+"):
            begins = True
            continue
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if begins or len(cells) != len(rows[-1]):
            rows.append(cells)
            places.append(number)
        else:
            rows[-1] = _together(rows[-1], cells)
        begins = False
    has_head = any("=" in line for line in lines if line.startswith("+"))
    return MarkupTable(rows, has_head, places)


def list_table(lines: Sequence[str]) -> MarkupTable | None:
    """Return a table that is written as a list of lists; None for anything else."""
    head = any(re.match(r"\s*:header-rows:\s*[1-9]", line) for line in lines)
    rows: list[list[str]] = []
    places: list[int] = []
    for number, line in enumerate(lines, start=1):  # the directive is before them
        item = _ITEM.match(line)
        text = line.strip()
        if item and item[2] == "*":
            rows.append([])
            places.append(number)
            item = _ITEM.match(item[3] or "")
        if item and rows:
            rows[-1].append((item[3] or "").strip())
        elif text and rows and rows[-1] and not text.startswith("*"):
            rows[-1][-1] = f"{rows[-1][-1]} {text}".strip()
    return MarkupTable(rows, head, places) if rows and all(rows) else None


def csv_table(lines: Sequence[str], names: str) -> MarkupTable:
    """Return a table of values between commas, and the names of its columns if there are any."""
    written = [line.strip() for line in (names, *lines)]
    fit = (line for line in written if 0 < len(line) < csv.field_size_limit())
    return MarkupTable(list(csv.reader(fit, skipinitialspace=True)), bool(names))


def adoc_table(lines: Sequence[str], attributes: str) -> MarkupTable:
    """Return a table of cells that begin with a bar; attributes stand in brackets before it."""
    text = "\n".join(lines)
    marks = list(_CELL.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    cells: list[str] = []
    for mark, end in zip(marks, ends, strict=False):
        cell = text[mark.end() : end].replace("\\|", "|").strip()
        cells += [cell] * min(int(mark[1] or 1), _MOST_COLUMNS)
    count = _columns(attributes) or _cells_of_first_line(lines)
    rows = [cells[start : start + count] for start in range(0, len(cells), count)]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    is_apart = len(filled) > 1 and filled[0] == 0 and filled[1] > 1
    return MarkupTable(rows, bool(_HEADER.search(attributes)) or is_apart)


def _columns(attributes: str) -> int:
    """Return the number of columns that the attributes name, 0 if they name none."""
    found = _COLUMNS.search(attributes)
    if not found or not found[1].strip():
        return 0
    repeated = re.match(r"(\d+)\*?$", found[1].strip())
    if repeated:
        return min(int(repeated[1]), _MOST_COLUMNS)
    parts = (re.match(r"\s*(\d+)\*", part) for part in re.split("[,;]", found[1]))
    return min(sum(int(part[1]) if part else 1 for part in parts), _MOST_COLUMNS)


def _cells_of_first_line(lines: Sequence[str]) -> int:
    first = next((line for line in lines if line.strip()), "")
    return max(1, len(_CELL.findall(first)))


def _together(row: Sequence[str], more: Sequence[str]) -> list[str]:
    return [f"{cell} {rest}".strip() for cell, rest in zip(row, more, strict=False)]
