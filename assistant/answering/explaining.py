"""Explain the status of an answer: what was searched, what was read, and which stage decided."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answering.citations import check_quote, cite
from assistant.answering.deciding import Decision, surest
from assistant.answering.extractive import Attempt, attempts, complete, extract
from assistant.answering.fitting import Demands, misfit
from assistant.reading.selection import Place
from assistant.session import Session
from assistant.types import (
    Answer,
    Explanation,
    ReadPassage,
    Statement,
    Status,
    Thresholds,
    Turn,
)
from assistant.understanding.intents import IntentKind, understand

_OTHER_WAYS = {
    IntentKind.SMALL_TALK: "The message was taken for small talk.",
    IntentKind.DOCUMENT_FACT: "The question is about a document itself, not about what it says.",
    IntentKind.SUMMARY: "The message asks for a summary.",
    IntentKind.SECTION: "The message asks for a numbered part of a document.",
}
_IN_PARTS = "The message asks several things, and each was looked for by itself."


def explain(session: Session, question: str, history: Sequence[Turn]) -> Explanation:
    """Return how a question is looked for, and why its answer has its status.

    This is about quotes. For what a language model writes of the passages, see `held_back`.
    """
    intent = understand(question, history)
    if intent.kind in _OTHER_WAYS:
        answer = extract(session, question, history)
        if answer.confidence is None:  # nothing had to be read for it
            reason = _OTHER_WAYS[intent.kind]
            return Explanation(question, answer.status, reason, (), session.thresholds)
    asked = complete(session, question, intent, history)
    whole = attempts(session, asked, history)
    parts = [(part.question, attempts(session, part, history)) for part in asked.parts]
    decisions = [(asked_part, found[0].decision) for asked_part, found in parts]
    decision = surest(decisions, whole[0].decision)
    explanation = replace(
        _explained(session, question, whole),
        parts=tuple(_explained(session, asked_part, found) for asked_part, found in parts),
    )
    if decision is whole[0].decision:
        return explanation
    return replace(explanation, status=decision.status, reason=_IN_PARTS)


def held_back(pieces: Iterable[Answer]) -> tuple[Statement, ...]:
    """Return what a language model wrote and the check held back, from the pieces of a flagged answer."""
    found = {
        statement.text: statement
        for piece in pieces
        for statement in piece.statements
        if statement.unsupported
    }
    return tuple(found.values())


def _explained(session: Session, question: str, found: Sequence[Attempt]) -> Explanation:
    """Return why the best way to look for an answer, the first, has its status."""
    best = found[0]
    passages = _passages(best)
    for passage in passages:
        check_quote(passage.citation, session.view.catalog.document(passage.citation.document_id))
    return Explanation(
        question,
        best.decision.status,
        _reason(best, session.thresholds),
        tuple(one.query.searched for one in found),
        session.thresholds,
        tuple(passages),
    )


def _passages(best: Attempt) -> list[ReadPassage]:
    """Return what was read, the most probable first, each place once."""
    demands = _demands(best)
    places: dict[Place, ReadPassage] = {}
    for candidate in best.candidates:
        citation = cite(candidate.passage, 0)
        place = (citation.document_id, citation.start, citation.end)
        if place not in places:
            places[place] = ReadPassage(
                citation,
                candidate.hit.dense_rank,
                candidate.hit.keyword_rank,
                candidate.probability,
                misfit(demands, candidate) or "",
            )
    return list(places.values())


def _demands(best: Attempt) -> Demands:
    return Demands.of(best.query.last, best.query.earlier)


def _reason(best: Attempt, thresholds: Thresholds) -> str:
    decision = best.decision
    if not best.candidates:
        return "Nothing that could be quoted was found in the passages that were retrieved."
    if decision.status is Status.ANSWERED:
        return f"The likeliest passage that fits has a probability of {decision.confidence:.2f}."
    flaw = misfit(_demands(best), best.candidates[0])
    if best.candidates[0].probability >= thresholds.certain and flaw:
        return f"The likeliest passage does not fit: {flaw}."
    return _unlikely(decision, thresholds)


def _unlikely(decision: Decision, thresholds: Thresholds) -> str:
    if decision.confidence >= thresholds.certain:
        return (
            f"The likeliest passage has a probability of {decision.confidence:.2f}, too little "
            "beside another passage that is nearly as likely."
        )
    bound = thresholds.certain if decision.status is Status.UNCERTAIN else thresholds.possible
    kind = "certain" if decision.status is Status.UNCERTAIN else "possible"
    return (
        f"The likeliest passage has a probability of {decision.confidence:.2f}, below the "
        f"{bound:.2f} of a {kind} answer."
    )
