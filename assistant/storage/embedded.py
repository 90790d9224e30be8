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
class EmbeddedView:
    """A snapshot of the catalog with the vectors that belong to it.

    ``part`` is the path of the document or folder that it is of; empty for all documents.
    """

    catalog: Snapshot
    vectors: VectorStore
    part: str = ""

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """The vectors of chunks, by the ids of the chunks."""
        ids = {chunk.id: vector_id(chunk) for chunk in chunks}
        found = self.vectors.get(list(dict.fromkeys(ids.values())))
        return {chunk: found[vector] for chunk, vector in ids.items() if vector in found}

    def within(self, part: str, documents: frozenset[str]) -> "EmbeddedView":
        """The same state, of the documents with these ids alone, which are those at a path."""
        return EmbeddedView(self.catalog.within(documents), self.vectors, part)


@dataclass(slots=True)
class _OpenVectors:
    """The vectors of one generation, and how many views use them."""

    store: VectorStore
    readers: int = 0


class EmbeddedStore:
    """Gives views of the last committed state to many threads.

    A view keeps its generation for as long as it is open. When another process has committed a
    new state, the next view is of the new one; the vectors of the old one are closed when its last
    view ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog(folder)
        self._open: dict[str, _OpenVectors] = {}
        self._current = ""
        self._changed = threading.Condition()

    @contextmanager
    def view(self) -> Iterator[EmbeddedView]:
        """Open the last committed state. Raise `IndexMissingError` before the first ingestion."""
        with self.catalog.snapshot() as snapshot:
            vectors = self._enter(snapshot)
            try:
                yield EmbeddedView(snapshot, vectors)
            finally:
                self._leave(snapshot.state.generation)

    @property
    def is_open(self) -> bool:
        """Whether the vectors of some state are open."""
        return bool(self._open)

    def close(self) -> None:
        """Wait for open views to end, then let go of the files."""
        with self._changed:
            self._current = ""
            self._changed.wait_for(lambda: not any(one.readers for one in self._open.values()))
            self._close_unused()

    def _enter(self, snapshot: Snapshot) -> VectorStore:
        state = snapshot.state
        with self._changed:
            if state.generation not in self._open:
                store = VectorStore(self.folder / state.vectors, state.seal)
                self._open[state.generation] = _OpenVectors(store)
            self._current = state.generation
            self._open[state.generation].readers += 1
            self._close_unused()
            return self._open[state.generation].store

    def _leave(self, generation: str) -> None:
        with self._changed:
            self._open[generation].readers -= 1
            self._close_unused()
            self._changed.notify_all()

    def _close_unused(self) -> None:
        """Close the vectors that no view uses and that are not those of the latest state."""
        for generation, opened in list(self._open.items()):
            if generation != self._current and not opened.readers:
                opened.store.close()
                del self._open[generation]
