"""Give the blocks of a document: what they are, what introduces them, what names their columns."""

import re
from collections.abc import Sequence

from assistant.text.headings import without_heading_markup
from assistant.text.layout import TextPart, parts
from assistant.text.spans import Span, trimmed
from assistant.text.table_structure import is_table_head
from assistant.types import Block, Document

_KINDS = {
    "p": "paragraph",
    "li": "item",
    "tr": "row",
    "th": "row",
    "quote": "quotation",
    "pre": "code",
}
_NUMBER = re.compile(r"(?:§\s?)?(?:\d+(?:\.\d+)*[.)]?|\((?:\d+|\w)\)|(?:[ivxIVX]+|\w)[.)])(?=\s)")
_MARKER = re.compile(r"\s*(\S+)\s")
_LEAD_IN_END = (":", "：")
_INTRODUCED = ("item", "row", "code")


def document_blocks(document: Document) -> tuple[Block, ...]:
    """Return the blocks of a document in order; rules between the rows of a table are left out."""
    text = document.text
    found: list[Block] = []
    for part in parts(text, document.media_type):
        span = trimmed(text, Span(part.start, part.end))
        if part.kind != "rule" and span.start < span.end:
            found.append(_block(text, part, span, found))
    return tuple(found)


def _block(text: str, part: TextPart, span: Span, before: Sequence[Block]) -> Block:
    words = text[span.start : span.end]
    if part.kind[0] == "h":
        number = _NUMBER.match(without_heading_markup(words))
        level = int(part.kind[1])
        return Block("heading", span.start, span.end, level, number[0] if number else "")
    kind = _KINDS[part.kind]
    marker = _MARKER.match(words) if kind == "item" else None
    return Block(
        kind,
        span.start,
        span.end,
        part.depth,
        marker[1] if marker else "",
        _header(text, before) if kind == "row" else None,
        _lead_in(text, kind, before) if kind in _INTRODUCED else None,
    )


def _header(text: str, before: Sequence[Block]) -> tuple[int, int] | None:
    """Return the row that names the columns of the row after these blocks."""
    if not before or before[-1].kind != "row":
        return None
    last = before[-1]
    is_head = last.header is None and is_table_head(text, Span(last.start, last.end))
    return (last.start, last.end) if is_head else last.header


def _lead_in(text: str, kind: str, before: Sequence[Block]) -> tuple[int, int] | None:
    """Return the paragraph that introduces the block after these."""
    if not before:
        return None
    last = before[-1]
    if last.kind == kind:
        return last.lead_in
    is_lead_in = last.kind == "paragraph" and text[last.start : last.end].endswith(_LEAD_IN_END)
    return (last.start, last.end) if is_lead_in else None
