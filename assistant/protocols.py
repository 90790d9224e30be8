"""What a part must offer to stand in for another: an encoder, a reader, the halves of a store.

The store's halves are the catalog, which is the truth and is read by snapshots and written by
updates, and the vectors, which make it quick to search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.types import (
    Chunk,
    CorpusInfo,
    Document,
    DocumentSummary,
    PassageReading,
    SeenFile,
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
        """Length of an embedding."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens that the model takes of a text, its special tokens not counted."""
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
    def threshold(self) -> float:
        """The probability from which a reading of this reader should count as an answer."""
        ...

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return what was read in each passage, the most probable first; no spans overlap."""
        ...


class CatalogSnapshot(Protocol):
    """One state of a catalog, unmoved by what is committed while it is read.

    A snapshot of some documents (`within`) knows no others. Damage is an `IndexDamagedError`.
    """

    @property
    def is_whole(self) -> bool:
        """Whether it is of all documents."""
        ...

    def within(self, documents: frozenset[str]) -> "CatalogSnapshot":
        """Return the same state, of the documents with these ids alone."""
        ...

    def corpus(self) -> CorpusInfo:
        """Return what ``corpus.toml`` said of the corpus as a whole when it was ingested."""
        ...

    def document(self, document_id: str) -> Document | None:
        """Return the document as it was indexed; None if the catalog does not know it."""
        ...

    def fingerprints(self) -> dict[str, str]:
        """Return each document's fingerprint by its path."""
        ...

    def files(self) -> dict[str, SeenFile]:
        """Return what was seen, by path, of the files that need no other look while it holds."""
        ...

    def summaries(self) -> list[DocumentSummary]:
        """Return all documents without their texts, by path."""
        ...

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return those of the chunks that the catalog knows, by id."""
        ...

    def chunks_of_vectors(self, ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Return the chunks that have each vector, in the order in which they were indexed."""
        ...

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in order."""
        ...

    def vector_ids(self) -> set[str]:
        """Return the ids of the vectors of all chunks."""
        ...

    def count_documents(self) -> int:
        """Count the documents, those outside of `within` included."""
        ...

    def count_chunks(self) -> int:
        """Count the chunks, those outside of `within` included."""
        ...

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and scores (higher is better) of chunks with any of the words, best first."""
        ...

    def document_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """Count the chunks in which each stem occurs; leave out a stem that occurs in none."""
        ...


class CatalogUpdate(Protocol):
    """One transaction of changes; nothing of it is seen before it is committed."""

    def clear(self) -> None:
        """Remove all documents."""
        ...

    def remove(self, source: str) -> None:
        """Remove the document at a path, with its chunks, if it is there."""
        ...

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, in place of the one at its path."""
        ...

    def vectors_to_remove(self) -> list[str]:
        """Return the ids of the vectors that no chunk has any more since documents were removed."""
        ...

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, some at a time."""
        ...

    def count_vectors(self) -> int:
        """Count the distinct vectors of the chunks."""
        ...

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record what was seen of the files, by path, in place of all that was recorded."""
        ...

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record what the index is built with, as a new generation."""
        ...


class VectorIndex(Protocol):
    """Unit-length vectors by id. Reading raises `VectorsDamagedError`, writing `StorageError`."""

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, shape ``(len(ids), dimension)``, or write the same ones again."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; pass over ids that are not there."""
        ...

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors, best first."""
        ...

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return those of the vectors that are there, by id."""
        ...

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are there."""
        ...

    def count(self) -> int:
        """Count the vectors."""
        ...

    def ids(self) -> Iterator[str]:
        """Yield the ids of all vectors."""
        ...

    def seal(self) -> str:
        """Close what was written, and return what must be there when it is opened."""
        ...

    def close(self) -> None:
        """Let go of the files; do nothing a second time."""
        ...
