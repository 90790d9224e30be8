"""Find the blocks of a text with exact offsets: paragraphs, list items and table rows."""

import re

from assistant.text.spans import Span, lines, trimmed

_ROMAN = "(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
LIST_ITEM = re.compile(rf"\s*(?:[-*+•‣◦–]|\(?\d{{1,3}}[.)]|\(?(?:[a-z]|{_ROMAN})[.)])\s+(?=\S)")
TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")


_LONGEST_RULE = 1_000
_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")


def is_table_head(text: str, span: Span) -> bool:
    """Return whether a stretch is the header row of a table, or the rule below it."""
    below = text[span.end : span.end + _LONGEST_RULE].lstrip("\r\n").partition("\n")[0]
    row = text[span.start : span.end]
    return bool(TABLE_ROW.match(row)) and bool(_RULE.match(row) or _RULE.match(below))


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
        begins = not is_open or LIST_ITEM.match(line) or TABLE_ROW.match(line)
        if begins:
            spans.append(Span(start + row.start, start + row.end))
        else:
            spans[-1] = Span(spans[-1].start, start + row.end)
        is_open = not TABLE_ROW.match(line)
    return [trimmed(text, span) for span in spans]
