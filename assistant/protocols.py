"""The interfaces of the exchangeable parts: encoder, reader, and the two halves of a store.

The first half of a store is the catalog, the source of truth, read through snapshots and written
through updates. The second half is the vectors, which make it quick to search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from assistant.types import (
    Chunk,
    CorpusInfo,
    Document,
    DocumentSummary,
    PassageReading,
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

    A snapshot limited by `within` contains only those documents. Methods raise
    `IndexDamagedError` for a damaged catalog.
    """

    @property
    def is_whole(self) -> bool:
        """Whether the snapshot contains all documents."""
        ...

    def within(self, documents: frozenset[str]) -> "CatalogSnapshot":
        """Return the same state, limited to the documents with these ids."""
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

    def vector_ids(self) -> set[str]:
        """Return the ids of the vectors of all chunks."""
        ...

    def count_documents(self) -> int:
        """Count all documents, including those outside of `within`."""
        ...

    def count_chunks(self) -> int:
        """Count all chunks, including those outside of `within`."""
        ...

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and scores of chunks with any of the words, best (highest) first."""
        ...

    def document_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """Count the chunks that contain each stem. Leave out stems that occur in none."""
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

    def vectors_to_remove(self) -> list[str]:
        """Return the ids of the vectors that no chunk uses any more."""
        ...

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, in batches of ``at_once``."""
        ...

    def count_vectors(self) -> int:
        """Count the distinct vectors of the chunks."""
        ...

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, replacing all earlier records."""
        ...

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record the model and options of the index, as a new generation."""
        ...


class VectorIndex(Protocol):
    """Unit-length vectors by id. Reads raise `VectorsDamagedError`, writes `StorageError`."""

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or overwrite vectors, shape ``(len(ids), dimension)``."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors. Ignore unknown ids."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors, best first."""
        ...

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the known vectors among these ids, by id."""
        ...

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return the known ids among these."""
        ...

    def count(self) -> int:
        """Count the vectors."""
        ...

    def ids(self) -> Iterator[str]:
        """Yield the ids of all vectors."""
        ...

    def seal(self) -> str:
        """Finish writing, and return the seal that must match when the vectors are opened."""
        ...

    def close(self) -> None:
        """Release the files. Calling this again does nothing."""
        ...
