"""The vectors of the chunks, in Chroma; its only importer.

A folder of vectors is written once and never again after a state of the catalog has named it:
the next ingestion with many changes works on a copy. Chroma alone cannot promise a state that is whole, since it
writes its files in place (1.5.9): a full disk leaves a folder that it cannot open, and one with
half a file answers wrongly or ends the process, and so does a changed byte of its SQLite. Hence
the seal, which tells what is whole before Chroma opens it.
"""

import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StorageError, VectorsDamagedError
from assistant.storage.folder_holds import FolderHold, remove_unless_held
from assistant.storage.private_copy import PrivateCopy, copy_files, has_room, remove_abandoned
from assistant.storage.seals import Seal, damaged_vectors

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

PREFIX = "vectors"
_COLLECTION = "chunks"
_IDS_AT_ONCE = 10_000
_WRITTEN_AT_ONCE = 1_000
_opening = threading.Lock()
_open_paths: set[str] = set()


class VectorStore:
    """Unit-length vectors by id, in one folder of an embedded Chroma.

    Stores of one process share nothing, so that a reader keeps its state while another ingests.
    A folder that cannot be written, or whose disk is full, is read from a private copy: Chroma writes
    when it is opened.
    Reading raises `VectorsDamagedError`, writing `StorageError`.
    """

    def __init__(self, folder: Path, seal: str) -> None:
        """Open the vectors in a folder for reading; they must be as they were sealed."""
        self.folder = folder
        self._copy: PrivateCopy | None = None
        self._client: Client | None = None
        self._hold: FolderHold | None = None
        remove_abandoned()
        try:
            with _reading(folder):
                self._hold = FolderHold(folder)
            sealed = Seal.read(folder, seal)
            sealed.check(folder)
            with _reading(folder):
                self._client_path, self._client = _client(self._readable())
                self._collection: Collection = self._client.get_collection(
                    _COLLECTION, embedding_function=None
                )
            if self.count() != sealed.count:
                raise damaged_vectors(folder, f"{self.count()} of {sealed.count} vectors are there")
        except VectorsDamagedError:
            self.close()
            raise

    @classmethod
    def create(cls, folder: Path, base: Path | None = None) -> Self:
        """Begin vectors that are to be written, in a new folder, with those of ``base`` or none."""
        store = cls.__new__(cls)
        store.folder, store._copy, store._client, store._hold = folder, None, None, None
        try:
            with _writing(folder):
                if base:
                    copy_files(base, folder)
                store._client_path, store._client = _client(folder)
                store._collection = store._client.get_or_create_collection(
                    _COLLECTION,
                    configuration={"hnsw": {"space": "cosine"}},
                    embedding_function=None,
                )
        except StorageError:
            store.close()
            raise
        return store

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, shape ``(len(ids), dimension)``, or write the same ones again."""
        with _writing(self.folder):
            for first in range(0, len(ids), _WRITTEN_AT_ONCE):
                part = slice(first, first + _WRITTEN_AT_ONCE)
                self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; pass over ids that are not there."""
        with _writing(self.folder):
            for first in range(0, len(ids), _WRITTEN_AT_ONCE):
                self._collection.delete(ids=list(ids[first : first + _WRITTEN_AT_ONCE]))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors, best first; ``vector`` is 1-d.

        With ``among`` only those of these ids are looked at: Chroma walks its graph past the
        others, so that as many are found in a small part of a large index. Each of them must be
        there: one that is not is an error to the query (1.5.9).
        """
        if limit < 1 or (among is not None and not among):
            return []
        with _reading(self.folder):
            found: Any = self._collection.query(
                query_embeddings=vector[np.newaxis],
                n_results=limit,
                ids=None if among is None else list(among),
                include=["distances"],
            )
        return [
            (identifier, 1.0 - float(distance))
            for identifier, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return those of the vectors that are there, by id."""
        found: dict[str, NDArray[np.float32]] = {}
        with _reading(self.folder):
            for first in range(0, len(ids), _IDS_AT_ONCE):
                part: Any = self._collection.get(
                    ids=list(ids[first : first + _IDS_AT_ONCE]), include=["embeddings"]
                )
                vectors = np.asarray(part["embeddings"], np.float32)
                found.update(zip(part["ids"], vectors, strict=True))
        return found

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are there."""
        found: set[str] = set()
        with _reading(self.folder):
            for first in range(0, len(ids), _IDS_AT_ONCE):
                part = list(ids[first : first + _IDS_AT_ONCE])
                found.update(self._collection.get(ids=part, include=[])["ids"])
        return found

    def count(self) -> int:
        """Count the vectors."""
        with _reading(self.folder):
            return int(self._collection.count())

    def ids(self) -> Iterator[str]:
        """Yield the ids of all vectors."""
        for offset in range(0, self.count(), _IDS_AT_ONCE):
            with _reading(self.folder):
                part = self._collection.get(limit=_IDS_AT_ONCE, offset=offset, include=[])
            yield from part["ids"]

    def seal(self) -> str:
        """Close what was written, and return what must be there when it is opened."""
        count = self.count()
        self.close()
        with _writing(self.folder):
            seal = Seal.take(self.folder, count)
        VectorStore(self.folder, seal.written()).close()  # what does not open is not handed on
        return seal.if_it_holds(self.folder).written()

    def close(self) -> None:
        """Let go of the files; do nothing a second time."""
        with _opening:
            if self._client:
                self._client.close()
                _open_paths.discard(self._client_path)
        if self._copy:
            self._copy.close()
        if self._hold:
            self._hold.release()

    def _readable(self) -> Path:
        """Return the folder, or a private copy of it where it cannot be written or has no room."""
        if os.access(self.folder, os.W_OK) and has_room(self.folder):
            return self.folder
        self._copy = PrivateCopy(self.folder)
        return self._copy.folder


@contextmanager
def new_vectors(folder: Path, base: Path | None) -> Iterator[VectorStore]:
    """Begin vectors that are to be written below an index folder, with those of ``base`` or none.

    Remove their folder if the block raises.
    """
    path = folder / f"{PREFIX}-{uuid.uuid4().hex}"
    try:
        store = VectorStore.create(path, base)
        try:
            yield store
        finally:
            store.close()
    except BaseException:
        shutil.rmtree(path, ignore_errors=True)
        raise


def is_whole(folder: Path, seal: str) -> bool:
    """Return whether the vectors in a folder are as they were sealed.

    Chroma opens them only where the seal cannot tell, which takes as long as there are vectors.
    """
    try:
        sealed = Seal.read(folder, seal)
        sealed.check(folder)
        if not sealed.is_certain:
            VectorStore(folder, seal).close()
    except VectorsDamagedError:
        return False
    return True


def remove_others(folder: Path, kept: str) -> None:
    """Remove the folders of earlier states that nobody reads, and what a killed ingestion left."""
    for path in folder.glob(f"{PREFIX}*"):
        if path.name != kept and path.is_dir():
            remove_unless_held(path)


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError  # Chroma takes a second

    try:
        yield
    except (ChromaError, OSError, ValueError) as error:
        raise damaged_vectors(folder, str(error)) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise damaged_vectors(folder, str(error)) from error


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    from chromadb.errors import ChromaError  # Chroma takes a second

    try:
        yield
    except (ChromaError, OSError, sqlite3.Error) as error:
        raise _unwritten(folder, error) from error
    except BaseException as error:
        if not _is_panic(error):
            raise
        raise _unwritten(folder, error) from error


def _is_panic(error: BaseException) -> bool:
    """Return whether Chroma's engine gave up in the middle; no class of it can be imported (1.5.9)."""
    return type(error).__name__ == "PanicException"


def _unwritten(folder: Path, reason: BaseException) -> StorageError:
    return StorageError(
        f"The vectors in {folder} cannot be written: {reason}. The index is as it was. Make sure "
        "that the disk has space and the folder can be written, then run: assistant ingest"
    )


def _client(folder: Path) -> tuple[str, "Client"]:
    """Return a client of its own for the folder, and the spelling of the path that it is known by.

    Chroma shares one system among the clients of a path, by the path's spelling, and neither
    opens nor closes it safely from several threads (1.5.9); hence the lock and the spellings.
    The spelling of a client that could not be opened stays taken: its system is left half made.
    """
    # Needed by nothing but a question or an ingestion.
    import chromadb  # Chroma takes a second
    from chromadb.api.client import Client  # Chroma takes a second
    from chromadb.config import Settings  # Chroma takes a second

    with _opening:
        path = str(folder)
        while path in _open_paths:
            path += "/."
        _open_paths.add(path)
        client = chromadb.PersistentClient(path, Settings(anonymized_telemetry=False))
        assert isinstance(client, Client)  # the interface it is declared as cannot be closed
        return path, client
