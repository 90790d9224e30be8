"""Write the rows of tables as a reading model reads them best: each value with its column's name.

``| Max | 19 | 190 |`` is read as "Max: Monthly 19, Yearly 190.", also where the names of the
columns stand far above. Offsets lead back to the document, so that what is quoted is its own text.
"""

from bisect import bisect_right
from dataclasses import dataclass

from assistant.text.spans import Span
from assistant.text.table_structure import TableRow, table_rows


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of the written text from ``at`` on, and what it stands for in the document.

    ``is_exact`` where it is the document's own text, character by character.
    """

    at: int
    span: Span
    is_exact: bool


@dataclass(frozen=True, slots=True)
class ReadableText:
    """A text for a reading model, and the way back from its offsets to those of the document."""

    text: str
    pieces: tuple[_Stretch, ...]

    def original(self, start: int, end: int) -> Span:
        """Return the document's stretch for a stretch of the text that is not empty."""
        first, last = self._stretch(start), self._stretch(end - 1)
        begin = first.span.start + (start - first.at if first.is_exact else 0)
        finish = last.span.start + (end - last.at) if last.is_exact else last.span.end
        return Span(min(begin, first.span.end), min(finish, last.span.end))

    def _stretch(self, offset: int) -> _Stretch:
        return self.pieces[max(0, bisect_right(self.pieces, offset, key=lambda one: one.at) - 1)]


def with_column_names(text: str, start: int, end: int) -> ReadableText:
    """Return a stretch of a document's text, with the rows of its tables as sentences."""
    writer = _Writer(text)
    at = start
    for row in table_rows(text, start, end):
        if row.span.start < start or end < row.span.end:
            continue  # the chunk has a part of the row
        writer.copy(Span(at, row.span.start))
        if not row.is_head:
            writer.row(row)
        at = row.span.end
    writer.copy(Span(at, end))
    return ReadableText("".join(writer.written), tuple(writer.pieces))


class _Writer:
    def __init__(self, text: str) -> None:
        self.written: list[str] = []
        self.pieces: list[_Stretch] = []
        self._text, self._length = text, 0

    def copy(self, span: Span) -> None:
        self._write(self._text[span.start : span.end], span, is_exact=True)

    def row(self, row: TableRow) -> None:
        """Write a row: its first cell, which says what it is about, then the others with their names."""
        first, *others = row.cells
        self.copy(first)
        key = self._text[first.start : first.end]
        between = "" if not key else " " if key.endswith(":") else ", " if ":" in key else ": "
        for number, cell in enumerate(others, 1):
            if cell.start == cell.end:
                continue
            name = row.names[number] if row.names else Span(0, 0)
            label = f"{self._text[name.start : name.end]} ".lstrip()
            self._write(between + label, cell)
            self.copy(cell)
            between = ", "
        self._write(".", row.cells[-1])

    def _write(self, words: str, span: Span, *, is_exact: bool = False) -> None:
        if words:
            self.pieces.append(_Stretch(self._length, span, is_exact))
            self.written.append(words)
            self._length += len(words)
