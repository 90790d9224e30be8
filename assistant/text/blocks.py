"""Find the blocks of a text with exact offsets: paragraphs, list items and table rows."""

import re
from collections.abc import Iterator
from itertools import islice

from assistant.text.spans import Span, each_line, trimmed
from assistant.text.table_structure import is_row

_ROMAN = "(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
_CAPITALISED = r"[A-ZÀ-ÖØ-ÞΑ-ΩА-Я](?:[a-zß-öø-ÿα-ωа-я’']|[A-ZÀ-ÖØ-ÞΑ-ΩА-Я]{3})|[AI]\s"
_CLAUSE = rf"\d{{1,3}}(?:\.\d{{1,3}})+\.?(?=\s+[\"“„«(]?(?:{_CAPITALISED}))"
"""The number of a clause, "2.1", before a capitalised word: a line may wrap before "2.1 litres"."""
_MARKER = rf"[-*+•‣◦–]|\(?\d{{1,3}}[.)]|\(?(?:[a-z]|{_ROMAN})[.)]"
SIMPLE_ITEM = re.compile(rf"\s*(?:{_MARKER})\s+(?=\S)")
"""The marker of a list item that is no numbered clause."""
LIST_ITEM = re.compile(rf"\s*(?:{_MARKER}|{_CLAUSE})\s+(?=\S)")


def blocks(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the paragraphs, list items and table rows between two offsets, without blank lines."""
    return list(_each_block(text, start, len(text) if end is None else end))


def is_entry(text: str, block: Span) -> bool:
    """Return whether a block is a list item or the row of a table."""
    return is_row(text, block) or LIST_ITEM.match(text, block.start, block.end) is not None


def is_one_block(text: str, start: int, end: int) -> bool:
    """Return whether a stretch is in one paragraph, item or row. Nothing after the first is read."""
    return len(list(islice(_each_block(text, start, end), 2))) == 1


def _each_block(text: str, start: int, end: int) -> Iterator[Span]:
    block: Span | None = None
    is_open = False
    for row in each_line(text[start:end]):
        line = text[start + row.start : start + row.end]
        if not line.strip():
            is_open = False
            continue
        span = Span(start + row.start, start + row.end)
        is_a_row = is_row(text, span)
        if block is not None and is_open and not is_a_row and not LIST_ITEM.match(line):
            block = Span(block.start, span.end)
        else:
            if block is not None:
                yield trimmed(text, block)
            block = span
        is_open = not is_a_row
    if block is not None:
        yield trimmed(text, block)
