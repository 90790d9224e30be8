"""The index as readers see it: catalog and vectors of one and the same state."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.storage.catalog import Catalog
from assistant.storage.schema import vector_id
from assistant.storage.snapshot import Snapshot
from assistant.storage.vectors import VectorStore
from assistant.types import Chunk


@dataclass(frozen=True, slots=True)
class IndexView:
    """A snapshot of the catalog with the vectors that belong to it.

    ``part`` is the path of the document or folder that it is of; empty for all documents.
    """

    catalog: Snapshot
    vectors: VectorStore
    part: str = ""

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of chunks, by the ids of the chunks."""
        ids = {chunk.id: vector_id(chunk) for chunk in chunks}
        found = self.vectors.get(list(dict.fromkeys(ids.values())))
        return {chunk: found[vector] for chunk, vector in ids.items() if vector in found}

    def within(self, part: str, documents: frozenset[str]) -> "IndexView":
        """Return the same state, of the documents with these ids alone, which are those at a path."""
        return IndexView(self.catalog.within(documents), self.vectors, part)


class Index:
    """Give views of the last committed state to many threads.

    When another process has committed a new state, the queries that are running finish, the
    vectors are closed and opened again, and the next view is of the new state.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog(folder)
        self._vectors: VectorStore | None = None
        self._generation = ""
        self._readers = 0
        self._changed = threading.Condition()

    @contextmanager
    def view(self) -> Iterator[IndexView]:
        """Give the last committed state. Raise `IndexMissingError` before the first ingestion."""
        with self.catalog.snapshot() as snapshot:
            vectors = self._enter(snapshot)
            try:
                yield IndexView(snapshot, vectors)
            finally:
                self._leave()

    @property
    def is_open(self) -> bool:
        """Whether the vectors of some state are open."""
        return self._vectors is not None

    def close(self) -> None:
        """Wait for running queries, then let go of the files."""
        with self._changed:
            self._changed.wait_for(lambda: self._readers == 0)
            self._close_vectors()

    def _enter(self, snapshot: Snapshot) -> VectorStore:
        state = snapshot.state
        with self._changed:
            if self._vectors is None or self._generation != state.generation:
                self._changed.wait_for(lambda: self._readers == 0)
            if self._vectors is None or self._generation != state.generation:
                self._close_vectors()
                self._vectors = VectorStore(self.folder / state.vectors, state.seal)
                self._generation = state.generation
            self._readers += 1
            return self._vectors

    def _leave(self) -> None:
        with self._changed:
            self._readers -= 1
            self._changed.notify_all()

    def _close_vectors(self) -> None:
        if self._vectors is not None:
            self._vectors.close()
            self._vectors = None
