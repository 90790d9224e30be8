"""Rewrites passages: without some of their sentences, or without those that answer."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.ingestion.structure import sentences
from training.data import Row

DROPPED = 0.3
"""How likely a sentence without an answer is left out of a thinned passage."""


def thin(row: Row, draw: random.Random) -> Row:
    """The row without some sentences that hold no answer: the same question, another passage.

    A passage that is never twice the same is harder to learn by heart. A row that its passage
    does not answer stays unanswerable; the row itself where nothing was left out.
    """
    parts = _parts(row.context)
    kept = [part for part in parts if _answers(row, part) or draw.random() >= DROPPED]
    return _only(row, kept) if 0 < len(kept) < len(parts) else row


def without_answer(row: Row) -> Row | None:
    """The row without the sentences that hold an answer, so that its passage no longer answers.

    None where nothing else is left. A few are answerable all the same, in other words.
    """
    kept = [part for part in _parts(row.context) if not _answers(row, part)]
    return replace(_only(row, kept), answers=(), spans=()) if kept else None


@lru_cache(maxsize=16_384)
def _parts(context: str) -> tuple[tuple[int, int], ...]:
    """The sentences as (start, end) characters, each with the white space that follows it."""
    starts = [span.start for span in sentences(context)]
    return tuple(zip(starts, [*starts[1:], len(context)], strict=True))


def _answers(row: Row, part: tuple[int, int]) -> bool:
    return any(start < part[1] and end > part[0] for start, end in row.spans)


def _only(row: Row, kept: Sequence[tuple[int, int]]) -> Row:
    """The row with these parts of its passage alone, and its spans where they now stand.

    Each span that the parts hold must lie in neighbouring ones.
    """
    context, moved = "", set[tuple[int, int]]()
    for first, last in kept:
        shift = len(context) - first
        moved |= {(s + shift, e + shift) for s, e in row.spans if first <= s < last}
        context += row.context[first:last]
    return replace(row, context=context, spans=tuple(sorted(moved)))
