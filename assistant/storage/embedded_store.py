"""The store in a folder: catalog and vectors of one and the same state, read and written."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from assistant.errors import (
    AssistantError,
    IndexBusyError,
    IndexMissingError,
    StorageError,
    VectorsDamagedError,
)
from assistant.storage.catalog import Catalog
from assistant.storage.folder_holds import remove_unless_held
from assistant.storage.growing_vectors import GrowingVectors
from assistant.storage.schema import vector_id
from assistant.storage.snapshot import Snapshot
from assistant.storage.state import REBUILD_COMMAND
from assistant.storage.update import Update
from assistant.storage.vector_changes import ChangedVectors
from assistant.storage.vectors import VectorStore, is_whole, remove_others
from assistant.types import CatalogState, Chunk

_LOCK_FILE = "ingest.lock"


@dataclass(frozen=True, slots=True)
class EmbeddedView:
    """A snapshot of the catalog with the vectors that belong to it.

    ``part`` is the path of the document or folder that it is of; empty for all documents.
    """

    catalog: Snapshot
    vectors: ChangedVectors
    part: str = ""

    def within(self, part: str, documents: frozenset[str]) -> "EmbeddedView":
        """Return the same state, of the documents with these ids alone, which are those at a path."""
        return EmbeddedView(self.catalog.within(documents), self.vectors, part)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors of the part, best first."""
        among = None if self.catalog.is_whole else sorted(self.catalog.vector_ids())
        return self.vectors.nearest(vector, limit, among)

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of chunks, by the ids of the chunks."""
        ids = {chunk.id: vector_id(chunk) for chunk in chunks}
        found = self.vectors.get(list(dict.fromkeys(ids.values())))
        return {chunk: found[vector] for chunk, vector in ids.items() if vector in found}


@dataclass(frozen=True, slots=True)
class EmbeddedWriter:
    """A transaction of the catalog, and the vectors that go with it."""

    update: Update
    vectors: GrowingVectors

    def finish(self, state: Mapping[str, str | int]) -> None:
        """Seal the vectors and name them. Raise `StorageError` unless all chunks have one."""
        self.vectors.delete(self.update.take_unused_vectors())
        found, wanted = self.vectors.count(), self.update.count_vectors()
        if found != wanted:
            raise StorageError(
                f"{found} vectors were written where the chunks have {wanted}. The index is as it "
                f"was. Build it again from the documents with: {REBUILD_COMMAND}"
            )
        self.update.set_state({**state, **self.vectors.seal()})


@dataclass(slots=True)
class _OpenVectors:
    """A folder of vectors, the last state that was read with it, and how many views use it."""

    store: VectorStore
    generation: str = ""
    vectors: ChangedVectors | None = None
    readers: int = 0

    def of(self, snapshot: Snapshot) -> ChangedVectors:
        """Return the vectors of a state that is of this folder."""
        if self.vectors is None or self.generation != snapshot.state.generation:
            self.vectors = ChangedVectors(self.store, snapshot.vector_changes())
            self.generation = snapshot.state.generation
        return self.vectors


class EmbeddedStore:
    """Gives views of the last committed state to many threads.

    A view keeps its generation for as long as it is open. When another process has committed a
    new state, the next view is of the new one; if that has another folder of vectors, the old one is
    closed when its last view ends.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.catalog = Catalog(folder)
        self._open: dict[str, _OpenVectors] = {}
        self._current = ""
        self._changed = threading.Condition()

    @property
    def location(self) -> str:
        """The folder."""
        return str(self.folder)

    def state(self) -> CatalogState | None:
        """Return what the index was built with; None before the first ingestion."""
        return self.catalog.state()

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """Open the catalog of the last committed state, without its vectors."""
        return self.catalog.snapshot()

    @contextmanager
    def view(self) -> Iterator[EmbeddedView]:
        """Open the last committed state. Raise `IndexMissingError` before the first ingestion."""
        with self.catalog.snapshot() as snapshot:
            vectors = self._enter(snapshot)
            try:
                yield EmbeddedView(snapshot, vectors)
            finally:
                self._leave(snapshot.state.vectors)

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

    @contextmanager
    def exclusively(self, waits: float = 0.0) -> Iterator[None]:
        """Hold the index for one ingestion; the system lets go of it if the process dies."""
        lock = FileLock(self.folder / _LOCK_FILE, timeout=waits)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout as error:
            raise IndexBusyError(
                f"Another ingestion is writing {self.folder}. Wait until it has ended, then run it "
                "again."
            ) from error
        except OSError as error:
            raise StorageError(
                f"The index folder {self.folder} cannot be written: {error}. Let this user write "
                "it, free space on its disk, or name another folder with ASSISTANT_INDEX."
            ) from error
        try:
            yield
        finally:
            lock.release()

    def set_aside_unless_sound(self) -> str | None:
        """Rename a catalog that cannot be used, for a rebuild, and return its new path if it was."""
        aside = self.catalog.set_aside_unless_sound()
        return str(aside) if aside else None

    def sweep(self) -> None:
        """Remove the vectors of earlier states that nobody reads, and what a killed ingestion left."""
        if state := self.state():
            with self._changed:
                self._current = state.vectors
                self._close_unused()
            remove_others(self.folder, state.vectors)

    def vectors_are_whole(self) -> bool:
        """Return whether the vectors of the last committed state are as they were sealed."""
        try:
            with self.catalog.snapshot() as snapshot:
                snapshot.vector_changes()
                return is_whole(self.folder / snapshot.state.vectors, snapshot.state.seal)
        except (IndexMissingError, VectorsDamagedError):
            return False

    def record(self) -> AbstractContextManager[Update]:
        """Open a transaction of the catalog alone; readers keep their vectors."""
        return self.catalog.update()

    @contextmanager
    def write(self, embedding_model: str, *, keeps_vectors: bool) -> Iterator[EmbeddedWriter]:
        """Begin the next state. A new folder of vectors is removed if the block raises."""
        state = self.state() if keeps_vectors else None
        with ExitStack() as closing, self.catalog.update() as update:
            changes = update.vector_changes
            vectors = GrowingVectors(self.folder, changes, state, closing)
            yield EmbeddedWriter(update, vectors)
        self.sweep()

    def bytes_on_disk(self) -> int:
        """Return the size of the files in the folder, feedback included."""
        total = 0
        for parent, _, names in os.walk(self.folder):
            for name in names:
                with suppress(FileNotFoundError):  # a concurrent ingestion may have removed it
                    total += Path(parent, name).stat().st_size
        return total

    def _enter(self, snapshot: Snapshot) -> ChangedVectors:
        state = snapshot.state
        with self._changed:
            if state.vectors not in self._open:
                store = VectorStore(self.folder / state.vectors, state.seal)
                self._open[state.vectors] = _OpenVectors(store)
            opened = self._open[state.vectors]
            vectors = opened.of(snapshot)
            self._current = state.vectors
            opened.readers += 1
            closed = self._close_unused()
        self._remove_old(closed)
        return vectors

    def _leave(self, folder: str) -> None:
        with self._changed:
            self._open[folder].readers -= 1
            closed = self._close_unused()
            self._changed.notify_all()
        self._remove_old(closed)

    def _close_unused(self) -> list[Path]:
        """Close the vectors that no view uses and that are not those of the latest state."""
        closed = []
        for folder, opened in list(self._open.items()):
            if folder != self._current and not opened.readers:
                opened.store.close()
                del self._open[folder]
                closed.append(opened.store.folder)
        return closed

    def _remove_old(self, folders: Sequence[Path]) -> None:
        """Remove folders of earlier states: an ingestion keeps those that are read."""
        if not folders:
            return
        with suppress(AssistantError):  # whoever asks next is told of a damaged catalog
            state = self.state()
            for folder in folders:
                if state and folder.name != state.vectors:
                    remove_unless_held(folder)
