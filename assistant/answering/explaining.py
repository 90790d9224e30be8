"""Explain the status of an answer: what was searched, what was read, and which stage decided."""

from collections.abc import Sequence
from dataclasses import replace

from assistant.answering.citations import check_quote, cite
from assistant.answering.deciding import Decision
from assistant.answering.extractive import Attempt, attempts, complete, extract, in_parts
from assistant.answering.fitting import Demands, misfit
from assistant.reading.selection import Place
from assistant.session import Session
from assistant.types import Explanation, ReadPassage, Status, Thresholds, Turn
from assistant.understanding.context import ResolvedQuestion
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

    This is about quotes. What a language model would write of the same passages is not decided
    here.
    """
    intent = understand(question, history)
    if intent.kind in _OTHER_WAYS:
        answer = extract(session, question, history)
        if answer.confidence is None:  # nothing had to be read for it
            reason = _OTHER_WAYS[intent.kind]
            return Explanation(question, answer.status, reason, (), session.thresholds)
    asked = complete(session, question, intent, history)
    explanation = replace(_explained(session, asked, history), question=question)
    return replace(explanation, parts=tuple(_explained(session, one, ()) for one in asked.parts))


def _explained(session: Session, asked: ResolvedQuestion, history: Sequence[Turn]) -> Explanation:
    found = attempts(session, asked, history)
    decision = in_parts(session, asked, found[0].decision)
    is_in_parts = decision is not found[0].decision
    passages = _passages(found[0])
    for passage in passages:
        check_quote(passage.citation, session.view.catalog.document(passage.citation.document_id))
    return Explanation(
        asked.question,
        decision.status,
        _IN_PARTS if is_in_parts else _reason(found[0], session.thresholds),
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
