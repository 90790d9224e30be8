"""The engine that needs no language model: verbatim sentences, digests, small talk, or "not found"."""

import re
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from assistant.answering.citations import cite, state
from assistant.protocols import Encoder, Reader
from assistant.reading.document_facts import find_metadata, metadata_field
from assistant.reading.selection import CLOSEST_SHOWN, MAX_STATEMENTS, Place, Selection, select
from assistant.reading.summarizing import (
    DigestRequest,
    by_centrality,
    central_chunks,
    digest,
    digest_request,
)
from assistant.retrieval.search import hybrid_search
from assistant.storage.index import IndexView
from assistant.storage.stemming import Stemmer
from assistant.text.words import STOP_WORDS, words
from assistant.types import (
    Answer,
    Chunk,
    CorpusInfo,
    Document,
    DocumentSummary,
    Hit,
    Passage,
    Status,
    Turn,
)
from assistant.understanding.follow_ups import resolve
from assistant.understanding.small_talk import small_talk_kind, small_talk_reply
from assistant.understanding.spelling import mend_spelling

NOT_FOUND = "The documents do not answer this."
NOT_FOUND_CLOSEST = "The documents do not answer this. The closest passages are shown below."
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_CHUNKS_OF_LARGEST_DIGEST = 2000
_TOPIC_CLOSENESS = 0.35


@dataclass(slots=True)
class _Stages:
    """Seconds by stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - started


@dataclass(frozen=True, slots=True)
class Material:
    """What an answer may be written from: the question in full, and passages, best first.

    ``headings`` has for each passage what it stands under; ``within`` is the part of the
    documents that they are from.
    """

    question: str
    passages: tuple[Passage, ...]
    headings: tuple[str, ...]
    is_summary: bool = False
    within: str = ""


class ExtractiveEngine:
    """Answers one question over one view of the index; deterministic."""

    def __init__(
        self,
        view: IndexView,
        encoder: Encoder,
        stemmer: Stemmer,
        reader: Reader,
        corpus: CorpusInfo,
        top_k: int,
        threshold: float | None = None,
    ) -> None:
        self._view, self._encoder, self._stemmer, self._reader = view, encoder, stemmer, reader
        self._corpus, self._top_k = corpus, top_k
        self._threshold = reader.threshold if threshold is None else threshold
        self._documents: dict[str, Document] = {}
        self._stages = _Stages()

    def answer(self, question: str, history: Sequence[Turn]) -> Answer:
        """The answer, its citations not yet checked."""
        found = (
            self.without_passages(question, history)
            or self._digest(question, history)
            or self._from_passages(question, history)
        )
        return replace(found, timings=self._stages.seconds, within=self._view.part)

    def without_passages(self, question: str, history: Sequence[Turn]) -> Answer | None:
        """The answer to small talk and to questions about a document itself; None for others."""
        found = self._small_talk(question) or self._metadata(question, history)
        return replace(found, within=self._view.part) if found else None

    def material(self, question: str, history: Sequence[Turn], standalone: str = "") -> Material:
        """The passages for a question, which ``standalone`` has in full where that is known."""
        request = self._digest_request(question, history)
        if request is not None and (chunks := self._digest_chunks(request)[0]):
            vectors = self._view.vectors_of(chunks)
            ranked = chunks if request.topic else by_centrality(chunks, vectors)
            return self._material(question, ranked, is_summary=True)
        if standalone:
            hits = self._hits(standalone, history)
        else:
            standalone, from_history = self._completed(question, history)
            hits = self._hits(standalone, history if from_history else ())
        return self._material(standalone, [hit.chunk for hit in hits])

    def _small_talk(self, question: str) -> Answer | None:
        kind = small_talk_kind(question)
        if kind is None:
            return None
        reply = small_talk_reply(kind, self._corpus.title, self._corpus.questions)
        return Answer(question, question, Status.SMALL_TALK, notice=reply)

    def _metadata(self, question: str, history: Sequence[Turn]) -> Answer | None:
        asked = metadata_field(question)
        if asked is None or _points_elsewhere(question, history):
            return None
        documents = self._documents_meant(history)
        if len(documents) > MAX_STATEMENTS:
            return _not_found(question, _which_document(documents))
        found = find_metadata(asked, [self.document(summary.id) for summary in documents])
        if found.passages:
            return _answered(question, question, found.passages)
        return _not_found(question, _attribution_notice(documents))

    def _digest(self, question: str, history: Sequence[Turn]) -> Answer | None:
        request = self._digest_request(question, history)
        if request is None:
            return None
        with self._stages.timed("retrieval"):
            chunks, topic = self._digest_chunks(request)
        if not chunks:
            return None
        with self._stages.timed("reading"):
            passages = digest(chunks, self.document, self._encoder, topic)
        return _answered(question, question, passages) if passages else None

    def _digest_request(self, question: str, history: Sequence[Turn]) -> DigestRequest | None:
        request = digest_request(question)
        is_elsewhere = request and not request.topic and _points_elsewhere(question, history)
        return None if is_elsewhere else request

    def _completed(self, question: str, history: Sequence[Turn]) -> tuple[str, bool]:
        """The question in full by the rules, and whether the history was needed for it."""
        resolution = resolve(self._mended(question), history)
        ways = (resolution.question, *resolution.others)
        if len(ways) == 1:
            return resolution.question, resolution.from_history
        best = max(ways, key=lambda way: self._select(way, True, history, ()).confidence)
        return best, resolution.from_history

    def _material(
        self, question: str, chunks: Sequence[Chunk], is_summary: bool = False
    ) -> Material:
        return Material(
            question,
            tuple(
                Passage(self.document(chunk.document_id), chunk.start, chunk.end)
                for chunk in chunks
            ),
            tuple(chunk.heading for chunk in chunks),
            is_summary,
            self._view.part,
        )

    def _from_passages(self, question: str, history: Sequence[Turn]) -> Answer:
        with self._stages.timed("understanding"):
            resolution = resolve(self._mended(question), history)
        if not words(resolution.question):
            return Answer(question, question, Status.NOT_FOUND, notice=NOT_FOUND)
        said = {
            (citation.document_id, citation.start, citation.end)
            for turn in history
            for citation in turn.answer.citations
            if resolution.more
        }
        # Of several ways to complete a follow-up, the one that the documents answer best.
        standalone, chosen = max(
            (
                (candidate, self._select(candidate, resolution.from_history, history, said))
                for candidate in (resolution.question, *resolution.others)
            ),
            key=lambda found: found[1].confidence,
        )
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

    def _mended(self, question: str) -> str:
        """The question without markup, its slips of the keyboard mended."""
        return mend_spelling(
            _MARKUP.sub(" ", question),
            self._view.catalog.document_frequencies,
            self._stemmer,
            self._encoder.count_tokens,
        )

    def _select(
        self, question: str, from_history: bool, history: Sequence[Turn], said: Collection[Place]
    ) -> Selection:
        with self._stages.timed("retrieval"):
            hits = self._hits(question, history if from_history else ())
        with self._stages.timed("reading"):
            return select(question, hits, self.document, self._reader, self._threshold, said)

    def _hits(self, question: str, history: Sequence[Turn]) -> list[Hit]:
        """The retrieved passages; with a history, those just cited are read as well."""
        vector = self._encoder.encode([question])[0]
        hits = hybrid_search(self._view, question, vector, self._top_k)
        present = {hit.chunk.id for hit in hits}
        cited = [
            chunk
            for turn in history[-1:]
            for citation in turn.answer.citations
            for chunk in self._view.catalog.document_chunks(citation.document_id)
            if chunk.start <= citation.start < chunk.end and chunk.id not in present
        ]
        return hits + [Hit(chunk, 0.0) for chunk in dict.fromkeys(cited)]

    def _digest_chunks(self, request: DigestRequest) -> tuple[list[Chunk], str]:
        """The chunks to digest and the topic to weigh them by, if it is not whole documents."""
        catalog = self._view.catalog
        summaries = catalog.summaries()
        named = [summary for summary in summaries if _names_document(request.topic, summary)]
        if request.topic and not named:
            return ([], "") if request.document_only else self._topic_chunks(request.topic)
        chunks: list[Chunk] = []
        for summary in named or summaries:
            chunks += catalog.document_chunks(summary.id)
            if len(chunks) > _CHUNKS_OF_LARGEST_DIGEST:
                break
        vectors = self._view.vectors_of(chunks)
        return central_chunks(chunks, vectors), ""

    def _topic_chunks(self, topic: str) -> tuple[list[Chunk], str]:
        vector = self._encoder.encode([topic])[0]
        hits = hybrid_search(self._view, topic, vector, self._top_k)
        vectors = self._view.vectors_of([hit.chunk for hit in hits])
        near = [
            hit.chunk for hit in hits if float(vectors[hit.chunk.id] @ vector) >= _TOPIC_CLOSENESS
        ]
        return near, topic

    def _documents_meant(self, history: Sequence[Turn]) -> list[DocumentSummary]:
        """The documents that "this" may mean: those last cited, otherwise all."""
        summaries = self._view.catalog.summaries()
        for turn in reversed(history):
            cited = {citation.document_id for citation in turn.answer.citations}
            if last := [summary for summary in summaries if summary.id in cited]:
                return last
        return summaries

    def document(self, document_id: str) -> Document:
        """A document of the view."""
        if document_id not in self._documents:
            document = self._view.catalog.document(document_id)
            if document is None:
                raise KeyError(document_id)  # a snapshot has the documents of its own chunks
            self._documents[document_id] = document
        return self._documents[document_id]


def _answered(question: str, standalone: str, passages: Sequence[Passage]) -> Answer:
    statements, citations = state(passages)
    return Answer(question, standalone, Status.ANSWERED, statements, citations)


def _not_found(question: str, notice: str) -> Answer:
    return Answer(question, question, Status.NOT_FOUND, notice=notice)


def _points_elsewhere(question: str, history: Sequence[Turn]) -> bool:
    """Whether "it" in a question about a document means what was last talked of instead."""
    asked = [turn for turn in history if turn.answer.status != Status.SMALL_TALK]
    if not asked or "it" not in words(question.lower()):
        return False
    last = asked[-1].question
    return metadata_field(last) is None and digest_request(last) is None


def _names_document(topic: str, document: DocumentSummary) -> bool:
    """Whether all content words of a topic stand in the document's title or file name."""
    wanted = {word.lower() for word in words(topic)} - STOP_WORDS - {"document", "file", "article"}
    present = {word.lower() for word in words(f"{document.title} {document.source}")}
    return bool(wanted) and wanted <= present


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
