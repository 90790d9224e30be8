"""Chooses one to three sentences, verbatim, from what was read in the retrieved passages."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.answering.citations import Passage
from assistant.ingestion.chunking import embedding_text
from assistant.text.structure import (
    Span,
    has_headings,
    sentences,
    without_heading_markup,
)
from assistant.text.words import words
from assistant.types import Document, Hit, Reader, Reading

Place = tuple[str, int, int]
"""Where a sentence stands: document id, start, end."""

MAX_STATEMENTS = 3
MAX_WORDS = 100
CLOSEST_SHOWN = 3
_FURTHER_SHARE = 0.93
"""A further statement must be this likely an answer, relative to the first."""
_LABEL = re.compile(r"(?!(?:by|BY|By)\s)[^\n.?!;:]{1,60}")
"""What a heading in plain text looks like: short, without an end of sentence, no byline."""
_MARKER = re.compile(r"(?:[-*+•‣◦–]|\(?\d{1,3}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Selection:
    """The passages that answer, or, where nothing does, the closest ones; how sure the reader was."""

    passages: tuple[Passage, ...]
    closest: tuple[Passage, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class _Candidate:
    passage: Passage
    probability: float


def select(
    question: str,
    hits: Sequence[Hit],
    document: Callable[[str], Document],
    reader: Reader,
    threshold: float,
    said: Collection[Place] = (),
) -> Selection:
    """Read the hits and choose the sentences that answer.

    ``threshold`` is the probability from which a reading is an answer; ``said`` are sentences
    that were told before and are not told again.
    """
    readings = reader.read(question, [embedding_text(hit.chunk) for hit in hits])
    candidates = [
        candidate
        for hit, some in zip(hits, readings, strict=True)
        for reading in some[:MAX_STATEMENTS]
        if (candidate := _candidate(document(hit.chunk.document_id), hit, reading))
        and _key(candidate.passage) not in said
    ]
    candidates.sort(key=lambda candidate: -candidate.probability)
    confidence = candidates[0].probability if candidates else 0.0
    if confidence < threshold:
        return Selection((), tuple(_distinct(candidates, CLOSEST_SHOWN)), confidence)
    floor = max(threshold, confidence * _FURTHER_SHARE)
    likely = [candidate for candidate in candidates if candidate.probability >= floor]
    return Selection(tuple(_within_bounds(_distinct(likely, MAX_STATEMENTS))), (), confidence)


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


def is_heading(document: Document, span: Span) -> bool:
    """Whether a sentence only names what follows: the title, or a heading."""
    text = document.text[span.start : span.end].strip()
    if text == document.title:
        return True
    if has_headings(document.media_type):
        return without_heading_markup(text) != text
    return bool(_LABEL.fullmatch(text)) and _stands_alone(document.text, span)


def _stands_alone(text: str, span: Span) -> bool:
    """Whether nothing else is on the lines around, as above and below a heading in plain text."""
    before, after = text[: span.start].rstrip(" \t"), text[span.end :].lstrip(" \t")
    is_blank_before = not before.strip() or bool(re.search(r"\n[ \t\r]*\n\s*$", before))
    return is_blank_before and bool(re.match(r"\r?\n[ \t]*\r?\n", after))


def _candidate(document: Document, hit: Hit, reading: Reading) -> _Candidate | None:
    # Read with its headings in front, as it was embedded; those are never quoted.
    offset = hit.chunk.start - (len(embedding_text(hit.chunk)) - len(hit.chunk.text))
    start, end = max(offset + reading.start, hit.chunk.start), offset + reading.end
    if end <= start:
        return None
    span = whole_sentences(document, start, end)
    if is_heading(document, span):
        return None
    inside = (max(start, span.start), min(end, span.end))
    highlight = inside if inside != (span.start, span.end) else None
    return _Candidate(Passage(document, span.start, span.end, highlight), reading.probability)


def _paragraph(text: str, start: int, end: int) -> Span:
    """The lines around a span up to the nearest blank ones."""
    before = max(text.rfind("\n\n", 0, start), text.rfind("\r\n\r\n", 0, start), 0)
    after = [at for at in (text.find("\n\n", end), text.find("\r\n\r\n", end)) if at >= 0]
    return Span(before, min(after, default=len(text)))


def _distinct(candidates: Sequence[_Candidate], limit: int) -> list[Passage]:
    """The first passages, those left out that overlap or repeat the words of one before."""
    found: list[Passage] = []
    for candidate in candidates:
        if len(found) == limit:
            break
        if not any(_same(candidate.passage, other) for other in found):
            found.append(candidate.passage)
    return found


def _same(one: Passage, other: Passage) -> bool:
    if one.document.id == other.document.id and one.start < other.end and other.start < one.end:
        return True
    left, right = set(words(one.text.casefold())), set(words(other.text.casefold()))
    return len(left & right) >= 0.7 * max(1, min(len(left), len(right)))


def _within_bounds(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage always, further ones while together they stay short."""
    found: list[Passage] = []
    count = 0
    for passage in passages:
        count += len(passage.text.split())
        if found and count > MAX_WORDS:
            break
        found.append(passage)
    return found


def _key(passage: Passage) -> Place:
    return passage.document.id, passage.start, passage.end
