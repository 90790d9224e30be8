"""Give the blocks of a quote: items of a list, rows with the names of their columns, code."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from assistant.reading.answer_units import whole_blocks
from assistant.text.blocks import LIST_ITEM
from assistant.text.media_types import SOURCE
from assistant.text.spans import Span
from assistant.text.steering import has_order
from assistant.text.table_structure import TableRow, table_rows
from assistant.types import Document, Passage, QuotedBlock

_FENCE = "```"
_BETWEEN_ROWS = ";"
MOST_BLOCKS = 200
"""A quote with more blocks is shown as it is written."""


def quoted_blocks(document: Document, start: int, end: int) -> tuple[QuotedBlock, ...]:
    """Return the blocks between two offsets of a document, or none where it is running text."""
    if document.media_type == SOURCE:
        return (QuotedBlock("code", 0, end - start),)
    found = tuple(_blocks(document, start, end))
    if len(found) > 1:
        found = (_with_marker(document.text, found[0], start), *found[1:])
    is_running = len(found) == 1 and found[0].kind == "paragraph"
    return () if is_running or len(found) > MOST_BLOCKS else found


def flat_quote(document: Document, start: int, end: int) -> str:
    """Return a quote on one line, without bars: the cells of a row after the names of its columns."""
    quote = document.text[start:end]
    found = quoted_blocks(document, start, end)
    lines = [_line(quote, block) for block in found] or [quote]
    return " ".join(" ".join(lines).split()).removesuffix(_BETWEEN_ROWS)


def _line(quote: str, block: QuotedBlock) -> str:
    if block.kind != "row":
        return f"{block.number} {quote[block.start : block.end]}"
    cells = [quote[slice(*cell)] for cell in block.cells]
    named = zip_longest(block.columns[: len(cells)], cells, fillvalue="")
    shown = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
    return " · ".join(shown) + _BETWEEN_ROWS


def _blocks(document: Document, start: int, end: int) -> Iterator[QuotedBlock]:
    text = document.text
    rows = {row.span: row for row in table_rows(text, start, end)}
    for block in whole_blocks(text, start, end):
        row = rows.get(block)
        if row is None:
            yield _block(text, block, start)
        elif not row.is_head:
            yield _row(document, row, start)


def _block(text: str, block: Span, offset: int) -> QuotedBlock:
    if text.startswith(_FENCE, block.start):
        return _code(text, block, offset)
    marker = LIST_ITEM.match(text, block.start, block.end)
    begin = marker.end() if marker else block.start
    kind = "item" if marker else "paragraph"
    number = marker[0].strip() if marker else ""
    return QuotedBlock(kind, begin - offset, block.end - offset, number)


def _with_marker(text: str, first: QuotedBlock, offset: int) -> QuotedBlock:
    """Return the first block of a list as an item, where the quote begins after its marker."""
    marker = LIST_ITEM.match(text, text.rfind("\n", 0, offset) + 1)
    if marker is None or marker.end() != offset or first.kind != "paragraph":
        return first
    return replace(first, kind="item", number=marker[0].strip())


def _code(text: str, block: Span, offset: int) -> QuotedBlock:
    """Return a block of code without its fences."""
    begin = text.find("\n", block.start, block.end) + 1 or block.end
    finish = text.rfind("\n", begin, block.end)
    is_closed = finish >= begin and text.startswith(_FENCE, finish + 1)
    return QuotedBlock("code", begin - offset, (finish if is_closed else block.end) - offset)


def _row(document: Document, row: TableRow, offset: int) -> QuotedBlock:
    """Return a row, without the names of its columns if they read like an order to a model."""
    text, names = document.text, row.names
    if names and has_order(Passage(document, names[0].start, names[-1].end)):
        names = ()
    return QuotedBlock(
        "row",
        row.span.start - offset,
        row.span.end - offset,
        cells=tuple((cell.start - offset, cell.end - offset) for cell in row.cells),
        columns=tuple(text[name.start : name.end] for name in names),
    )
