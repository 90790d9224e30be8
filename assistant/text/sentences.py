"""Split a text into sentences with exact offsets; the only importer of sentencex."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from assistant.text.blocks import LIST_ITEM, blocks
from assistant.text.headings import is_heading
from assistant.text.spans import Span, trimmed
from assistant.text.surrogates import without_surrogates
from assistant.text.table_structure import is_row, is_table_head
from assistant.types import Document

_SENTENCE_BATCH = 20_000
_WORD = re.compile(r"[^\W_]")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences between two offsets, in order. No sentence crosses a block's border.

    The row of a table is one sentence. Every character that is not white space is in exactly one
    sentence. Signs without a word, such as the end of an emphasis, belong to the sentence before.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    for block in blocks(text, start, end):
        first = len(spans)
        if is_row(text, block):
            spans.append(block)
            continue
        for span in _sentences_of(text, block):
            if len(spans) > first and not _WORD.search(text, span.start, span.end):
                spans[-1] = Span(spans[-1].start, span.end)
            else:
                spans.append(span)
    return spans


def _sentences_of(text: str, block: Span) -> Iterator[Span]:
    # Work in pieces, so that a file without line ends still takes linear time. The last sentence
    # of a piece may continue, so the next piece begins with it.
    position = block.start
    marker = LIST_ITEM.match(text, block.start, block.end)
    kept = marker.end() if marker else position  # "1. First" is one sentence
    while position < block.end:
        piece = without_surrogates(text[position : min(position + _SENTENCE_BATCH, block.end)])
        at_end = position + len(piece) == block.end
        boundaries = sentencex.get_sentence_boundaries("en", piece)
        starts = (position + boundary["start_index"] for boundary in boundaries)
        within = range(max(kept, position) + 1, position + len(piece))
        inner = {one for one in starts if one in within and not _is_in_word(text, one)}
        borders = sorted({0, *(border - position for border in inner)})
        if at_end or len(borders) == 1:
            borders.append(len(piece))
        for first, last in pairwise(borders):
            span = trimmed(text, Span(position + first, position + last))
            if span.start < span.end:
                yield span
        position += borders[-1]


def _is_in_word(text: str, border: int) -> bool:
    """Return whether a border is within what is written without spaces, as in ``.../main.js``."""
    return border < len(text) and re.match(r"[!-~]{2}", text[border - 1 : border + 1]) is not None


_MARKER = re.compile(r"(?:[-*+•‣◦–]|\(?\d{1,3}[.)])\s+")


def whole_sentences(document: Document, start: int, end: int) -> Span:
    """Return the span of the sentences that a span touches, without a list marker.

    A heading or the head of a table that it begins with is left out, unless there is nothing else.
    """
    around = _paragraph(document.text, start, end)
    inside = [
        sentence
        for sentence in sentences(document.text, around.start, around.end)
        if sentence.start < end and start < sentence.end
    ]
    if not inside:
        return Span(start, end)
    while len(inside) > 1 and _names_what_follows(document, inside[0]):
        del inside[0]
    first, last = inside[0].start, inside[-1].end
    marker = _MARKER.match(document.text, first, last)
    if marker and marker.end() <= start:
        first = marker.end()
    return Span(first, last)


def _names_what_follows(document: Document, sentence: Span) -> bool:
    return is_heading(document, sentence) or is_table_head(document.text, sentence)


def _paragraph(text: str, start: int, end: int) -> Span:
    """Return the lines around a span, up to the nearest blank lines."""
    before = max(text.rfind("\n\n", 0, start), text.rfind("\r\n\r\n", 0, start), 0)
    after = [blank for blank in (text.find("\n\n", end), text.find("\r\n\r\n", end)) if blank >= 0]
    return Span(before, min(after, default=len(text)))
