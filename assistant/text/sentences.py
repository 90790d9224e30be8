"""Split a text into sentences with exact offsets; the only importer of sentencex."""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex

from assistant.text.blocks import LIST_ITEM, blocks
from assistant.text.spans import Span, trimmed
from assistant.text.surrogates import without_surrogates
from assistant.types import Document

_SENTENCE_BATCH = 20_000
_WORD = re.compile(r"[^\W_]")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences between two offsets, in order; none reaches over a block's border.

    Every character that is not white space is in exactly one of them. Signs without a word, such
    as the end of an emphasis, belong to the sentence before.
    """
    end = len(text) if end is None else end
    found: list[Span] = []
    for block in blocks(text, start, end):
        first = len(found)
        for span in _sentences_of(text, block):
            if len(found) > first and not _WORD.search(text, span.start, span.end):
                found[-1] = Span(found[-1].start, span.end)
            else:
                found.append(span)
    return found


def _sentences_of(text: str, block: Span) -> Iterator[Span]:
    # In pieces, so that a file without a single line end is still handled in linear time; the
    # last sentence of a piece may go on, so the next piece begins with it.
    position = block.start
    marker = LIST_ITEM.match(text, block.start, block.end)
    kept = marker.end() if marker else position  # "1. First" is one sentence
    while position < block.end:
        piece = without_surrogates(text[position : min(position + _SENTENCE_BATCH, block.end)])
        at_end = position + len(piece) == block.end
        found = sentencex.get_sentence_boundaries("en", piece)
        starts = (position + boundary["start_index"] for boundary in found)
        within = range(kept + 1, position + len(piece))
        borders = sorted({0, *(at - position for at in starts if at in within and at > position)})
        if at_end or len(borders) == 1:
            borders.append(len(piece))
        for first, last in pairwise(borders):
            span = trimmed(text, Span(position + first, position + last))
            if span.start < span.end:
                yield span
        position += borders[-1]


_MARKER = re.compile(r"(?:[-*+•‣◦–]|\(?\d{1,3}[.)])\s+")


def whole_sentences(document: Document, start: int, end: int) -> Span:
    """The sentence or sentences of the document that a span lies in, list markers left out."""
    around = _paragraph(document.text, start, end)
    inside = [
        sentence
        for sentence in sentences(document.text, around.start, around.end)
        if sentence.start < end and start < sentence.end
    ]
    if not inside:
        return Span(start, end)
    first, last = inside[0].start, inside[-1].end
    marker = _MARKER.match(document.text, first, last)
    if marker and marker.end() <= start:
        first = marker.end()
    return Span(first, last)


def _paragraph(text: str, start: int, end: int) -> Span:
    """The lines around a span up to the nearest blank ones."""
    before = max(text.rfind("\n\n", 0, start), text.rfind("\r\n\r\n", 0, start), 0)
    after = [at for at in (text.find("\n\n", end), text.find("\r\n\r\n", end)) if at >= 0]
    return Span(before, min(after, default=len(text)))
