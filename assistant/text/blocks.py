"""Find the blocks of a text with exact offsets: paragraphs, list items and table rows."""

import re

from assistant.text.spans import Span, lines, trimmed

_ROMAN = "(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})"
LIST_ITEM = re.compile(rf"\s*(?:[-*+•‣◦–]|\(?\d{{1,3}}[.)]|\(?(?:[a-z]|{_ROMAN})[.)])\s+(?=\S)")
TABLE_ROW = re.compile(r"\s*\|.*\|\s*$")


_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*$")
_LONGEST_ROW = 1_000


def is_table_head(text: str, span: Span) -> bool:
    """Return whether a stretch is the header row of a table, or the rule below it.

    Without a rule, the first row is the header if only the row below it has numbers.
    """
    row = text[span.start : span.end]
    if not TABLE_ROW.match(row):
        return False
    above = text[max(0, span.start - _LONGEST_ROW) : span.start].rstrip("\r\n").rpartition("\n")[2]
    below = text[span.end : span.end + _LONGEST_ROW].lstrip("\r\n").partition("\n")[0]
    if _RULE.match(row) or _RULE.match(below):
        return True
    is_first = not TABLE_ROW.match(above) and bool(TABLE_ROW.match(below))
    return is_first and not _has_digit(row) and _has_digit(below)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


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
