"""Find the parts of a document's text as it was written: headings, lists, tables, code, quotations.

Every character belongs to one part, so that the parts joined are the text and offsets still hold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.text.blocks import LIST_ITEM
from assistant.text.headings import has_headings, headings
from assistant.text.media_types import MARKDOWN, PDF
from assistant.text.spans import Span, lines
from assistant.text.table_structure import is_row, is_rule, is_table_head, row_cells

_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_QUOTE = re.compile(r"\s{0,3}>")
_CONTINUED = ("p", "li", "quote")
_DEEPEST = 4


@dataclass(slots=True)
class TextPart:
    """A stretch of the text: its kind, its offsets, and the depth of a list item from 0.

    ``kind`` is ``h1`` to ``h6``, ``p``, ``li``, ``tr``, ``th`` (the header row of a table),
    ``rule`` (the dashes below a header row), ``quote`` or ``pre``. A part ends where the next one
    starts, so blank lines belong to the part above them.
    """

    kind: str
    start: int
    end: int
    depth: int = 0


def parts(text: str, media_type: str) -> list[TextPart]:
    """Return the parts of a text, in order and without gaps."""
    found = _Scan(text, media_type)
    for row in lines(text):
        found.take(row)
    return found.parts


class _Scan:
    """Takes the lines of a text, and joins them to parts."""

    def __init__(self, text: str, media_type: str) -> None:
        self.parts: list[TextPart] = []
        self._text = text
        self._is_formatted = has_headings(media_type)
        self._has_rows = self._is_formatted or media_type == PDF
        self._is_markdown = media_type == MARKDOWN
        titles = headings(text, media_type)
        self._titles = {title.start: title for title in titles}
        self._is_open = False  # whether the next line may continue the last part
        self._in_code = False
        self._end_of_heading = 0

    def take(self, row: Span) -> None:
        """Add a line to the last part, or begin another part with it."""
        line = self._text[row.start : row.end]
        if self._in_code or row.start < self._end_of_heading:
            self.parts[-1].end = row.end
            self._in_code = self._in_code and not _FENCE.match(line)
        elif not line.strip():
            self._extend(row)
            self._is_open = False
        elif self._is_formatted:
            self._take_formatted(row, line)
        elif self._has_rows and is_row(self._text, row):
            self._take_row(row)
        elif self._has_rows and LIST_ITEM.match(line):
            self._take_item(row, line)
        else:
            self._take_paragraph(row, "p")

    def _take_formatted(self, row: Span, line: str) -> None:
        if title := self._titles.get(row.start):
            self._add(f"h{title.level}", row, is_open=False)
            self._end_of_heading = title.end
        elif _FENCE.match(line):
            self._add("pre", row, is_open=False)
            self._in_code = True
        elif is_row(self._text, row):
            self._take_row(row)
        elif LIST_ITEM.match(line):
            self._take_item(row, line)
        elif self._is_markdown and _QUOTE.match(line):
            self._take_paragraph(row, "quote")
        else:
            self._take_paragraph(row, "p")

    def _take_item(self, row: Span, line: str) -> None:
        indent = len(line) - len(line.lstrip())
        self._add("li", row, depth=min(indent // 2, _DEEPEST))

    def _take_row(self, row: Span) -> None:
        is_head = is_table_head(self._text, row)
        kind = "rule" if is_rule(self._text, row) else "th" if is_head else "tr"
        self._add(kind, row, is_open=False)

    def _take_paragraph(self, row: Span, kind: str) -> None:
        last = self.parts[-1].kind if self.parts and self._is_open else ""
        if last == kind or (kind == "p" and last in _CONTINUED):
            self.parts[-1].end = row.end
        else:
            self._add(kind, row)

    def _extend(self, row: Span) -> None:
        if self.parts:
            self.parts[-1].end = row.end
        else:
            self._add("p", row)

    def _add(self, kind: str, row: Span, *, depth: int = 0, is_open: bool = True) -> None:
        self.parts.append(TextPart(kind, row.start, row.end, depth))
        self._is_open = is_open


def cells(text: str, part: TextPart) -> Iterator[Span]:
    """Yield the cells of a table row. Each but the first begins with its pipe; together they are the row."""
    inner = row_cells(text, Span(part.start, part.end))
    starts = [part.start, *(text.rindex("|", part.start, cell.start) for cell in inner[1:])]
    for start, end in zip(starts, [*starts[1:], part.end], strict=True):
        yield Span(start, end)
