"""The engine that needs no language model: it quotes, summarizes, or finds nothing."""

import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.answering.citations import check_citations, cite, state
from assistant.answering.small_talk import small_talk_reply
from assistant.reading.document_facts import find_metadata
from assistant.reading.documents_meant import documents_meant
from assistant.reading.selection import CLOSEST_SHOWN, MAX_STATEMENTS, Place, Selection, select
from assistant.reading.summarizing import chunks_to_summarize, digest
from assistant.retrieval.search import hybrid_search
from assistant.session import Session
from assistant.text.words import words
from assistant.types import (
    EXTRACTIVE,
    Answer,
    DocumentSummary,
    Hit,
    Passage,
    Status,
    Turn,
)
from assistant.understanding.follow_ups import Resolution, is_led, resolve
from assistant.understanding.intents import Intent, IntentKind, understand
from assistant.understanding.spelling import mend_spelling

NOT_FOUND = "I found no answer in the documents."
NOT_FOUND_CLOSEST = "I found no answer in the documents. The nearest passages are shown below."
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


class ExtractiveEngine:
    """Answers by quoting; the same question over the same index gets the same answer."""

    name = EXTRACTIVE

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield the one answer, its citations checked."""
        answer = extract(session, question, history)
        yield check_citations(answer, session.view.catalog.document)


def extract(session: Session, question: str, history: Sequence[Turn]) -> Answer:
    """Return the answer to a question from the session's documents, its citations not yet checked."""
    intent = understand(question, history)
    found = without_passages(session, question, intent, history) or _summary(
        session, question, intent, history
    )
    if found is None:
        with session.timed("understanding"):
            resolution = complete(session, question, intent, history)
        if words(resolution.question):
            found = _as_answer(question, *best_way(session, resolution, history))
        else:
            found = _not_found(question, NOT_FOUND)
    return replace(found, timings=session.timings, within=session.view.part)


def without_passages(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Answer | None:
    """Return the answer to small talk or about a document itself; None for anything else."""
    found = None
    if intent.kind is IntentKind.SMALL_TALK:
        reply = small_talk_reply(intent.detail, session.corpus.title, session.corpus.questions)
        found = Answer(question, question, Status.SMALL_TALK, notice=reply)
    elif intent.kind is IntentKind.DOCUMENT_FACT:
        found = _document_fact(session, question, intent, history)
    return replace(found, within=session.view.part) if found else None


def complete(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Resolution:
    """Return the question in full by the rules: spelling mended, what it leans on put in.

    A question that is complete as it was typed is returned without any change.
    """
    mended = mend_spelling(
        _MARKUP.sub(" ", intent.question),
        session.view.catalog.document_frequencies,
        session.stemmer,
        session.encoder.count_tokens,
    )
    found = resolve(mended, history, is_led=is_led(question))
    unchanged = " ".join(intent.question.split())
    return replace(found, question=question) if found.question == unchanged else found


def best_way(
    session: Session, resolution: Resolution, history: Sequence[Turn]
) -> tuple[str, Selection]:
    """Return the way to complete a question that the documents answer best, and what they say."""
    leaning = history if resolution.from_history else ()
    told = _told_places(history) if resolution.more else frozenset[Place]()
    found = []
    for way in (resolution.question, *resolution.others):
        with session.timed("retrieval"):
            hits = retrieve(session, way, leaning)
        with session.timed("reading"):
            chosen = select(way, hits, session.document, session.reader, session.threshold, told)
        found.append((way, chosen))
    return max(found, key=lambda pair: pair[1].confidence)


def retrieve(session: Session, question: str, history: Sequence[Turn]) -> list[Hit]:
    """Return the retrieved passages; with a history, those just cited are added."""
    vector = session.encoder.encode([question])[0]
    hits = hybrid_search(session.view, question, vector, session.top_k)
    present = {hit.chunk.id for hit in hits}
    cited = [
        chunk
        for turn in history[-1:]
        for citation in turn.answer.citations
        for chunk in session.view.catalog.document_chunks(citation.document_id)
        if chunk.start <= citation.start < chunk.end and chunk.id not in present
    ]
    return hits + [Hit(chunk, 0.0) for chunk in dict.fromkeys(cited)]


def _document_fact(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Answer:
    documents = documents_meant(session, history, intent.noun)
    if len(documents) > MAX_STATEMENTS:
        return _not_found(question, _which_document(documents))
    found = find_metadata(intent.detail, [session.document(summary.id) for summary in documents])
    if found.passages:
        return _answered(question, question, found.passages)
    return _not_found(question, _attribution_notice(documents))


def _summary(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Answer | None:
    if intent.kind is not IntentKind.SUMMARY:
        return None
    with session.timed("retrieval"):
        chunks, topic = chunks_to_summarize(session, intent, history)
    if not chunks:
        return None
    with session.timed("reading"):
        passages = digest(chunks, session.document, session.encoder, topic)
    return _answered(question, question, passages) if passages else None


def _as_answer(question: str, standalone: str, chosen: Selection) -> Answer:
    if chosen.passages:
        answer = _answered(question, standalone, chosen.passages)
        return replace(answer, confidence=chosen.confidence)
    closest = tuple(cite(passage, 0) for passage in chosen.closest[:CLOSEST_SHOWN])
    return Answer(
        question,
        standalone,
        Status.NOT_FOUND,
        closest=closest,
        notice=NOT_FOUND_CLOSEST if closest else NOT_FOUND,
        confidence=chosen.confidence,
    )


def _told_places(history: Sequence[Turn]) -> frozenset[Place]:
    """Return where the sentences are that earlier answers cite."""
    return frozenset(
        (citation.document_id, citation.start, citation.end)
        for turn in history
        for citation in turn.answer.citations
    )


def _answered(question: str, standalone: str, passages: Sequence[Passage]) -> Answer:
    statements, citations = state(passages)
    return Answer(question, standalone, Status.ANSWERED, statements, citations)


def _not_found(question: str, notice: str) -> Answer:
    return Answer(question, question, Status.NOT_FOUND, notice=notice)


def _which_document(documents: Sequence[DocumentSummary]) -> str:
    titles = "; ".join(document.title for document in documents[:5])
    more = f"; and {len(documents) - 5} more" if len(documents) > 5 else ""
    return f"There are several documents, so please name the one you mean: {titles}{more}."


def _attribution_notice(documents: Sequence[DocumentSummary]) -> str:
    lines = [
        f"{document.title}: {document.attribution.line}"
        for document in documents
        if document.attribution.line
    ]
    known = (
        f" What is known about the document, though it is not in its text: {'; '.join(lines)}."
        if lines
        else ""
    )
    return f"The text of the documents does not say.{known}"
