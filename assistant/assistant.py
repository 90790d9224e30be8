"""The front door: an assistant over one corpus and its index."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from assistant.answering.citing import Passage, check_citations, cite, state
from assistant.answering.extractive import select
from assistant.answering.similarity import SimilarityReader
from assistant.answering.small_talk import small_talk_kind, small_talk_reply
from assistant.errors import DocumentNotFoundError, QuestionError, StrictIngestError
from assistant.ingestion.corpus import read_corpus_file
from assistant.ingestion.loading import scan
from assistant.ingestion.pipeline import BuildOptions, Progress, check_match, ingest, plan
from assistant.models.embedding import SentenceTransformerEncoder
from assistant.retrieval.search import hybrid_search
from assistant.retrieval.terms import Stemmer
from assistant.settings import Settings, load_settings
from assistant.storage.index import Index, IndexView
from assistant.types import (
    Answer,
    CorpusInfo,
    Document,
    DocumentSummary,
    Encoder,
    Hit,
    IndexStatus,
    IngestReport,
    Status,
    Turn,
)

History = Sequence[Turn | Mapping[str, Any]]


class Assistant:
    """Answers questions from the documents of a corpus, every statement with its passage.

    Thread-safe. Opening is quick and needs no index; models are loaded when first used.
    """

    def __init__(self, settings: Settings, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self._encoder: Encoder = encoder or SentenceTransformerEncoder(settings.embedding_model)
        self._index = Index(settings.index)
        self._stemmer = Stemmer()

    @classmethod
    def open(cls, settings: Settings | None = None, **overrides: Any) -> Self:
        """An assistant with settings from the environment; keyword arguments override them."""
        return cls(settings or load_settings(**overrides))

    @property
    def corpus(self) -> CorpusInfo:
        return read_corpus_file(self.settings.corpus).info

    def ingest(self, *, rebuild: bool = False, strict: bool = False, progress: Progress | None = None) -> IngestReport:
        report = ingest(self.settings.corpus, self.settings.index, self._encoder, self._options(), rebuild=rebuild, progress=progress)
        if strict and report.skipped:
            raise StrictIngestError("; ".join(f"{s.source}: {s.reason}" for s in report.skipped))
        return report

    def _options(self) -> BuildOptions:
        return BuildOptions(self.settings.chunk_tokens, self.settings.chunk_overlap, self.settings.max_file_bytes)

    def retrieve(self, query: str, top_k: int | None = None) -> list[Hit]:
        with self._index.view() as view:
            return self._retrieve(view, query, top_k or self.settings.top_k)

    def _retrieve(self, view: IndexView, query: str, top_k: int) -> list[Hit]:
        check_match(view.catalog.state, self._encoder, self._options())
        return hybrid_search(view, query, self._encoder.encode([query])[0], top_k)

    def ask(self, question: str, history: History = ()) -> Answer:
        if not question.strip():
            raise QuestionError("The question is empty. Type what you would like to know.")
        if len(question) > self.settings.max_question_length:
            raise QuestionError(f"The question has {len(question):,} characters; at most {self.settings.max_question_length:,} are taken.")
        started = time.perf_counter()
        kind = small_talk_kind(question)
        if kind:
            info = self.corpus
            return Answer(question, question, Status.SMALL_TALK, notice=small_talk_reply(kind, info.title, info.questions))
        with self._index.view() as view:
            hits = self._retrieve(view, question, self.settings.top_k)
            retrieved = time.perf_counter()
            reader = SimilarityReader(self._encoder, self._stemmer, view.catalog.document_frequencies, view.catalog.count_chunks())
            documents: dict[str, Document] = {}

            def document(identifier: str) -> Document:
                if identifier not in documents:
                    documents[identifier] = view.catalog.document(identifier)  # type: ignore[assignment]
                return documents[identifier]

            selection = select(question, hits, document, reader, 0.3)
            timings = {"retrieval": retrieved - started, "reading": time.perf_counter() - retrieved}
            if selection.passages:
                statements, citations = state(selection.passages)
                answer = Answer(question, question, Status.ANSWERED, statements, citations, timings=timings)
            else:
                answer = Answer(question, question, Status.NOT_FOUND, closest=tuple(cite(p, 0) for p in selection.closest), notice="The documents do not answer this.", timings=timings)
            return check_citations(answer, view.catalog.document)

    def stream(self, question: str, history: History = ()) -> Iterator[Answer]:
        yield self.ask(question, history)

    def document(self, document_id: str) -> Document:
        with self._index.view() as view:
            found = view.catalog.document(document_id)
        if found is None:
            raise DocumentNotFoundError(f"The index has no document {document_id!r}.")
        return found

    def documents(self) -> list[DocumentSummary]:
        with self._index.view() as view:
            return view.catalog.summaries()

    def document_changed(self, document_id: str) -> bool:
        raise NotImplementedError

    def ready(self) -> bool:
        return True

    def warm_up(self) -> None:
        self._encoder.dimension
        with self._index.view():
            pass

    def close(self) -> None:
        self._index.close()
