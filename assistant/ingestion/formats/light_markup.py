"""What reStructuredText and AsciiDoc have in common: blocks of lines, each with its place in the file."""

from collections.abc import Sequence

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.markup_tables import MarkupTable
from assistant.ingestion.formats.outline import Outline


class MarkupWriter:
    """Write the blocks of a file, each with the line at which it begins."""

    def __init__(self) -> None:
        self.outline = Outline()
        self.title = ""

    def extracted(self, source: str) -> Extracted:
        """Return what a file says."""
        self.write(source.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        places = tuple((offset, f"line {line + 1}") for offset, line in self.outline.origins)
        return Extracted(self.outline.text(), self.title, places=places)

    def write(self, lines: list[str], first: int = 0) -> None:
        """Write lines, the first of which has a number in the file, from 0."""
        number = 0
        while number < len(lines):
            self.outline.origin = first + number
            number = self._next(lines, number)

    def _next(self, lines: list[str], number: int) -> int:
        """Write the block that begins at a line; return the line after it."""
        raise NotImplementedError

    def plain(self, text: str) -> str:
        """Return a text without the marks of its format."""
        raise NotImplementedError

    def heading(self, level: int, text: str) -> None:
        """Write a heading; the first is the title."""
        title = self.plain(text)
        self.title = self.title or title
        self.outline.heading(level, title)

    def block(self, lines: Sequence[str]) -> None:
        """Write the lines between two blank ones: a paragraph, or the items of a list."""
        self.outline.paragraph(self.plain("\n".join(lines)))

    def table(self, table: MarkupTable) -> None:
        """Write a table, each row with the line at which it begins, or else that of the table."""
        rows = [[self.plain(cell) for cell in row] for row in table.rows]
        first = self.outline.origin or 0
        self.outline.table(rows, table.has_head, [first + number for number in table.lines])
        self.outline.origin = first
