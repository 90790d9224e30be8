"""Answer without a language model: quote, summarize, or report that nothing was found."""

import re
import threading
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answering.citations import check_citations, cite, state
from assistant.answering.deciding import Decision, decide, surest
from assistant.answering.fitting import Demands, with_identifiers
from assistant.answering.named_rows import with_named_rows
from assistant.answering.same_question import with_same_question
from assistant.answering.small_talk import small_talk_reply
from assistant.reading.document_facts import find_metadata
from assistant.reading.documents_meant import documents_meant, documents_with, is_named
from assistant.reading.numbered_sections import numbered_section
from assistant.reading.selection import (
    CLOSEST_SHOWN,
    MAX_STATEMENTS,
    Candidate,
    Place,
    read_candidates,
    within_bounds,
)
from assistant.reading.summarizing import MAX_WORDS as MAX_SUMMARY_WORDS
from assistant.reading.summarizing import chunks_to_summarize, digest, sentences_for
from assistant.retrieval.search import exact_search, hybrid_search
from assistant.session import Session
from assistant.text.steering import has_order
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
from assistant.understanding.context import Query, ResolvedQuestion, asked_in_context
from assistant.understanding.intents import Intent, IntentKind, understand
from assistant.understanding.short_forms import with_usual_forms
from assistant.understanding.spelling import mend_spelling

NOT_FOUND = "I found no answer in the documents."
NOT_FOUND_CLOSEST = "I found no answer in the documents. The nearest passages are shown below."
ORDER_QUOTED = "The quoted text reads like an instruction to a language model."
PART_NOT_FOUND = "I found no answer to “{question}”."
OTHER_EDITIONS = "There are other versions of this document: {titles}."
MAX_EDITIONS = 5
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
            asked = complete(session, question, intent, history)
        if words(asked.question):
            whole = attempts(session, asked, history)[0].decision
            parts = []
            for part in asked.parts:
                best = attempts(session, part, history)[0]
                parts.append((part.question, best.decision))
            answer = _as_answer(question, asked.shown, surest(parts, whole))
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
    elif intent.kind is IntentKind.SECTION:
        answer = _section(session, question, intent, history)
    return replace(answer, within=session.view.part) if answer else None


def complete(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> ResolvedQuestion:
    """Return what to search and read for: the spelling corrected, with the questions before it."""
    corrected = mend_spelling(
        _MARKUP.sub(" ", intent.question),
        session.view.catalog.document_frequencies,
        session.stemmer,
        session.encoder.count_tokens,
    )
    shown = question if corrected.split() == intent.question.split() else corrected
    usual = with_usual_forms(corrected, session.view.catalog.abbreviations())
    return asked_in_context(shown, usual, history)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to look for an answer, the candidates that were read, and the decision on them."""

    query: Query
    candidates: tuple[Candidate, ...]
    decision: Decision


def attempts(session: Session, asked: ResolvedQuestion, history: Sequence[Turn]) -> list[Attempt]:
    """Look for the answer in each way that a question may be meant. Return the best attempt first.

    Of answers that are as sure, one from a document that was just cited counts more. Where nothing is
    found, the nearest passages are those to a question alone, if it is complete in itself: with those
    before it, they would be about something else.
    """
    cited = {one.document_id for turn in history[-1:] for one in turn.answer.citations}
    found = []
    for query in asked.queries:
        found.append(attempt(session, asked, query, history))  # noqa: PERF401 - a frame fewer
    return sorted(found, key=lambda one: _merit(one, cited), reverse=True)


def _merit(found: Attempt, cited: Collection[str]) -> tuple[int, bool, bool, float]:
    decision = found.decision
    is_preferred = decision.status is Status.NOT_FOUND and not found.query.in_context
    is_cited = any(passage.document.id in cited for passage in decision.passages[:1])
    return decision.rank, is_preferred, is_cited, decision.confidence


def attempt(
    session: Session, asked: ResolvedQuestion, query: Query, history: Sequence[Turn]
) -> Attempt:
    """Look for the answer in one way."""
    said = _cited_places(history) if asked.is_for_more else frozenset[Place]()
    with session.timed("retrieval"):
        hits = retrieve(session, query, history if query.in_context else ())
    with session.timed("reading"):
        candidates = read_candidates(query.read, hits, session.document, session.reader, said)
    demands = Demands.of(query.last, query.earlier)
    candidates = with_named_rows(query.last, with_same_question(query.last, candidates))
    candidates = with_identifiers(demands.identifiers, candidates)
    decision = decide(demands, candidates, session.thresholds, in_paragraph=not said)
    return Attempt(query, tuple(candidates), decision)


def retrieve(session: Session, query: Query, history: Sequence[Turn]) -> list[Hit]:
    """Return the passages to read: those with its identifiers, the best ones, those just cited.

    Exact terms are looked up as they are, since neither search tells KX-20A from KX-20B.
    """
    vector = session.encoder.encode([query.searched])[0]
    hits = hybrid_search(session.view, query.searched, vector, session.top_k)
    catalog = session.view.catalog
    named = exact_search(catalog, Demands.of(query.last, query.earlier).identifiers)
    cited = [
        chunk
        for turn in history[-1:]
        for citation in turn.answer.citations
        for chunk in catalog.document_chunks(citation.document_id)
        if chunk.start <= citation.start < chunk.end
    ]
    found = {hit.chunk.id: hit for hit in hits}
    added = [Hit(chunk, 0.0) for chunk in (*named, *cited) if chunk.id not in found]
    return list({hit.chunk.id: hit for hit in (*hits, *added)}.values())


def _section(session: Session, question: str, intent: Intent, history: Sequence[Turn]) -> Answer:
    """Return what the part with a number says.

    It is a possible answer where several documents have such a part, or none has the name.
    """
    documents = documents_with(session, intent.detail, intent.topic, history)
    found = [
        passages
        for identifier in documents
        if (passages := numbered_section(session.document(identifier), intent.detail))
    ]
    if not found:
        return _not_found(question, f"I found no part with the number {intent.detail}.")
    if len(found) > 1:
        first = within_bounds([passages[0] for passages in found[:MAX_STATEMENTS]])
        return _marked(
            replace(_answered(question, question, first), status=Status.UNCERTAIN), first
        )
    answer = _marked(_answered(question, question, found[0]), found[0])
    if intent.names_document and not is_named(intent.topic, found[0][0].document):
        return replace(answer, status=Status.UNCERTAIN)
    return answer


def _marked(answer: Answer, passages: Sequence[Passage]) -> Answer:
    """Return an answer with a notice if it quotes what reads like an order to a language model."""
    return replace(answer, notice=ORDER_QUOTED) if any(map(has_order, passages)) else answer


def _document_fact(
    session: Session, question: str, intent: Intent, history: Sequence[Turn]
) -> Answer:
    documents = documents_meant(session, history, intent.noun)
    if len(documents) > MAX_STATEMENTS:
        return _not_found(question, _which_document(documents))
    metadata = find_metadata(intent.detail, [session.document(summary.id) for summary in documents])
    if metadata.passages:
        return _marked(_answered(question, question, metadata.passages), metadata.passages)
    return _not_found(question, _attribution_notice(documents))


def _summary(session: Session, question: str, intent: Intent) -> Answer | None:
    if intent.kind is not IntentKind.SUMMARY:
        return None
    with session.timed("retrieval"):
        chunks, topic = chunks_to_summarize(session, intent)
    if not chunks:
        return None
    with session.timed("reading"):
        length = intent.sentences or sentences_for(intent.words)
        passages = digest(
            chunks,
            session.document,
            session.encoder,
            topic,
            length,
            intent.words or MAX_SUMMARY_WORDS,
            intent.said,
        )
    if not passages:
        return None
    answer = _answered(question, question, passages)
    return _in_points(answer) if intent.in_points else answer


def _in_points(answer: Answer) -> Answer:
    """Return the answer with each statement as an item of a list."""
    points = (replace(one, item=number) for number, one in enumerate(answer.statements, 1))
    return replace(answer, statements=tuple(points))


def _as_answer(question: str, standalone: str, decision: Decision) -> Answer:
    if decision.passages:
        answer = _answered(question, standalone, decision.passages)
        return replace(
            answer,
            status=decision.status,
            confidence=decision.confidence,
            notice=" ".join(_notices(decision)),
        )
    closest = tuple(cite(passage, 0) for passage in decision.closest[:CLOSEST_SHOWN])
    return Answer(
        question,
        standalone,
        Status.NOT_FOUND,
        closest=closest,
        notice=NOT_FOUND_CLOSEST if closest else NOT_FOUND,
        confidence=decision.confidence,
    )


def _notices(decision: Decision) -> Iterator[str]:
    for question in decision.unanswered:
        yield PART_NOT_FOUND.format(question=question[0].upper() + question[1:])
    if decision.editions:
        yield OTHER_EDITIONS.format(titles="; ".join(decision.editions[:MAX_EDITIONS]))


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
