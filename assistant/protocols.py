"""The interfaces of the exchangeable parts: encoder, reader, store and feedback.

A store holds one index: the catalog, which is the source of truth, and the vectors, which make it
quick to search. Readers work with views and snapshots of one committed state, an ingestion with a
writer. ``tests/storage/test_conformance.py`` is what every store must pass.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from assistant.types import (
    CatalogState,
    Chunk,
    CorpusInfo,
    Document,
    DocumentSummary,
    Feedback,
    Fusion,
    Hit,
    PassageReading,
    ReadingOutcome,
    SeenFile,
    StatementSupport,
    Thresholds,
    WindowText,
)


class Encoder(Protocol):
    """Turns texts into embeddings."""

    @property
    def name(self) -> str:
        """The model's name, as the settings give it."""
        ...

    @property
    def dimension(self) -> int:
        """The length of an embedding."""
        ...

    @property
    def max_tokens(self) -> int:
        """The number of tokens that the model reads of a text, special tokens not counted."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length embeddings, shape ``(len(texts), dimension)``."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without the model's special tokens."""
        ...


@runtime_checkable
class SentenceEncoder(Protocol):
    """An encoder that also embeds sentences in their context. An `Encoder` may offer this as well."""

    def encode_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Return the embeddings of texts, and those of sentences within each.

        ``sentences`` are offsets in the texts, a sequence for each. The first array is that of
        ``encode``; each of the others has the shape ``(embedded sentences, dimension)`` and at least
        one row, all of unit length.
        """
        ...


class Reader(Protocol):
    """Reads passages for the words that answer a question."""

    @property
    def thresholds(self) -> Thresholds:
        """The lowest probabilities of a certain and of a possible answer."""
        ...

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return what was read in each passage, the most probable first; no spans overlap."""
        ...


@runtime_checkable
class StatementJudge(Protocol):
    """Judges whether passages support a written statement. A reader may offer this as well."""

    def support(self, sentence: str, passages: Sequence[WindowText]) -> list[StatementSupport]:
        """Return for each passage how likely it supports the sentence, contradicts it, or neither."""
        ...


class CatalogSnapshot(Protocol):
    """One state of a catalog, unaffected by later commits.

    The snapshot of a view that `StoreView.within` limits contains only those documents. Methods
    raise `IndexDamagedError` for a damaged catalog.
    """

    @property
    def state(self) -> CatalogState:
        """What the index was built with."""
        ...

    def corpus(self) -> CorpusInfo:
        """Return what ``corpus.toml`` said about the whole corpus when it was ingested."""
        ...

    def document(self, document_id: str) -> Document | None:
        """Return the document as it was indexed, or None for an unknown id."""
        ...

    def fingerprints(self) -> dict[str, str]:
        """Return each document's fingerprint by its path."""
        ...

    def files(self) -> dict[str, SeenFile]:
        """Return the recorded size and times, by path, of the files that need no second look."""
        ...

    def summaries(
        self, search: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentSummary]:
        """Return documents without their texts, sorted by path.

        With ``search``, return only those that have it in their title or path, in any case.
        """
        ...

    def count_summaries(self, search: str = "") -> int:
        """Count the documents that `summaries` returns without a limit."""
        ...

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return the known chunks among these ids, by id."""
        ...

    def chunks_of_vectors(self, ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Return the chunks of each vector, in the order in which they were indexed."""
        ...

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in order."""
        ...

    def count_documents(self) -> int:
        """Count all documents, including those outside of the part."""
        ...

    def count_chunks(self) -> int:
        """Count all chunks, including those outside of the part."""
        ...

    def abbreviations(self) -> list[tuple[str, str]]:
        """Return the short and long forms that documents define, the form used more often first."""
        ...

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.int8]]:
        """Return the vectors of the sentences below each of these vectors, as `put_sentences` takes."""
        ...

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and scores of chunks with any of the words, best (highest) first."""
        ...

    def document_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """Count the chunks that contain each stem. Leave out stems that occur in none."""
        ...


class CatalogRecord(Protocol):
    """What is known of the corpus and its files, recorded in one transaction."""

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, replacing all earlier records."""
        ...

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record model, options and corpus, as a new generation. Keep what is not named."""
        ...


class CatalogUpdate(Protocol):
    """One transaction of changes, invisible to readers until it is committed."""

    def clear(self) -> None:
        """Remove all documents."""
        ...

    def remove(self, source: str) -> None:
        """Remove the document at a path with its chunks, if there is one."""
        ...

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, replacing the document at the same path."""
        ...

    def put_sentences(self, vectors: Mapping[str, NDArray[np.int8]]) -> None:
        """Add the vectors of the sentences of chunks, by the id of the chunk's vector.

        Each is of shape ``(sentences, dimension)``: unit-length vectors times 127, rounded.
        """
        ...

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, in batches of ``at_once``."""
        ...

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, replacing all earlier records."""
        ...


class WrittenVectors(Protocol):
    """Unit-length vectors by id, while they are written."""

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or overwrite vectors, shape ``(len(ids), dimension)``. Raise `StorageError`."""
        ...

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return the known ids among these."""
        ...


class StoreView(Protocol):
    """Catalog and vectors of one state, limited to a part of the corpus or not."""

    @property
    def catalog(self) -> CatalogSnapshot:
        """The documents and chunks."""
        ...

    @property
    def part(self) -> str:
        """The path of the document or folder to which the view is limited; empty for all."""
        ...

    def within(self, part: str, documents: frozenset[str]) -> "StoreView":
        """Return the same state, limited to the document or folder at a path.

        ``documents`` are the ids of the documents there. The path of a folder ends in ``/``.
        """
        ...

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors of the part, best first.

        Raise `VectorsDamagedError` for vectors that cannot be read.
        """
        ...

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of chunks, by the ids of the chunks."""
        ...


@runtime_checkable
class FusingView(Protocol):
    """A view that fuses dense and keyword search itself. A store may offer this as well."""

    def fused(self, words: Sequence[str], vector: NDArray[np.float32], fusion: Fusion) -> list[Hit]:
        """Return the best chunks of dense and keyword search, fused by reciprocal rank."""
        ...


class StoreWriter(Protocol):
    """The next state of an index while it is written. No reader sees it before it is finished."""

    @property
    def update(self) -> CatalogUpdate:
        """The changes of the catalog."""
        ...

    @property
    def vectors(self) -> WrittenVectors:
        """The vectors of the new state."""
        ...

    def finish(self, state: Mapping[str, str | int]) -> None:
        """Complete the new state, which readers see once the writer's block ends.

        Remove the vectors that no chunk uses any more. Raise `StorageError` unless all chunks
        have a vector.
        """
        ...


class Store(Protocol):
    """One index: its committed states for readers, and the way to write the next one."""

    @property
    def location(self) -> str:
        """Where the index is, as a person may read it: without a password."""
        ...

    @property
    def is_open(self) -> bool:
        """Whether a view was opened, so that the next one opens at once."""
        ...

    def state(self) -> CatalogState | None:
        """Return what the index was built with; None before the first ingestion."""
        ...

    def snapshot(self) -> AbstractContextManager[CatalogSnapshot]:
        """Open the catalog of the last committed state. Raise `IndexMissingError` without any."""
        ...

    def view(self) -> AbstractContextManager[StoreView]:
        """Open the last committed state.

        Raise `IndexMissingError` before the first ingestion, and `VectorsDamagedError` for
        vectors that are not as they were written.
        """
        ...

    def exclusively(self, waits: float = 0.0) -> AbstractContextManager[None]:
        """Hold the index for one ingestion, also against other processes.

        A process that dies holds it no longer. Raise `IndexBusyError` after ``waits`` seconds.
        """
        ...

    def set_aside_unless_sound(self) -> str | None:
        """Set a catalog that cannot be used aside for a rebuild, and return where it is kept."""
        ...

    def sweep(self) -> None:
        """Remove what killed ingestions left."""
        ...

    def vectors_are_whole(self) -> bool:
        """Return whether the vectors of the last committed state are as they were written."""
        ...

    def record(self) -> AbstractContextManager[CatalogRecord]:
        """Open a transaction on what is known of corpus and files; documents stay as they are."""
        ...

    def write(
        self, embedding_model: str, *, keeps_vectors: bool
    ) -> AbstractContextManager[StoreWriter]:
        """Begin the next state, with the vectors of the last one or with none.

        A store may keep what a killed ingestion embedded with the same model. Readers see it when the block ends. If the block raises, the index stays as it is.
        """
        ...

    def bytes_on_disk(self) -> int:
        """Return the size of the index."""
        ...

    def close(self) -> None:
        """Wait for open views to end, and release the index."""
        ...


class SharedRun(Protocol):
    """An ingestion that workers write for, as the process sees it that holds the index."""

    @property
    def id(self) -> str:
        """What a worker joins it by."""
        ...

    def outcomes(self) -> list[ReadingOutcome]:
        """Return what became of documents since this was last called."""
        ...


class JoinedRun(Protocol):
    """The same as a worker sees it. Writing raises `RunEndedError` once it has ended."""

    @property
    def update(self) -> CatalogUpdate:
        """The changes of the catalog."""
        ...

    @property
    def vectors(self) -> WrittenVectors:
        """The vectors of the new state."""
        ...

    def has(self, source: str) -> bool:
        """Return whether it is known what became of a document."""
        ...

    def report(self, outcome: ReadingOutcome) -> None:
        """Record what became of a document, unless that is known."""
        ...


@runtime_checkable
class SharedWriter(Protocol):
    """A writer for which other processes may write too. A `StoreWriter` may offer this as well."""

    def share(self, dimension: int) -> SharedRun:
        """Let workers add documents, with vectors of a dimension, until the state is switched to."""
        ...


@runtime_checkable
class SharedStore(Protocol):
    """A store for whose ingestions other processes may write. A `Store` may offer this as well."""

    def join(self, run: str) -> AbstractContextManager[JoinedRun]:
        """Write for an ingestion from beside it. Raise `RunEndedError` once it has ended."""
        ...


class FeedbackRecords(Protocol):
    """What readers said. Methods raise `StorageError` where it is kept."""

    def put(self, record: Feedback) -> None:
        """Store a record, replacing the record with the same id."""
        ...

    def has(self, identifier: str) -> bool:
        """Return whether a record has this id."""
        ...

    def records(self, since: datetime | None = None) -> list[Feedback]:
        """Return the records since a time, or all of them, oldest first."""
        ...

    def delete(self, identifiers: Sequence[str]) -> int:
        """Delete the records with these ids, and return their number."""
        ...

    def delete_all(self, before: datetime | None = None) -> int:
        """Delete the records before a time, or all of them, and return their number."""
        ...

    def close(self) -> None:
        """Release what is kept open. Calling this again does nothing."""
        ...
