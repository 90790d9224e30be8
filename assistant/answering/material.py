"""Gather the passages from which a language model writes an answer."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.extractive import complete, retrieve
from assistant.reading.ordering import likeliest_first
from assistant.reading.summarizing import by_centrality, chunks_to_summarize
from assistant.session import Session
from assistant.types import Chunk, Passage, Turn
from assistant.understanding.context import Query
from assistant.understanding.intents import Intent, IntentKind


@dataclass(frozen=True, slots=True)
class Material:
    """The complete question and the passages to answer it from, best first.

    ``headings`` contains the headings above each passage. ``shown`` is the question as readers see
    it. ``within`` is the path of the part of the corpus that is searched.
    """

    question: str
    passages: tuple[Passage, ...]
    headings: tuple[str, ...]
    shown: str
    is_summary: bool = False
    within: str = ""


def gather(
    session: Session,
    question: str,
    intent: Intent,
    history: Sequence[Turn],
    standalone: str = "",
) -> Material:
    """Return the passages for a question. ``standalone`` is the complete question, if known."""
    if intent.kind is IntentKind.SUMMARY:
        chunks, topic = chunks_to_summarize(session, intent)
        if chunks:
            ranked = chunks if topic else by_centrality(chunks, session.vectors_of(chunks))
            return _material(session, question, ranked, question, is_summary=True)
    shown = standalone
    if standalone:
        query = Query(standalone, standalone, standalone, tuple(turn.question for turn in history))
    else:
        asked = complete(session, question, intent, history)
        query, standalone = asked.queries[0], asked.queries[-1].searched
        shown = asked.shown
    hits = retrieve(session, query, history if query.in_context else ())
    with session.timed("reading"):
        hits = likeliest_first(query.read, hits, session.reader)
    return _material(session, standalone, [hit.chunk for hit in hits], shown)


def _material(
    session: Session,
    question: str,
    chunks: Sequence[Chunk],
    shown: str,
    *,
    is_summary: bool = False,
) -> Material:
    passages = (
        Passage(session.document(chunk.document_id), chunk.start, chunk.end) for chunk in chunks
    )
    headings = tuple(chunk.heading for chunk in chunks)
    return Material(question, tuple(passages), headings, shown, is_summary, session.view.part)
