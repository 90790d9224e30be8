"""Answer a question that stands in a document by what stands below it."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.reading.answer_units import question_above
from assistant.reading.selection import Candidate
from assistant.text.spans import Span
from assistant.text.words import words

_SURE = 0.97
"""The least probability of what stands below the very question that was asked."""
_FEWEST_WORDS = 3
"""A shorter question ("Why?") may stand above anything."""


def with_same_question(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, most probable first, those as good as sure that answer it word for word.

    Case and punctuation do not count.
    """
    asked = words(question.casefold())
    if len(asked) < _FEWEST_WORDS:
        return list(candidates)
    raised = [
        replace(one, probability=max(one.probability, _SURE)) if _is_below(asked, one) else one
        for one in candidates
    ]
    return sorted(raised, key=lambda one: -one.probability)


def _is_below(asked: list[str], candidate: Candidate) -> bool:
    passage = candidate.passage
    above = question_above(passage.document, Span(passage.start, passage.end))
    return words(above.casefold()) == asked
