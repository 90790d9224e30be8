"""The rows of Word's tables, with the cells that are merged downwards and across."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from assistant.ingestion.formats.attributes import whole_number
from assistant.ingestion.formats.docx_styles import Styles, W
from assistant.ingestion.formats.grid import Cell

_TABLE, _ROW, _CELL, _PARAGRAPH = f"{W}tbl", f"{W}tr", f"{W}tc", f"{W}p"
_CONTAINERS = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")
)
_MOST_TABLES_DEEP = 3
_LONGEST_CELL = 1_000


class WordTable:
    """A table's structure; ``header_rows`` counts the rows that Word repeats on each page."""

    def __init__(self, table: Any, depth: int = 0) -> None:
        self._rows = [row for row in _inside(table, _ROW) if row.find(f"{W}trPr/{W}del") is None]
        self._depth = depth
        heads = [row.find(f"{W}trPr/{W}tblHeader") is not None for row in self._rows]
        self.header_rows = heads.index(False) if False in heads else 1

    def cells(self) -> Iterator[Any]:
        """Yield the cells that are shown, in order."""
        for row in self._rows:
            for cell in _inside(row, _CELL):
                if not _continues(cell, "vMerge") and not _continues(cell, "hMerge"):
                    yield cell

    def rows(self, text_in: Callable[[Any], str]) -> list[list[Cell]]:
        """Return the cells of the rows; ``text_in`` reads the text of a cell."""
        rows: list[list[Cell]] = []
        reaching: dict[int, tuple[int, int]] = {}  # by column, the row and place of the cell there
        for number, row in enumerate(self._rows):
            rows.append([])
            column = _skipped(row)
            if column:
                rows[-1].append(Cell("", 1, column))
            for cell in _inside(row, _CELL):
                width = whole_number(_property(cell, "gridSpan"), 1)
                above = reaching.get(column)
                if _continues(cell, "hMerge") and rows[-1]:
                    rows[-1][-1] = replace(rows[-1][-1], columns=rows[-1][-1].columns + width)
                elif _continues(cell, "vMerge") and above is not None:
                    merged = rows[above[0]][above[1]]
                    rows[above[0]][above[1]] = replace(merged, rows=number - above[0] + 1)
                else:
                    reaching[column] = (number, len(rows[-1]))
                    rows[-1].append(self._cell(cell, width, text_in))
                column += width
        return rows

    def _cell(self, cell: Any, width: int, text_in: Callable[[Any], str]) -> Cell:
        inner = list(_inside(cell, _TABLE))
        if len(inner) == 1 and self._depth < _MOST_TABLES_DEEP and not _has_own_text(cell):
            return Cell("", 1, width, WordTable(inner[0], self._depth + 1).rows(text_in))
        return Cell(text_in(cell), 1, width)


def is_layout(table: Any, styles: Styles) -> bool:
    """Return whether a table only arranges the page: it holds headings, a single cell, or long texts."""
    rows = [list(_inside(row, _CELL)) for row in _inside(table, _ROW)]
    cells = [cell for row in rows for cell in row]
    if any(_has_own_text(cell) and list(_inside(cell, _TABLE)) for cell in cells):
        return True
    paragraphs: list[Sequence[Any]] = [list(_inside(cell, _PARAGRAPH)) for cell in cells]
    if any(styles.heading_level(one) for some in paragraphs for one in some if len(some) > 1):
        return True
    is_narrow = max(map(len, rows), default=0) == 1
    return any(
        sum(map(_has_text, some)) > 1 and (is_narrow or sum(map(_length, some)) > _LONGEST_CELL)
        for some in paragraphs
    )


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Yield the elements of a tag right in an element, those of tables within left out."""
    stack = list(reversed(list(element)))
    while stack:
        current = stack.pop()
        if current.tag == tag:
            yield current
        elif current.tag in _CONTAINERS:
            stack.extend(reversed(list(current)))


def _has_own_text(cell: Any) -> bool:
    return any(_has_text(paragraph) for paragraph in _inside(cell, _PARAGRAPH))


def _has_text(paragraph: Any) -> bool:
    return bool(_length(paragraph))


def _length(paragraph: Any) -> int:
    return sum(len((text.text or "").strip()) for text in paragraph.iter(f"{W}t", f"{W}sym"))


def _continues(cell: Any, name: str) -> bool:
    """Return whether a cell is the continuation of the one above, or of the one before."""
    merge = cell.find(f"{W}tcPr/{W}{name}")
    return merge is not None and merge.get(f"{W}val", "continue") == "continue"


def _property(cell: Any, name: str) -> str:
    found = cell.find(f"{W}tcPr/{W}{name}")
    return "" if found is None else str(found.get(f"{W}val"))


def _skipped(row: Any) -> int:
    """Return how many columns a row leaves out at its beginning."""
    skipped = row.find(f"{W}trPr/{W}gridBefore")
    return 0 if skipped is None else whole_number(skipped.get(f"{W}val"), 0)
