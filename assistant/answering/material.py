"""The passages that a language model writes an answer from."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.extractive import best_way, complete, retrieve
from assistant.reading.summarizing import by_centrality, chunks_to_summarize
from assistant.session import Session
from assistant.types import Chunk, Passage, Turn
from assistant.understanding.intents import Intent, IntentKind


@dataclass(frozen=True, slots=True)
class Material:
    """What an answer may be written from: the question in full, and passages, best first.

    ``headings`` has for each passage the headings above it; ``within`` is the part of the
    documents that is asked.
    """

    question: str
    passages: tuple[Passage, ...]
    headings: tuple[str, ...]
    is_summary: bool = False
    within: str = ""


def gather(
    session: Session,
    question: str,
    intent: Intent,
    history: Sequence[Turn],
    standalone: str = "",
) -> Material:
    """Return the passages for a question; ``standalone`` is the question in full, where known."""
    if intent.kind is IntentKind.SUMMARY:
        chunks, topic = chunks_to_summarize(session, intent, history)
        if chunks:
            ranked = chunks if topic else by_centrality(chunks, session.vectors_of(chunks))
            return _material(session, question, ranked, is_summary=True)
    leaning: Sequence[Turn] = history
    if not standalone:
        resolution = complete(session, question, intent, history)
        leaning = history if resolution.from_history else ()
        standalone = resolution.question
        if resolution.others:
            standalone, _ = best_way(session, resolution, history)
    hits = retrieve(session, standalone, leaning)
    return _material(session, standalone, [hit.chunk for hit in hits])


def _material(
    session: Session, question: str, chunks: Sequence[Chunk], *, is_summary: bool = False
) -> Material:
    passages = (
        Passage(session.document(chunk.document_id), chunk.start, chunk.end) for chunk in chunks
    )
    headings = tuple(chunk.heading for chunk in chunks)
    return Material(question, tuple(passages), headings, is_summary, session.view.part)
