"""Doubles for tests of programs that use the assistant; what they do can be computed by hand.

::

    from assistant.testing import ScriptedChatModel, WordEncoder

    with Assistant(Settings(corpus=folder, index=index), WordEncoder()) as assistant:
        assistant.ingest()  # quick: no model is loaded for embeddings

    Assistant.open(chat_model=ScriptedChatModel(texts=["It was founded in 2001 [1]."]))

    mill = document_of("The mill was built in 1851.", "mill.txt")
    answer = answer_quoting("When was it built?", mill, "built in 1851")
    ScriptedAssistant({"When was it built?": answer}, [mill]).ask("When was it built?")
"""

import asyncio
import hashlib
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from assistant.extras import importing
from assistant.settings import load_settings
from assistant.text.spans import lines, trimmed
from assistant.text.words import words
from assistant.types import (
    Answer,
    Chunk,
    Citation,
    Document,
    DocumentSummary,
    Hit,
    IndexStatus,
    PassageReading,
    Reading,
    Statement,
    Status,
    Thresholds,
    Turn,
    WindowText,
)

__all__ = [
    "ScriptedAssistant",
    "ScriptedChatModel",
    "ScriptedReader",
    "WordEncoder",
    "answer_not_found",
    "answer_quoting",
    "answer_uncertain",
    "citation_of",
    "document_of",
    "line_chunks",
]

with importing("llm"):
    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
    from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult


class WordEncoder:
    """An `Encoder` whose vectors have a 1 at a place for each word of the text.

    The place is the sum of the word's code points modulo the dimension; a token is a word. The
    texts that were encoded are kept in ``encoded``.
    """

    name = "words"
    dimension = 64
    max_tokens = 254

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length word indicators; for a text without words, the first place."""
        self.encoded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            places = [sum(map(ord, word.lower())) % self.dimension for word in words(text)]
            vectors[row, places or [0]] = 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words of each text."""
        return [len(text.split()) for text in texts]


class ScriptedReader:
    """A `Reader` that finds given words wherever they are, with the probabilities given.

    ``ScriptedReader(night=0.9)``, or a mapping for what is not a Python name:
    ``ScriptedReader({"by night": 0.9})``.
    """

    thresholds = Thresholds(certain=0.5, possible=0.25)

    def __init__(self, readings: Mapping[str, float] | None = None, **words: float) -> None:
        self._probabilities = {**(readings or {}), **words}

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return for each passage the first place of each of the words in it."""
        return [
            PassageReading(passage.in_text(self._readings(passage.joined))) for passage in passages
        ]

    def _readings(self, passage: str) -> list[Reading]:
        found = [
            Reading(passage.index(words), passage.index(words) + len(words), probability)
            for words, probability in self._probabilities.items()
            if words in passage
        ]
        return sorted(found, key=lambda reading: -reading.probability)


class ScriptedChatModel(BaseChatModel):
    """A LangChain chat model that writes its ``texts`` in order, and then repeats the last one.

    It streams word by word, with ``delay`` seconds before each word, and raises ``error`` if
    there is one. It keeps the prompts in ``prompts`` and the moment of each word in ``moments``;
    ``ended`` is set when a text was given or cancelled. A ``deaf`` model ignores being cancelled,
    as ``asyncio.wait_for`` at times does in Python 3.11.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    texts: list[str]
    delay: float = 0.0
    deaf: bool = False
    error: Exception | None = None
    reason: str = "stop"
    prompts: list[list[BaseMessage]] = Field(default_factory=list)
    moments: list[tuple[float, str]] = Field(default_factory=list)
    ended: threading.Event = Field(default_factory=threading.Event)

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next_text(self, messages: Sequence[BaseMessage]) -> str:
        self.prompts.append(list(messages))
        return self.texts[min(len(self.prompts), len(self.texts)) - 1]

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = self._next_text(messages)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=text))])

    def _stream(self, messages: list[BaseMessage], *_: Any, **kwargs: Any) -> Iterator[Any]:
        raise NotImplementedError  # the assistant streams by `astream` alone

    async def _astream(
        self, messages: list[BaseMessage], *_: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        text = self._next_text(messages)
        try:
            if self.error is not None:
                raise self.error
            for word in text.split(" "):
                if self.delay:
                    with suppress(*([asyncio.CancelledError] if self.deaf else [])):
                        await asyncio.sleep(self.delay)
                self.moments.append((time.monotonic(), word))
                yield ChatGenerationChunk(message=AIMessageChunk(content=f"{word} "))
            last = AIMessageChunk(content="", response_metadata={"finish_reason": self.reason})
            yield ChatGenerationChunk(message=last)
        finally:
            self.ended.set()


def document_of(text: str, source: str = "document.txt", title: str = "") -> Document:
    """Return a plain-text document; its title is its source unless another is given."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(f"id of {source}", source, title or source, text, digest, "text/plain")


def line_chunks(document: Document) -> list[Chunk]:
    """Return each line of a document that is not blank as a chunk."""
    spans = [trimmed(document.text, line) for line in lines(document.text)]
    return [
        Chunk(
            f"{document.id} {number}",
            document.id,
            span.start,
            span.end,
            document.text[span.start : span.end],
        )
        for number, span in enumerate(spans)
        if span.start < span.end
    ]


def citation_of(document: Document, quote: str, number: int = 1) -> Citation:
    """Return a citation of the first place where a quote is. Raises `ValueError` if it is not there."""
    start = document.text.index(quote)
    return Citation(
        number,
        document.id,
        document.title,
        document.source,
        start,
        start + len(quote),
        quote,
        document.sha256,
    )


def answer_quoting(
    question: str,
    document: Document,
    *quotes: str,
    confidence: float | None = None,
    seconds: float = 0.1,
) -> Answer:
    """Return an answer that states each quote and cites it."""
    return Answer(
        question,
        question,
        Status.ANSWERED,
        tuple(Statement(quote, (number,)) for number, quote in enumerate(quotes, 1)),
        tuple(citation_of(document, quote, number) for number, quote in enumerate(quotes, 1)),
        confidence=confidence,
        timings={"total": seconds},
    )


def answer_uncertain(
    question: str,
    document: Document,
    *quotes: str,
    confidence: float | None = None,
    seconds: float = 0.1,
) -> Answer:
    """Return an answer that cites each quote, but may not answer the question."""
    answer = answer_quoting(question, document, *quotes, confidence=confidence, seconds=seconds)
    return replace(answer, status=Status.UNCERTAIN)


def answer_not_found(question: str, seconds: float = 0.1) -> Answer:
    """Return the answer to a question that the documents do not answer."""
    notice = "I found no answer in the documents."
    return Answer(question, question, Status.NOT_FOUND, notice=notice, timings={"total": seconds})


class ScriptedAssistant:
    """Answers each question as scripted, and raises an exception that the script has instead.

    Every query retrieves the lines of the documents, as `line_chunks` gives them, in their order
    or in that of the positions ``retrieved``. The questions asked, each with the questions of its
    history, are kept in ``asked``. It offers what evaluation needs of an `Assistant`.
    """

    def __init__(
        self,
        script: Mapping[str, Answer | Exception],
        documents: Sequence[Document],
        retrieved: Sequence[int] | None = None,
        top_k: int = 2,
    ) -> None:
        self.engines = ("extractive",)
        self.settings = load_settings(corpus=Path("somewhere"), index=Path("nowhere"), top_k=top_k)
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self._script = script
        self._documents = {document.id: document for document in documents}
        chunks = [chunk for document in documents for chunk in line_chunks(document)]
        order = range(len(chunks)) if retrieved is None else retrieved
        self._hits = [Hit(chunks[place], 1 / rank) for rank, place in enumerate(order, 1)]

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        """Return the scripted answer, or raise the scripted exception."""
        self.asked.append((question, tuple(turn.question for turn in history)))
        answer = self._script[question]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def retrieve(self, query: str, top_k: int | None = None) -> list[Hit]:
        """Return the first lines of the documents, whatever the query."""
        return self._hits[:top_k]

    def document(self, document_id: str) -> Document:
        """Return a document by its id."""
        return self._documents[document_id]

    def documents(self) -> list[DocumentSummary]:
        """Return all documents without their texts."""
        return [
            DocumentSummary(
                one.id, one.source, one.title, one.sha256, one.media_type, len(one.text)
            )
            for one in self._documents.values()
        ]

    def status(self) -> IndexStatus:
        """Return the status of an index that is up to date."""
        return IndexStatus(
            corpus="somewhere",
            index="nowhere",
            documents=len(self._documents),
            chunks=len(self._hits),
            embedding_model="scripted",
            bytes_on_disk=0,
            last_ingestion=None,
            stale=False,
            changes={},
        )

    def warm_up(self) -> None:
        """Do nothing: there is no model to load."""
