"""Answer without a language model: quote, summarize, or report that nothing was found."""

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
from assistant.understanding.follow_ups import Resolution, resolve
from assistant.understanding.intents import Intent, IntentKind, understand
from assistant.understanding.spelling import mend_spelling

NOT_FOUND = "I found no answer in the documents."
NOT_FOUND_CLOSEST = "I found no answer in the documents. The nearest passages are shown below."
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")


class ExtractiveEngine:
    """Answers by quoting. The same question over the same index gets the same answer."""

    name = EXTRACTIVE

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer, in one piece, with its citations checked."""
        answer = extract(session, question, history)
        yield check_citations(answer, session.view.catalog.document)


def extract(session: Session, question: str, history: Sequence[Turn]) -> Answer:
    """Return the answer to a question, with citations that are not checked yet."""
    intent = understand(question, history)
    answer = without_passages(session, question, intent, history)
    answer = answer or _summary(session, question, intent)
    if answer is None:
        with session.timed("understanding"):
            resolution = complete(session, question, intent, history)
        if words(resolution.question):
            answer = _as_answer(question, *best_way(session, resolution, history))
        else:
            answer = _not_found(question, NOT_FOUND)
    return replace(answer, timings=session.timings, within=session.view.part)


def without_passages(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Answer | None:
    """Return the answer to small talk or to a question about a document itself, else None."""
    answer = None
    if intent.kind is IntentKind.SMALL_TALK:
        reply = small_talk_reply(intent.detail, session.corpus.title, session.corpus.questions)
        answer = Answer(question, question, Status.SMALL_TALK, notice=reply)
    elif intent.kind is IntentKind.DOCUMENT_FACT:
        answer = _document_fact(session, question, intent, history)
    return replace(answer, within=session.view.part) if answer else None


def complete(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Resolution:
    """Return the complete question: spelling corrected, references to earlier turns filled in.

    A question that is complete as typed is returned unchanged.
    """
    corrected = mend_spelling(
        _MARKUP.sub(" ", intent.question),
        session.view.catalog.document_frequencies,
        session.stemmer,
        session.encoder.count_tokens,
    )
    resolution = resolve(corrected, history)
    is_unchanged = resolution.question == " ".join(intent.question.split())
    return replace(resolution, question=question) if is_unchanged else resolution


def best_way(
    session: Session, resolution: Resolution, history: Sequence[Turn]
) -> tuple[str, Selection]:
    """Return the completed question that the documents answer best, and its answer."""
    context = history if resolution.from_history else ()
    cited = _cited_places(history) if resolution.more else frozenset[Place]()
    selections = []
    for completed in (resolution.question, *resolution.others):
        with session.timed("retrieval"):
            hits = retrieve(session, completed, context)
        with session.timed("reading"):
            selection = select(
                completed, hits, session.document, session.reader, session.threshold, cited
            )
        selections.append((completed, selection))
    return max(selections, key=lambda pair: pair[1].confidence)


def retrieve(session: Session, question: str, history: Sequence[Turn]) -> list[Hit]:
    """Return the retrieved passages, plus those that the last turn of the history cites."""
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
    metadata = find_metadata(intent.detail, [session.document(summary.id) for summary in documents])
    if metadata.passages:
        return _answered(question, question, metadata.passages)
    return _not_found(question, _attribution_notice(documents))


def _summary(session: Session, question: str, intent: Intent) -> Answer | None:
    if intent.kind is not IntentKind.SUMMARY:
        return None
    with session.timed("retrieval"):
        chunks, topic = chunks_to_summarize(session, intent)
    if not chunks:
        return None
    with session.timed("reading"):
        passages = digest(chunks, session.document, session.encoder, topic)
    return _answered(question, question, passages) if passages else None


def _as_answer(question: str, standalone: str, selection: Selection) -> Answer:
    if selection.passages:
        answer = _answered(question, standalone, selection.passages)
        return replace(answer, confidence=selection.confidence)
    closest = tuple(cite(passage, 0) for passage in selection.closest[:CLOSEST_SHOWN])
    return Answer(
        question,
        standalone,
        Status.NOT_FOUND,
        closest=closest,
        notice=NOT_FOUND_CLOSEST if closest else NOT_FOUND,
        confidence=selection.confidence,
    )


def _cited_places(history: Sequence[Turn]) -> frozenset[Place]:
    """Return the places of the sentences that earlier answers cite."""
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
    return f"There are several documents. Please name the one you mean: {titles}{more}."


def _attribution_notice(documents: Sequence[DocumentSummary]) -> str:
    lines = [
        f"{document.title}: {document.attribution.line}"
        for document in documents
        if document.attribution.line
    ]
    known = (
        f" Known about the document from elsewhere than its text: {'; '.join(lines)}."
        if lines
        else ""
    )
    return f"The text of the documents does not say.{known}"
