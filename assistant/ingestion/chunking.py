"""Split a document into chunks: sentences packed up to a number of tokens, offsets exact.

Offsets are computed while splitting and never searched for afterwards. A chunk does not reach
over a section's border; below that, paragraphs are kept whole where they fit.
"""

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.text.blocks import blocks
from assistant.text.headings import sections
from assistant.text.sentences import sentences
from assistant.text.spans import Span
from assistant.types import Chunk, Document

TokenCounter = Callable[[Sequence[str]], list[int]]

_HEADING_SHARE = 3
"""The heading may take one part in three of a chunk's tokens; what is over is not embedded."""
_CHARACTERS_PER_TOKEN = 12
"""A tokenizer may make one token of any length of text; a chunk is bounded in characters too."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence (or a part of one that alone is over the limit) with its tokens and paragraph."""

    span: Span
    tokens: int
    block: int


def chunk_document(
    document: Document, count_tokens: TokenCounter, max_tokens: int, overlap: int = 0
) -> list[Chunk]:
    """Return the chunks of a document in order, with every character but white space in one of them.

    ``max_tokens`` bounds heading and text together; ``overlap`` is how many sentences a chunk
    repeats from the one before in its section.
    """
    found: list[Chunk] = []
    for section in sections(document.text, document.media_type):
        titles = [title for title in section.titles if title != document.title]
        heading = _fitting_heading([document.title, *titles], count_tokens, max_tokens)
        room = max_tokens - (count_tokens([heading])[0] + 1 if heading else 0)
        pieces = _pieces(document.text, Span(section.start, section.end), count_tokens, room)
        found.extend(
            _chunk(document, group[0].span.start, group[-1].span.end, heading)
            for group in _packed(pieces, room, overlap)
        )
    return found


def embedding_text(chunk: Chunk) -> str:
    """Return what is embedded and read of a chunk: its heading, then its text."""
    return f"{chunk.heading}\n{chunk.text}" if chunk.heading else chunk.text


def _chunk(document: Document, start: int, end: int, heading: str) -> Chunk:
    text = document.text[start:end]
    # The heading counts too: it is embedded, and a vector must never change under its id.
    key = f"{document.id}\n{start}\n{end}\n{heading}\n{text}"
    identifier = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Chunk(identifier, document.id, start, end, text, heading)


def _fitting_heading(titles: Sequence[str], count_tokens: TokenCounter, max_tokens: int) -> str:
    """Return as many titles, innermost last, as fit into the heading's share; the nearest ones win."""
    limit = max_tokens // _HEADING_SHARE
    for first in range(len(titles)):
        heading = " › ".join(titles[first:])
        if len(heading) <= limit * _CHARACTERS_PER_TOKEN and count_tokens([heading])[0] <= limit:
            return heading
    return ""


def _pieces(text: str, within: Span, count_tokens: TokenCounter, room: int) -> list[_Piece]:
    """Yield the sentences in a stretch of text, those over the limit cut."""
    spans: list[Span] = []
    paragraphs: list[int] = []
    for number, block in enumerate(blocks(text, within.start, within.end)):
        for sentence in sentences(text, block.start, block.end):
            parts = _cut(text, sentence, count_tokens, room)
            spans.extend(parts)
            paragraphs.extend([number] * len(parts))
    counts = count_tokens([text[span.start : span.end] for span in spans])
    return [
        _Piece(span, max(count, (span.end - span.start) // _CHARACTERS_PER_TOKEN), paragraph)
        for span, count, paragraph in zip(spans, counts, paragraphs, strict=True)
    ]


def _cut(text: str, span: Span, count_tokens: TokenCounter, room: int) -> list[Span]:
    """Yield the span, halved at white space near its middle until each part fits."""
    length = span.end - span.start
    if length <= room:  # a character is at most one token
        return [span]
    short = length <= room * _CHARACTERS_PER_TOKEN
    if short and count_tokens([text[span.start : span.end]])[0] <= room:
        return [span]
    left, right = _halves(text, span)
    return [part for half in (left, right) for part in _cut(text, half, count_tokens, room)]


def _halves(text: str, span: Span) -> tuple[Span, Span]:
    middle = (span.start + span.end) // 2
    reach = (span.end - span.start) // 4
    for distance in range(reach):
        for at in (middle - distance, middle + distance):
            if text[at].isspace() and span.start < at:
                right = at
                while right < span.end - 1 and text[right].isspace():
                    right += 1
                left = at
                while left > span.start + 1 and text[left - 1].isspace():
                    left -= 1
                return Span(span.start, left), Span(right, span.end)
    middle = _border_near(text, middle, reach)
    return Span(span.start, middle), Span(middle, span.end)


def _border_near(text: str, middle: int, reach: int) -> int:
    """Return the next place between two seen characters, or the middle if none is near.

    A run of combining marks can be as long as a document, and must be cut somewhere.
    """
    for place in range(middle, middle + reach):
        if not _joins(text[place - 1], text[place]):
            return place
    return middle


def _joins(left: str, right: str) -> bool:
    """Return whether two characters belong to one that is seen: combining marks, joiners, CRLF."""
    joiners = "\u200d\ufe0e\ufe0f"
    return bool(unicodedata.combining(right)) or right in joiners or left == "\u200d"


def _packed(pieces: Sequence[_Piece], room: int, overlap: int) -> Iterable[list[_Piece]]:
    """Yield pieces in groups of at most ``room`` tokens; a paragraph is split only if it must be."""
    group: list[_Piece] = []
    tokens = 0
    for _, members in groupby(pieces, key=lambda piece: piece.block):
        paragraph = list(members)
        whole = sum(piece.tokens for piece in paragraph)
        if group and tokens + whole > room:
            yield group
            group, tokens = _carried(group, overlap, room - min(whole, room))
        for piece in paragraph:
            if group and tokens + piece.tokens > room:
                yield group
                group, tokens = _carried(group, overlap, room - piece.tokens)
            group.append(piece)
            tokens += piece.tokens
    if group:
        yield group


def _carried(group: Sequence[_Piece], overlap: int, room: int) -> tuple[list[_Piece], int]:
    """Return the last pieces of a group that the next one repeats, as far as there is room."""
    carried: list[_Piece] = []
    tokens = 0
    for piece in reversed(group[1:][-overlap:] if overlap else []):
        if tokens + piece.tokens > room:
            break
        carried.insert(0, piece)
        tokens += piece.tokens
    return carried, tokens
