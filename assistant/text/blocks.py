"""Find the blocks of a text with exact offsets: paragraphs, list items and table rows."""

import re

from assistant.text.spans import Span, lines, trimmed
from assistant.text.table_structure import is_row

_ROMAN = "(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
LIST_ITEM = re.compile(rf"\s*(?:[-*+•‣◦–]|\(?\d{{1,3}}[.)]|\(?(?:[a-z]|{_ROMAN})[.)])\s+(?=\S)")


def blocks(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the paragraphs, list items and table rows between two offsets, without blank lines."""
    end = len(text) if end is None else end
    spans: list[Span] = []
    is_open = False
    for row in lines(text[start:end]):
        line = text[start + row.start : start + row.end]
        if not line.strip():
            is_open = False
            continue
        is_a_row = is_row(text, Span(start + row.start, start + row.end))
        begins = not is_open or is_a_row or LIST_ITEM.match(line)
        if begins:
            spans.append(Span(start + row.start, start + row.end))
        else:
            spans[-1] = Span(spans[-1].start, start + row.end)
        is_open = not is_a_row
    return [trimmed(text, span) for span in spans]
