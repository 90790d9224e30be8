"""What a reading model sees of a passage: windows of token ids, and where its spans lie in the text."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.text.sentences import sentences
from assistant.types import Reading

if TYPE_CHECKING:
    from tokenizers import Encoding

Floats = NDArray[np.float32]

SPANS_KEPT = 3
"""Spans of one passage that are given, none of which overlap."""
_FURTHEST = 5.0
"""How far below the best a span's score may lie."""


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a stretch of a passage as the model sees them.

    ``offsets`` are the characters of the passage's tokens, which begin at ``passage_start``.
    """

    ids: tuple[int, ...]
    passage_start: int
    offsets: tuple[tuple[int, int], ...]

    def characters(self, first: int, last: int) -> tuple[int, int]:
        """Return where the tokens from ``first`` to ``last`` lie in the passage."""
        start = self.offsets[first - self.passage_start][0]
        return start, self.offsets[last - self.passage_start][1]


def cut_windows(
    question: Sequence[int],
    header: Sequence[int],
    passage: "Encoding",
    *,
    cls: int,
    sep: int,
    max_length: int,
    stride: int,
) -> Iterator[Window]:
    """Yield ``[CLS] question [SEP] header [SEP] passage [SEP]``, a long passage in several windows.

    No argument has special tokens; without a header its ``[SEP]`` is left out. Lengths are in
    tokens: neighbouring windows share at least ``stride`` of them, and the last one is moved left
    to be full. An empty passage has no window.
    """
    head = (cls, *question, sep, *header, sep) if header else (cls, *question, sep)
    room = max_length - len(head) - 1
    total = len(passage.ids)
    if total == 0:
        return
    starts = range(0, max(1, total - stride), room - stride) if total > room else [0]
    for start in starts:
        first = max(0, min(start, total - room))
        part = slice(first, first + room)
        yield Window((*head, *passage.ids[part], sep), len(head), tuple(passage.offsets[part]))


def best_spans(window: Window, scores: Floats, probability: float) -> Iterator[Reading]:
    """Yield the best spans that do not overlap; ``scores`` is of shape ``(length, length)``.

    ``probability`` is the best one's; each other has as much less as its score is lower.
    """
    scores = scores.copy()
    best = float(scores.max())
    for _ in range(SPANS_KEPT):
        first, last = (int(place) for place in np.unravel_index(scores.argmax(), scores.shape))
        lower = float(scores[first, last]) - best
        yield Reading(*window.characters(first, last), probability * math.exp(lower))
        scores[: last + 1, first:] = -np.inf  # every span that begins or ends inside
        if scores.max() < best - _FURTHEST:
            return


def likeliest(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """Return the likeliest readings of a passage's windows, without those that overlap a likelier."""
    kept: list[Reading] = []
    for reading in sorted(readings, key=lambda reading: -reading.probability):
        if len(kept) < SPANS_KEPT and all(
            reading.end <= other.start or other.end <= reading.start for other in kept
        ):
            kept.append(reading)
    return tuple(kept)


def evidence_of(text: str, read: Sequence[tuple[Window, Floats]]) -> tuple[Reading, ...]:
    """Return the sentences of a passage by how likely they show the answer, the likeliest first.

    ``read`` are its windows with a logit for each of their tokens. A sentence has the mean of its
    tokens; one that lies in several windows has the highest of its means.
    """
    found = []
    for sentence in sentences(text):
        means = [
            float(logits[places].mean())
            for window, logits in read
            if (places := _tokens(window, sentence.start, sentence.end))
        ]
        if means:
            found.append(Reading(sentence.start, sentence.end, logistic(max(means))))
    return tuple(sorted(found, key=lambda reading: -reading.probability))


def _tokens(window: Window, start: int, end: int) -> list[int]:
    """Return the tokens of a window that lie in a stretch of the passage."""
    return [
        window.passage_start + place
        for place, (left, right) in enumerate(window.offsets)
        if left < end and start < right
    ]


def logistic(logit: float) -> float:
    """Return the probability of a logit, without overflow."""
    return 0.5 * (1.0 + math.tanh(0.5 * logit))
