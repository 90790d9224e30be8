"""Lay out a quote for a terminal: its lists, its rows below the names of their columns, its code."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from assistant.reading.quoted_blocks import quoted_blocks
from assistant.text.safe_display import safe
from assistant.types import Citation, Document, QuotedBlock, Statement

_GAP = "  "


def quoted_text(statement: Statement) -> Text:
    """Return the text of a statement, the words that answer in bold."""
    if not statement.blocks:
        return _stretch(statement, 0, len(statement.text))
    return Text("\n").join(_lines(statement))


def cited_text(citation: Citation, document: Document) -> Text:
    """Return the quote of a citation, its rows, items and code as they are laid out in an answer."""
    holds = document.text[citation.start : citation.end] == citation.quote
    blocks = quoted_blocks(document, citation.start, citation.end) if holds else ()
    if blocks:
        return quoted_text(Statement(citation.quote, (), blocks=blocks))
    return Text(safe(f"“{citation.quote}”"))


def _lines(statement: Statement) -> Iterator[Text]:
    for kind, columns, blocks in statement.runs:
        if kind == "row":
            yield from _table(statement, columns, blocks)
        else:
            for block in blocks:
                marker = f"{safe(block.number)} " if block.number else ""
                yield Text(marker).append_text(_stretch(statement, block.start, block.end))


def _table(
    statement: Statement, columns: Sequence[str], rows: Sequence[QuotedBlock]
) -> Iterator[Text]:
    """Yield the lines of a table, its columns aligned."""
    lines = [[Text(safe(name), style="dim") for name in columns]] if columns else []
    lines += [[_stretch(statement, *cell) for cell in row.cells] for row in rows]
    count = max(map(len, lines))
    widths = [
        max((line[number].cell_len for line in lines if number < len(line)), default=0)
        for number in range(count)
    ]
    for line in lines:
        shown = Text()
        for cell, width in zip(line, widths, strict=False):
            shown.append_text(cell).append(" " * (width - cell.cell_len) + _GAP)
        shown.rstrip()
        yield shown


def _stretch(statement: Statement, start: int, end: int) -> Text:
    text = Text()
    for words, is_marked in statement.marked(start, end):
        text.append(safe(words), style="bold" if is_marked else "")
    return text
