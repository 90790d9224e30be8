"""Put a question in the context of its conversation, as the reading model was trained to take it.

A question that leans on those before it is searched for and read together with them. The rules of
`follow_ups` complete it for people, shown as "Understood as", and as a second way to look for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Answer, Status, Turn
from assistant.understanding.follow_ups import resolve
from assistant.understanding.several import split_questions

BETWEEN = " || "
"""What is between the questions of a conversation in the reading model's training data."""
_EARLIER = 2
"""The number of earlier questions that are read with a question."""


@dataclass(frozen=True, slots=True)
class Query:
    """A way to look for the answer: what is searched for, and what is read.

    ``last`` is the question alone, and ``earlier`` are those that it is read with, oldest first.
    """

    searched: str
    read: str
    last: str
    earlier: tuple[str, ...] = ()

    @property
    def in_context(self) -> bool:
        """Whether the question leans on those before it."""
        return bool(self.earlier)


@dataclass(frozen=True, slots=True)
class ResolvedQuestion:
    """What was asked: the question alone, the ways to look for it, and what readers are shown.

    ``parts`` are the questions of which it consists, each in the context of those before it, if it
    asks several things at once. ``is_for_more`` means that the question asks for more of the same,
    so that earlier answers must not be repeated.
    """

    question: str
    queries: tuple[Query, ...]
    shown: str
    parts: tuple["ResolvedQuestion", ...] = ()
    is_for_more: bool = False


def asked_in_context(typed: str, question: str, history: Sequence[Turn]) -> ResolvedQuestion:
    """Return how to look for the answer to a question, given the turns before it, oldest first.

    ``typed`` is the message as it was typed, ``question`` the same with its spelling corrected.
    A question that seems complete is looked for by itself and in context, a follow-up in context and
    as the rules complete it.
    """
    question = " ".join(question.split())
    alone = Query(question, question, question)
    earlier = [
        " ".join(turn.question.split())
        for turn in history
        if turn.answer.status is not Status.SMALL_TALK
    ][-_EARLIER:]
    resolution = resolve(question, history)
    is_readable = "(" in question or "(" not in resolution.question
    is_completed = is_readable and resolution.question != question
    shown = resolution.question if is_completed else typed
    parts = _parts(question, history)
    if not earlier:
        return ResolvedQuestion(question, (alone,), shown, parts)
    if resolution.more:
        again = Query(earlier[-1], BETWEEN.join(earlier), earlier[-1], tuple(earlier))
        return ResolvedQuestion(question, (again,), shown, is_for_more=True)
    turns = [*earlier, question]
    together = Query(" ".join(turns), BETWEEN.join(turns), question, tuple(earlier))
    if not resolution.from_history:
        return ResolvedQuestion(question, (together, alone), shown, parts)
    completed = Query(resolution.question, resolution.question, question, tuple(earlier))
    return ResolvedQuestion(question, (together, completed), shown, parts)


def _parts(question: str, history: Sequence[Turn]) -> tuple[ResolvedQuestion, ...]:
    """Return the questions that a message consists of, each asked after those before it."""
    parts = split_questions(question)
    if len(parts) == 1:
        return ()
    asked = [Turn(part, Answer(part, part, Status.NOT_FOUND)) for part in parts]
    return tuple(
        asked_in_context(part, part, [*history, *asked[:place]]) for place, part in enumerate(parts)
    )
