"""The entry point: an assistant over one corpus and its index."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from assistant.answering.engine import Engine
from assistant.answering.explaining import explain, held_back
from assistant.answering.suggesting import TriedQuestions, suggest
from assistant.checking.grounding import judge_of
from assistant.checking.support import Support, check_support
from assistant.errors import (
    AssistantError,
    DocumentNotFoundError,
    IndexBusyError,
    IndexMismatchError,
    ModelError,
    QuestionError,
    StorageError,
    StrictIngestError,
    UsageError,
    VectorsDamagedError,
)
from assistant.extras import importing
from assistant.feedback.feedback_choice import open_feedback
from assistant.feedback.question_insights import Insights, days_of, unanswered_groups
from assistant.feedback.recording import record
from assistant.ingestion.corpus_file import read_corpus_file, source_at
from assistant.ingestion.inspecting import inspect_documents
from assistant.ingestion.pipeline import Progress, ingest
from assistant.ingestion.planning import BuildOptions, IndexContents, Plan, make_plan
from assistant.ingestion.restoring import restore_vectors
from assistant.ingestion.scanning import file_sha256
from assistant.ingestion.sharing.queue_choice import open_queue
from assistant.ingestion.sharing.workers import Workers
from assistant.ingestion.sharing.working import work
from assistant.ingestion.watching import watch_corpus
from assistant.models.bundled_reader import BundledReader
from assistant.models.sentence_transformer import CachingEncoder
from assistant.parts import embedding_model, engines_of, language_model, reading_model
from assistant.protocols import Encoder, Reader, SharedStore, Store, StoreView
from assistant.reading.ordering import likeliest_first
from assistant.reading.similarity_reader import SimilarityReader
from assistant.reading.weighing import Commonness, ReadingWeights, WeighingReader
from assistant.retrieval.scope import find_scope
from assistant.retrieval.search import hybrid_search
from assistant.session import Session
from assistant.settings import (
    MAX_TOP_K,
    Settings,
    load_settings,
)
from assistant.storage.starting_questions import (
    read_starting_questions,
    write_starting_questions,
)
from assistant.storage.state import check_match
from assistant.storage.stemming import Stemmer
from assistant.storage.store_choice import open_store
from assistant.text.document_blocks import document_blocks
from assistant.text.surrogates import without_surrogates
from assistant.tracing import Tracing
from assistant.types import (
    EXTRACTIVE,
    GENERATIVE,
    Answer,
    Block,
    CatalogState,
    CheckedDocument,
    CorpusInfo,
    Document,
    DocumentSummary,
    Explanation,
    Feedback,
    FetchReport,
    Hit,
    IndexStatus,
    IngestReport,
    Passage,
    ReadingOutcome,
    Status,
    Thresholds,
    Turn,
    WindowText,
)
from assistant.understanding.history import to_turns
from assistant.understanding.intents import understand

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.integrations.langchain import AnswerRunnable, AnswerTool
    from assistant.integrations.langchain_retriever import HybridRetriever

History = Sequence[Turn | Mapping[str, Any]]
"""Turns, oldest first, or plain chat messages: ``{"role": "user", "content": "…"}``."""

SECONDS_TO_SUGGEST = 10.0
"""Seconds after which no more questions to begin with are looked for."""
_BUSY_SECONDS = 1.0
"""How long `Assistant.watch` waits for another ingestion or for the database before it tries again."""

MOST_GROUPS = 50
"""Groups of questions without an answer that `Assistant.insights` returns at most."""

_RESTORATIONS = 3
_LONGEST_PATH = 5000


class Assistant:
    """Answers questions from the documents of a corpus, each statement with its passage.

    Thread-safe. Opening is quick and needs no index. Models are loaded on first use.
    """

    def __init__(
        self,
        settings: Settings,
        encoder: Encoder | None = None,
        chat_model: "BaseChatModel | None" = None,
    ) -> None:
        self.settings = settings
        self._encoder: Encoder = encoder or embedding_model(settings.embedding_model)
        self._sentence_encoder = CachingEncoder(self._encoder)
        self._store: Store = open_store(settings)
        self._restoring = threading.Lock()
        self._tracing = Tracing(settings.tracing)
        self._observers: list[Callable[[Answer], None]] = []
        self._stemmer = Stemmer()
        self._tried: dict[tuple[str | None, str], TriedQuestions] = {}
        """The suggested questions that were tried."""
        self._reading_model = reading_model(settings.reader)
        self.chat_model = chat_model
        self._chat = language_model(settings, chat_model)
        self._engines: dict[str, Engine] = engines_of(settings, self._chat)
        self._feedback = open_feedback(settings)

    @classmethod
    def open(
        cls,
        settings: Settings | None = None,
        *,
        chat_model: "str | BaseChatModel | None" = None,
        **overrides: Any,
    ) -> Self:
        """Return an assistant with settings from the environment, overridden by keyword arguments.

        ``chat_model`` is the name of a language model or a LangChain ``BaseChatModel``. Raise
        `SettingsError` for a setting that cannot be used.
        """
        if chat_model is None or isinstance(chat_model, str):
            return cls(settings or load_settings(chat_model=chat_model, **overrides))
        return cls(settings or load_settings(**overrides), chat_model=chat_model)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def corpus(self) -> CorpusInfo:
        """What ``corpus.toml`` said about the whole corpus at the last ingestion.

        Before the first ingestion, the file itself is read. Raise `CorpusError` if it is invalid.
        """
        try:
            state = self._store.state()
        except StorageError:  # the next question reports what is wrong with the index
            return CorpusInfo()
        return state.corpus if state else read_corpus_file(self.settings.corpus).info

    def ingest(
        self,
        *,
        rebuild: bool = False,
        verify: bool = False,
        strict: bool = False,
        progress: Progress | None = None,
    ) -> IngestReport:
        """Bring the index up to date with the corpus, embedding only what changed.

        ``rebuild`` embeds everything again, with the model and chunking from the settings.
        ``verify`` reads all files instead of trusting unchanged sizes and times. Where the index is
        in a database, workers that are connected to it read the documents. With ``strict``, raise `StrictIngestError` for skipped files after the rest was ingested.
        """
        report = ingest(
            self.settings.corpus,
            self._store,
            self._encoder,
            self._build_options,
            rebuild=rebuild,
            verify=verify,
            progress=progress,
            workers=self._workers(),
        )
        if strict and report.skipped:
            files = "; ".join(f"{file.source}: {file.reason}" for file in report.skipped)
            raise StrictIngestError(
                f"{len(report.skipped)} files were skipped ({files}). The rest was ingested. "
                "Fix or remove these files, or run without --strict."
            )
        return report

    def fetch(
        self, urls: Sequence[str] = (), *, announce: Callable[[str], None] | None = None
    ) -> FetchReport:
        """Bring what the sources have into the corpus: those of ``corpus.toml``, or these addresses.

        `ingest` reads it then. ``announce`` is called with each address before it is fetched. Raise
        `CorpusError` if the corpus cannot be written, and `UsageError` for what is not an address.
        """
        from assistant.ingestion.sources.fetching import fetch_sources  # httpcore takes a while
        from assistant.ingestion.sources.web_client import WebLimits  # and with it httpcore

        settings = self.settings
        sources = read_corpus_file(settings.corpus).sources
        if urls:
            named = {source.url: source for source in sources}
            sources = tuple(named.get(url) or source_at(url) for url in urls)
        if not sources:
            return FetchReport()
        limits = WebLimits(
            max_bytes=settings.max_file_bytes, private_allowed=settings.private_sources
        )
        return fetch_sources(settings.corpus, sources, limits, announce or (lambda url: None))

    def check_documents(self, path: Path | None = None) -> Iterator[CheckedDocument]:
        """Yield what would be read of each file of the corpus, or of another file or folder.

        The index is neither read nor written. Raise `CorpusError` if there is no such path.
        """
        return inspect_documents(path or self.settings.corpus, self._build_options)

    def watch(
        self, stop: threading.Event, notify: Callable[[IngestReport | AssistantError], None]
    ) -> None:
        """Ingest now and after each change in the corpus, until ``stop`` is set.

        Call ``notify`` with the report of each ingestion, or with the error that stopped it, and
        wait for the next change. While another ingestion runs, wait for its end, and while the
        database cannot be used, for the database. Raise `CorpusError` if the corpus cannot be
        watched.
        """
        for _ in watch_corpus(self.settings.corpus, self.settings.index, stop):
            lost = ""
            while not stop.is_set():
                try:
                    notify(self.ingest())
                except IndexBusyError:
                    stop.wait(_BUSY_SECONDS)
                    continue
                except AssistantError as error:
                    if str(error) != lost:
                        notify(error)
                    if self.settings.database and type(error) is StorageError:
                        lost = str(error)
                        stop.wait(_BUSY_SECONDS)
                        continue
                except Exception as error:  # watching goes on, whatever an ingestion meets
                    logging.getLogger(__name__).exception("An ingestion failed.")
                    notify(
                        AssistantError(f"The ingestion failed ({type(error).__name__}: {error}).")
                    )
                break

    def work(
        self, stop: threading.Event, notify: Callable[[ReadingOutcome | StorageError], None]
    ) -> None:
        """Read documents for ingestions that run elsewhere, until ``stop`` is set.

        Call ``notify`` with what became of each document, and with the error of a database that
        cannot be reached, and wait for it. Raise `UsageError` where the index is in a folder.
        """
        queue = open_queue(self.settings, self._encoder, self._build_options)
        if queue is None or not isinstance(self._store, SharedStore):
            raise UsageError(
                "Workers read documents for an index in PostgreSQL. Set ASSISTANT_DATABASE to its "
                "address."
            )
        corpus, options = self.settings.corpus, self._build_options
        work(queue, self._store, corpus, self._encoder, options, stop, notify)

    def _workers(self) -> Workers | None:
        queue = open_queue(self.settings, self._encoder, self._build_options)
        return Workers(queue) if queue else None

    def retrieve(
        self, query: str, top_k: int | None = None, *, within: str | None = None
    ) -> list[Hit]:
        """Return the ``top_k`` passages that best match the query, the likeliest to answer first.

        As many passages as for an answer are read, and the others follow as retrieved. The settings give the default of ``top_k``. ``within`` limits the search to a document or
        folder, by its path relative to the corpus. Raise `UsageError` if the index has nothing at
        that path.
        """
        self._check_question(query)
        self._check_top_k(top_k)

        for attempt in self._sessions(within, top_k):
            with attempt as session:
                vector = session.encoder.encode([query])[0]
                read = self.settings.top_k
                hits = hybrid_search(session.view, query, vector, max(session.top_k, read))
                ordered = likeliest_first(query, hits[:read], session.reader)
                return [*ordered, *hits[read:]][: session.top_k]
        raise AssertionError("the last attempt returns or raises")

    def as_retriever(
        self, top_k: int | None = None, *, within: str | None = None
    ) -> "HybridRetriever":
        """Return `retrieve` as a LangChain ``BaseRetriever``, with offsets and source as metadata."""
        with importing("llm"):
            from assistant.integrations.langchain_retriever import (  # LangChain takes a while
                HybridRetriever,
            )

        return HybridRetriever(
            search=partial(self.retrieve, within=within),
            find_document=self.document,
            top_k=top_k or self.settings.top_k,
        )

    def as_runnable(self) -> "AnswerRunnable":
        """Return `ask` and `stream` as a LangChain ``Runnable`` from questions or messages to answers."""
        with importing("llm"):
            from assistant.integrations.langchain import AnswerRunnable  # LangChain takes a while

        return AnswerRunnable(self.ask, self.stream)

    def as_tool(self, name: str = "", description: str = "") -> "AnswerTool":
        """Return `ask` as a LangChain ``BaseTool``. The `Answer` is the artifact of its message.

        Without a description, the title of the corpus tells the agent when to use the tool.
        """
        with importing("llm"):
            from assistant.integrations.langchain import (  # LangChain takes a while
                TOOL_DESCRIPTION,
                TOOL_NAME,
                AnswerTool,
            )

        about = f" on {self.corpus.title}" if self.corpus.title else ""
        return AnswerTool(
            name=name or TOOL_NAME,
            description=description or TOOL_DESCRIPTION.format(about=about),
            ask=self.ask,
        )

    @property
    def engines(self) -> tuple[str, ...]:
        """The names of the engines that can answer, the default first."""
        return tuple(self._engines)

    @property
    def writer(self) -> str:
        """The name of the language model that writes answers; empty if they are quotes."""
        return self._chat.name if self._chat else ""

    def ask(
        self,
        question: str,
        history: History = (),
        *,
        top_k: int | None = None,
        engine: str | None = None,
        within: str | None = None,
    ) -> Answer:
        """Return the answer to a question, each quote checked against its document.

        ``top_k`` is the number of passages to read, by default that of the settings. ``engine`` is
        one of `engines`, by default the first. ``within`` limits the answer to a document or
        folder, by its path relative to the corpus. Raise `QuestionError` for an empty or over-long
        question, `UsageError` for an unknown engine or path, `IndexMissingError` before the first
        ingestion, and `IndexMismatchError` for an index built with another model or chunking.
        """
        *_, answer = self._answers(question, history, top_k, engine, within)
        return answer

    def stream(
        self,
        question: str,
        history: History = (),
        *,
        top_k: int | None = None,
        engine: str | None = None,
        within: str | None = None,
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer of `ask` as it grows. The last piece is the whole answer.

        Each piece is a longer beginning of the answer, unless quotes have to replace what a
        language model wrote. Setting ``stopped`` ends the work, including a request to a language
        model, and nothing more is yielded.
        """
        for answer in self._answers(question, history, top_k, engine, within, stopped):
            if answer.engine == EXTRACTIVE:
                yield from _beginnings(answer)
            yield answer

    def _answers(
        self,
        question: str,
        history: History,
        top_k: int | None,
        engine: str | None,
        within: str | None,
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, if its engine streams. The last one is complete."""
        self._check_question(question)
        self._check_top_k(top_k)
        self._check_engine(engine)
        turns = to_turns(history)
        started = time.perf_counter()
        last = None
        for attempt in self._sessions(within, top_k):
            with attempt as session:
                chosen = self._engines[engine or self.engines[0]]
                for answer in chosen.stream(session, question, turns, stopped):
                    seconds = time.perf_counter() - started
                    last = replace(answer, timings={**answer.timings, "total": seconds})
                    yield last
                break
        if last is not None and not (stopped and stopped.is_set()):
            self._store_if_asked_for(last)
            for observer in self._observers:
                observer(last)

    def observe(self, observer: Callable[[Answer], None]) -> None:
        """Call a function with each whole answer from now on, in the thread that answers."""
        self._observers.append(observer)

    def suggest(
        self,
        answer: Answer | None = None,
        history: History = (),
        *,
        count: int = 3,
        within: str | None = None,
        stopped: threading.Event | None = None,
        offered: Sequence[str] = (),
    ) -> list[str]:
        """Return up to ``count`` questions to ask after an answer, or to begin with.

        Each was tried: its answer is certain, and quotes something new. This takes as long as a few
        answers. Those ``offered`` before are returned only for lack of others. Setting ``stopped`` ends
        it with what was found. Raise the same errors as `ask`.
        """
        turns = to_turns(history)
        for attempt in self._sessions(within):
            with attempt as session:
                tried = self._tried_in(within)
                return suggest(session, answer, turns, count, stopped, offered, tried)
        raise AssertionError("the last attempt returns or raises")

    def _tried_in(self, within: str | None) -> TriedQuestions:
        """Return what was tried in a part of the documents, in the present state of the index."""
        state = (self.generation, within or "")
        if any(generation != state[0] for generation, _ in self._tried) or len(self._tried) > 100:
            self._tried = {}
        return self._tried.setdefault(state, {})

    def starting_questions(
        self, *, find: bool = True, stopped: threading.Event | None = None
    ) -> list[str]:
        """Return questions to begin with: those of ``corpus.toml``, or some found in the documents.

        Those found are kept beside the index for its state. To find them takes as long as a few
        answers, and about `SECONDS_TO_SUGGEST` at most. Setting ``stopped`` ends it, and nothing is
        kept. Without ``find``, return what is known.
        """
        if self.corpus.questions:
            return list(self.corpus.questions)
        generation = self.generation
        count = self.settings.suggested_questions
        if not generation or not count:
            return []
        known = read_starting_questions(self.settings.index, generation)
        if known is None and find:
            known = self._found_questions(count, stopped)
            if not (stopped and stopped.is_set()):
                write_starting_questions(self.settings.index, generation, known)
        return (known or [])[:count]

    def _found_questions(self, count: int, stopped: threading.Event | None) -> list[str]:
        """Return questions to begin with that were tried, as many as there is time for."""
        if stopped is not None:
            return self.suggest(count=count, stopped=stopped)
        ended = threading.Event()
        timer = threading.Timer(SECONDS_TO_SUGGEST, ended.set)
        timer.start()
        try:
            return self.suggest(count=count, stopped=ended)
        finally:
            timer.cancel()

    def explain(
        self,
        question: str,
        history: History = (),
        *,
        top_k: int | None = None,
        within: str | None = None,
        stopped: threading.Event | None = None,
    ) -> Explanation:
        """Return what was searched and read for a question, and why its answer has its status.

        A language model, if one is set, writes an answer as well, of which the explanation lists what
        the check holds back. It stops once ``stopped`` is set. Take the arguments of `ask`, and raise
        the same errors.
        """
        self._check_question(question)
        self._check_top_k(top_k)
        turns = to_turns(history)
        for attempt in self._sessions(within, top_k):
            with attempt as session:
                explanation = explain(session, question, turns)
                if self._chat is None:
                    return explanation
                flagged = self.settings.model_copy(update={"unsupported": "flag"})
                writing = engines_of(flagged, self._chat)[GENERATIVE]
                pieces = writing.stream(session, question, turns, stopped)
                return replace(explanation, held_back=held_back(pieces))
        raise AssertionError("the last attempt returns or raises")

    def check_support(self, sentence: str, document_id: str, start: int, end: int) -> Support:
        """Return whether a passage supports a sentence, by the check that written answers go through.

        The passage is the document's text at ``start:end``. Raise `DocumentNotFoundError` for an
        unknown document, and `UsageError` for offsets outside the document.
        """
        document = self.document(document_id)
        if not 0 <= start < end <= len(document.text):
            raise UsageError(
                f"{document.source!r} has no passage at {start}:{end}. Give offsets between 0 and "
                f"{len(document.text)}, the smaller one first."
            )
        passage = Passage(document, start, end)
        judge = judge_of(self._reading_model)
        return check_support(
            sentence, [passage], self._sentence_encoder, self._stemmer, judge=judge
        )

    def give_feedback(
        self, answer: Answer, helpful: bool, comment: str = "", *, replaces: str = ""
    ) -> Feedback:
        """Store a reader's verdict on an answer, and return the stored record.

        The answer may have passed through a browser or a program, so its quotes are checked again.
        ``unchecked`` lists the quotes that differ from their documents. ``replaces`` is the id of
        an earlier record to replace, ignored if it no longer exists. Raise `UsageError` for a
        comment that is too long.
        """
        identifier = replaces if replaces and self._feedback.has(replaces) else ""
        stored = record(answer, helpful, comment, self._known_document, identifier)
        self._feedback.put(stored)
        return stored

    def feedback(self, since: datetime | None = None) -> list[Feedback]:
        """Return readers' feedback, oldest first. A time without a zone counts as UTC."""
        return self._feedback.records(since)

    def insights(self, since: datetime | None = None) -> Insights:
        """Return what readers asked by day, and the questions that found no answer, in groups.

        Only what is stored counts: feedback, and with ``keep_questions`` every question.
        """
        records = self.feedback(since)
        found = unanswered_groups(records, self._encoder)[:MOST_GROUPS]
        return Insights(
            tuple(days_of(records)),
            tuple(replace(group, nearest=self._nearest(group.questions[0])) for group in found),
        )

    def _nearest(self, question: str) -> str:
        """Return the headings of the passage nearest to a question; empty if there is none."""
        try:
            hits = self.retrieve(question, 1)
        except (QuestionError, StorageError):
            return ""
        return " › ".join(hits[0].chunk.heading.splitlines()) if hits else ""

    def delete_feedback(self, *ids: str) -> int:
        """Delete the feedback with these ids, and return the number of deleted records."""
        return self._feedback.delete([without_surrogates(one) for one in ids])

    def delete_all_feedback(self, before: datetime | None = None) -> int:
        """Delete all feedback, or only that before a time, and return the number of records."""
        return self._feedback.delete_all(before)

    def document(self, document_id: str) -> Document:
        """Return a document as it was indexed. Raise `DocumentNotFoundError` for an unknown id."""
        with self._store.snapshot() as snapshot:
            document = snapshot.document(without_surrogates(document_id))
        if document is None:
            raise DocumentNotFoundError(
                f"The index has no document with the id {document_id[:64]!r}."
            )
        return document

    @property
    def generation(self) -> str:
        """The id of the index's current state, new after each ingestion; empty before the first."""
        state = self._store.state()
        return state.generation if state else ""

    def documents(
        self, search: str = "", *, limit: int | None = None, offset: int = 0
    ) -> list[DocumentSummary]:
        """Return the documents of the index without their texts, sorted by path.

        With ``search``, return only those that have it in their title or path, in any case.
        """
        with self._store.snapshot() as snapshot:
            return snapshot.summaries(_searchable(search), limit, offset)

    def count_documents(self, search: str = "") -> int:
        """Count the documents that `documents` returns without a limit."""
        with self._store.snapshot() as snapshot:
            return snapshot.count_summaries(_searchable(search))

    def blocks(self, document_id: str) -> tuple[Block, ...]:
        """Return the headings, paragraphs, items, rows, quotations and code of a document, in order.

        Raise `DocumentNotFoundError` if the index has no such document.
        """
        return document_blocks(self.document(document_id))

    def has_files(self, besides: str = "") -> bool:
        """Return whether the corpus has anything but an entry; a server may have the index alone."""
        try:
            return any(entry.name != besides for entry in self.settings.corpus.iterdir())
        except OSError:
            return False

    def document_changed(self, document_id: str) -> bool:
        """Return whether the file has changed or disappeared since it was indexed."""
        document = self.document(document_id)
        return file_sha256(self.settings.corpus / document.source) != document.sha256

    def status(self, *, verify: bool = False) -> IndexStatus:
        """Return what the index contains and whether the corpus has changed since. Needs no model.

        ``verify`` reads all files instead of trusting unchanged sizes and times.
        """
        state = self._store.state()
        if state is None:
            documents, chunks, changes = 0, 0, self._plan(IndexContents())
        else:
            with self._store.snapshot() as snapshot:
                documents, chunks = snapshot.count_documents(), snapshot.count_chunks()
                indexed = IndexContents.read(snapshot)
                changes = self._plan(indexed.without_files() if verify else indexed)
        return IndexStatus(
            corpus=str(self.settings.corpus),
            index=self._store.location,
            documents=documents,
            chunks=chunks,
            embedding_model=state.embedding_model if state else self.settings.embedding_model,
            bytes_on_disk=self._store.bytes_on_disk(),
            last_ingestion=state.ingested_at if state else None,
            stale=state is None or changes.is_needed or not self._is_as_set(state),
            changes=changes.changes,
            description_changed=changes.description_changed,
        )

    def warm_up(self) -> None:
        """Load the models and open the index, so that the first question need not wait."""
        understand("text?")  # compiles its table
        for attempt in self._sessions():
            with attempt as session:
                session.encoder.encode(["text"])
                session.reader.read("text?", [WindowText("", "text")])
                break
        self.load_chat_model()

    def load_chat_model(self) -> None:
        """Load the language model, if one is set. Raise `ModelError` if it cannot be used."""
        if self._chat is not None:
            self._chat.load()

    def ready(self) -> bool:
        """Return whether a question can be answered at once: the index open and the model loaded."""
        return getattr(self._encoder, "loaded", True) and self._store.is_open

    def check(self) -> None:
        """Raise the `AssistantError` that a question would meet at the index or the language model."""
        if self._chat is not None and not self._chat.is_responsive():
            raise ModelError("The language model's client is blocked. Restart the server.")
        with ExitStack() as stack:
            view = self._open_view(stack)
            self._check_match(view.catalog.state)
            view.catalog.count_chunks()

    def close(self) -> None:
        """Release the index once running questions are answered, and end a local language model."""
        self._store.close()
        self._feedback.close()
        if self._chat is not None:
            self._chat.close()

    def _store_if_asked_for(self, answer: Answer) -> None:
        """Store a question, or only one that found no answer, if the settings ask for it."""
        is_missing = self.settings.keep_unanswered and answer.status is Status.NOT_FOUND
        is_kept = self.settings.keep_questions and answer.status is not Status.SMALL_TALK
        if not is_missing and not is_kept:
            return
        try:
            self._feedback.put(record(answer, None, "", self._known_document))
        except StorageError as error:  # the reader still gets the answer
            logging.getLogger(__name__).warning("A question was not stored. %s", error)

    def _known_document(self, document_id: str) -> Document | None:
        """Return a document of the index, or None if the document or the index is missing."""
        try:
            return self.document(document_id)
        except (DocumentNotFoundError, StorageError):
            return None

    @property
    def _build_options(self) -> BuildOptions:
        settings = self.settings
        return BuildOptions(
            settings.chunk_tokens,
            settings.chunk_overlap,
            settings.max_file_bytes,
            settings.max_reading_seconds,
            settings.max_reading_megabytes,
            settings.max_embedding_seconds,
        )

    def _reader(self, view: StoreView) -> Reader:
        """Return the reading model, weighed with what is known from this view."""
        catalog = view.catalog
        common = Commonness(self._stemmer, catalog.document_frequencies, catalog.count_chunks())
        if self._reading_model is None:
            return SimilarityReader(self._sentence_encoder, self._stemmer, common)
        if not isinstance(self._reading_model, BundledReader):
            return self._reading_model
        return WeighingReader(
            self._reading_model, common, ReadingWeights(**self._reading_model.weighing)
        )

    def _sessions(
        self, within: str | None = None, top_k: int | None = None
    ) -> Iterator[AbstractContextManager[Session]]:
        """Yield attempts at one answer, each a session over the current state of the index.

        If an attempt meets damaged vectors, they are restored from the catalog before the next
        attempt. Only the last attempt raises the error.
        """
        for restorations_left in range(_RESTORATIONS, -1, -1):
            yield self._session(within, top_k, is_last=restorations_left == 0)

    @contextmanager
    def _session(
        self, within: str | None, top_k: int | None, *, is_last: bool
    ) -> Iterator[Session]:
        with ExitStack() as stack:
            view = self._open_view(stack)
            self._check_match(view.catalog.state)
            if within:
                scope = find_scope(within, view.catalog.summaries())
                view = view.within(scope.path, scope.documents) if scope.path else view
            reader = self._reader(view)
            span = stack.enter_context(self._tracing.span("answer"))
            try:
                yield Session(
                    view=view,
                    encoder=self._sentence_encoder,
                    stemmer=self._stemmer,
                    reader=reader,
                    corpus=view.catalog.corpus(),
                    top_k=top_k or self.settings.top_k,
                    thresholds=self._thresholds(reader),
                    tracing=self._tracing,
                    span=span,
                    judge=judge_of(self._reading_model),
                )
            except VectorsDamagedError as error:
                if is_last:
                    raise
                damage = error
            else:
                return
        self._restore(damage)  # with the view closed

    def _thresholds(self, reader: Reader) -> Thresholds:
        """Return the thresholds of the settings, where they are set, else the reader's."""
        certain, possible = self.settings.answer_threshold, self.settings.possible_threshold
        own = reader.thresholds
        return Thresholds(
            own.certain if certain is None else certain,
            own.possible if possible is None else possible,
            own.rival,
        )

    def _open_view(self, stack: ExitStack) -> StoreView:
        """Return the current state of the index, after restoring damaged vectors."""
        for _ in range(_RESTORATIONS):
            try:
                return stack.enter_context(self._store.view())
            except VectorsDamagedError as error:
                self._restore(error)
        return stack.enter_context(self._store.view())

    def _restore(self, error: VectorsDamagedError) -> None:
        with self._restoring:
            restore_vectors(self._store, self._encoder, self._build_options, error)

    def _check_match(self, state: CatalogState) -> None:
        settings = self.settings
        check_match(state, self._encoder.name, settings.chunk_tokens, settings.chunk_overlap)

    def _is_as_set(self, state: CatalogState) -> bool:
        """Return whether an index was built with the model and the chunks of the settings."""
        try:
            self._check_match(state)
        except IndexMismatchError:
            return False
        return True

    def _check_question(self, question: str) -> None:
        if not question.strip():
            raise QuestionError("The question is empty. Type a question.")
        longest = self.settings.max_question_length
        if len(question) > longest:
            raise QuestionError(
                f"The question has {len(question):,} characters; at most {longest:,} are allowed. "
                "Shorten it, or raise ASSISTANT_MAX_QUESTION_LENGTH."
            )

    def _check_top_k(self, top_k: int | None) -> None:
        if top_k is not None and not 1 <= top_k <= MAX_TOP_K:
            raise UsageError(f"top_k must be between 1 and {MAX_TOP_K}, not {top_k}.")

    def _check_engine(self, engine: str | None) -> None:
        if engine is not None and engine not in self.engines:
            raise UsageError(
                f"There is no engine {engine[:64]!r}. Available: {', '.join(self.engines)}. The "
                f"{GENERATIVE} engine needs a language model: set ASSISTANT_CHAT_MODEL."
            )

    def _plan(self, indexed: IndexContents) -> Plan:
        corpus = self.settings.corpus
        return make_plan(corpus, read_corpus_file(corpus), indexed, self._build_options)


def _searchable(search: str) -> str:
    """Return what to search titles and paths for. No path is longer than the system can open."""
    return without_surrogates(search[:_LONGEST_PATH])


def _beginnings(answer: Answer) -> Iterator[Answer]:
    """Yield the answer cut after its first statement, its second, and so on, but not in full."""
    for count in range(1, len(answer.statements)):
        statements = answer.statements[:count]
        used = max(number for statement in statements for number in statement.citations)
        yield replace(answer, statements=statements, citations=answer.citations[:used])
