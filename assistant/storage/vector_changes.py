"""Vectors that belong to a state beside those of its folder, and those of the folder that do not.

A folder of vectors is written once. A small change is kept in the catalog, in the transaction that
makes it, so that a large folder need not be copied for it. Many changes go into a new folder.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.storage.schema import LIST_FOLDER, count_rows, has_table
from assistant.storage.seals import damaged_vectors
from assistant.storage.vectors import VectorStore


@dataclass(frozen=True, slots=True)
class VectorChanges:
    """Added vectors, shape ``(len(ids), dimension)``, and the ids of those that are left out.

    One that was left out and added again is in both.
    """

    ids: tuple[str, ...]
    vectors: NDArray[np.float32]
    left_out: frozenset[str]

    @classmethod
    def read(cls, connection: sqlite3.Connection, folder: Path, dimension: int) -> "VectorChanges":
        """Read them from a catalog. Raise `VectorsDamagedError` if one is not what was written."""
        if not has_table(connection, "added_vectors"):  # written by an earlier version
            return cls((), np.empty((0, dimension), np.float32), frozenset())
        rows = connection.execute(
            "SELECT vector, embedding, checksum FROM added_vectors"
        ).fetchall()
        vectors = np.empty((len(rows), dimension), np.float32)
        for place, (identifier, embedding, checksum) in enumerate(rows):
            if zlib.crc32(embedding) != checksum or len(embedding) != vectors[place].nbytes:
                raise damaged_vectors(folder, f"vector {identifier} is not what was written")
            vectors[place] = np.frombuffer(embedding, np.float32)
        left_out = connection.execute("SELECT vector FROM left_out_vectors")
        return cls(tuple(row[0] for row in rows), vectors, frozenset(row[0] for row in left_out))


class WrittenChanges:
    """The changes in a transaction of the catalog."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, in place of those that have the same ids."""
        self._leave_out(ids)
        embeddings = [vector.tobytes() for vector in vectors.astype(np.float32)]
        self._connection.executemany(
            "INSERT OR REPLACE INTO added_vectors VALUES (?, ?, ?)",
            [(one, found, zlib.crc32(found)) for one, found in zip(ids, embeddings, strict=True)],
        )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; pass over ids that are not there."""
        self._leave_out(ids)
        self._connection.execute(
            "DELETE FROM added_vectors WHERE vector IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are there."""
        rows = self._connection.execute(
            "SELECT value FROM json_each(?) WHERE value IN (SELECT vector FROM added_vectors)"
            " OR value IN (SELECT vector FROM folder_vectors)"
            " AND value NOT IN (SELECT vector FROM left_out_vectors)",
            (json.dumps(list(ids)),),
        )
        return {row[0] for row in rows}

    def count(self) -> int:
        """Count the vectors."""
        return self._count("folder") - self._count("left_out") + self._count("added")

    def count_changes(self) -> int:
        """Count the vectors that were added or left out."""
        return self._count("left_out") + self._count("added")

    def _count(self, kind: str) -> int:
        return count_rows(self._connection, f"{kind}_vectors")

    def _leave_out(self, ids: Sequence[str]) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO left_out_vectors SELECT value FROM json_each(?)"
            " WHERE value IN (SELECT vector FROM folder_vectors)",
            (json.dumps(list(ids)),),
        )

    def move(self, vectors: VectorStore) -> None:
        """Make the changes in a copy of the folder."""
        dimension = "SELECT length(embedding) / 4 FROM added_vectors LIMIT 1"
        row = self._connection.execute(dimension).fetchone()
        changes = VectorChanges.read(self._connection, vectors.folder, row[0] if row else 0)
        vectors.delete(sorted(changes.left_out))
        vectors.put(changes.ids, changes.vectors)

    def list_folder(self) -> None:
        """Record that there is a folder with the vectors of all chunks: nothing is changed in it."""
        for kind in ("folder", "added", "left_out"):
            self._connection.execute(f"DELETE FROM {kind}_vectors")
        self._connection.execute(LIST_FOLDER)


@dataclass(frozen=True, slots=True)
class ChangedVectors:
    """The vectors of one state, as they are read: those of a folder, with the changes to them."""

    folder: VectorStore
    changes: VectorChanges

    def nearest(
        self, vector: NDArray[np.float32], limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors, best first; ``vector`` is 1-d.

        With ``among`` only those of these ids are looked at, each of which must be there.
        """
        added = self._nearest_added(vector, among)
        if among is None:
            found = self._nearest_in_folder(vector, limit)
        else:
            known = set(self.changes.ids)
            found = self.folder.nearest(vector, limit, [one for one in among if one not in known])
        return sorted([*added, *found], key=lambda hit: -hit[1])[: max(0, limit)]

    def get(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return those of the vectors that are there, by id."""
        places = {one: place for place, one in enumerate(self.changes.ids)}
        added = {one: self.changes.vectors[places[one]] for one in ids if one in places}
        gone = self.changes.left_out
        return added | self.folder.get(
            [one for one in ids if one not in places and one not in gone]
        )

    def ids(self) -> Iterator[str]:
        """Yield the ids of all vectors."""
        yield from self.changes.ids
        yield from (one for one in self.folder.ids() if one not in self.changes.left_out)

    def _nearest_added(
        self, vector: NDArray[np.float32], among: Sequence[str] | None
    ) -> list[tuple[str, float]]:
        hits = zip(self.changes.ids, (self.changes.vectors @ vector).tolist(), strict=True)
        some = None if among is None else set(among)
        return [hit for hit in hits if some is None or hit[0] in some]

    def _nearest_in_folder(
        self, vector: NDArray[np.float32], limit: int
    ) -> list[tuple[str, float]]:
        """Ask for more where some of the nearest are left out."""
        wanted = limit
        while True:
            found = self.folder.nearest(vector, wanted)
            kept = [hit for hit in found if hit[0] not in self.changes.left_out]
            if len(kept) >= limit or wanted >= limit + len(self.changes.left_out):
                return kept
            wanted = min(2 * wanted, limit + len(self.changes.left_out))
