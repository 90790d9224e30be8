"""The vectors of the chunks, in Chroma; its only importer."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

FOLDER = "vectors"
_IDS_AT_ONCE = 10_000

_opening = threading.Lock()
_open_paths: set[str] = set()


class VectorStore:
    """Unit-length vectors by chunk id, in one collection of an embedded Chroma.

    Chroma's embedded client does not see what another process wrote after it was opened
    (1.5.9), so whoever reads opens a new store for a new state and closes the old one. Stores
    of one process share nothing either, so that a reader keeps its state while another ingests.
    """

    def __init__(self, folder: Path, collection: str) -> None:
        self._path, self._client = _open(folder / FOLDER)
        self._collection: Collection = self._client.get_or_create_collection(
            collection, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, shape ``(len(ids), dimension)``, or write the same ones again."""
        batch = self._client.get_max_batch_size()
        for first in range(0, len(ids), batch):
            part = slice(first, first + batch)
            self._collection.upsert(ids=list(ids[part]), embeddings=vectors[part])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""
        batch = self._client.get_max_batch_size()
        for first in range(0, len(ids), batch):
            self._collection.delete(ids=list(ids[first : first + batch]))

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Ids and cosine similarities of the nearest vectors, best first; ``vector`` is 1-d.

        With ``among`` only those of these ids are looked at: Chroma walks its graph past the
        others, so that as many are found in a small part of a large index.
        """
        if among is not None:
            # an id that is not there is an error to the query (1.5.9)
            among = self._collection.get(ids=list(among), include=[])["ids"] if among else []
        if limit < 1 or (among is not None and not among):
            return []
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
        """Those of the vectors that are there, by id."""
        found: dict[str, NDArray[np.float32]] = {}
        for first in range(0, len(ids), _IDS_AT_ONCE):
            part: Any = self._collection.get(
                ids=list(ids[first : first + _IDS_AT_ONCE]), include=["embeddings"]
            )
            found.update(zip(part["ids"], np.asarray(part["embeddings"], np.float32), strict=True))
        return found

    def count(self) -> int:
        """How many vectors there are."""
        return int(self._collection.count())

    def ids(self) -> Iterator[str]:
        """The ids of all vectors."""
        for offset in range(0, self.count(), _IDS_AT_ONCE):
            yield from self._collection.get(limit=_IDS_AT_ONCE, offset=offset, include=[])["ids"]

    def drop_other_collections(self) -> None:
        """Remove the collections that earlier states used."""
        for collection in self._client.list_collections():
            if collection.name != self._collection.name:
                self._client.delete_collection(collection.name)

    def close(self) -> None:
        """Let go of the files; a second time does nothing."""
        with _opening:
            self._client.close()
            _open_paths.discard(self._path)


def _open(folder: Path) -> tuple[str, "Client"]:
    """A client of its own for the folder, and the spelling of the path that it is known by.

    Chroma shares one system among the clients of a path, by the path's spelling, and neither
    opens nor closes it safely from several threads (1.5.9); hence the lock and the spellings.
    """
    # Needed by nothing but a question or an ingestion.
    import chromadb
    from chromadb.api.client import Client
    from chromadb.config import Settings

    with _opening:
        path = str(folder)
        while path in _open_paths:
            path += "/."
        client = chromadb.PersistentClient(path, Settings(anonymized_telemetry=False))
        assert isinstance(client, Client)  # the interface it is declared as cannot be closed
        _open_paths.add(path)
        return path, client
