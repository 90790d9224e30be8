"""Chooses one to three sentences, verbatim, from what was read in the retrieved passages."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.protocols import Reader
from assistant.text.headings import is_heading
from assistant.text.sentences import whole_sentences
from assistant.text.words import words
from assistant.types import Document, Hit, Passage, Reading, WindowText

Place = tuple[str, int, int]
"""Where a sentence stands: document id, start, end."""

MAX_STATEMENTS = 3
MAX_WORDS = 100
CLOSEST_SHOWN = 3
_FURTHER_SHARE = 0.93
"""A further statement must be this likely an answer, relative to the first."""


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
    passages = [WindowText(hit.chunk.heading, hit.chunk.text) for hit in hits]
    candidates = [
        candidate
        for hit, read in zip(hits, reader.read(question, passages), strict=True)
        for reading in read.spans[:MAX_STATEMENTS]
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


def _candidate(document: Document, hit: Hit, reading: Reading) -> _Candidate | None:
    start, end = hit.chunk.start + reading.start, hit.chunk.start + reading.end
    span = whole_sentences(document, start, end)
    if is_heading(document, span):
        return None
    inside = (max(start, span.start), min(end, span.end))
    highlight = inside if inside != (span.start, span.end) else None
    return _Candidate(Passage(document, span.start, span.end, highlight), reading.probability)


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
