"""One transaction of changes to the catalog, which becomes its next generation."""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from assistant.storage.schema import (
    SCHEMA_VERSION,
    SELECT_CHUNK,
    layout_of,
    put_abbreviations,
    text_checksum,
    vector_id,
)
from assistant.storage.vector_changes import WrittenChanges
from assistant.text.words import plain_variants
from assistant.types import Chunk, Document, SeenFile


class Update:
    """One transaction of changes; nothing of it is seen before it is committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.vector_changes = WrittenChanges(connection)
        connection.execute("CREATE TEMP TABLE removed (vector TEXT PRIMARY KEY) WITHOUT ROWID")

    def clear(self) -> None:
        """Remove all documents."""
        self._connection.execute("DELETE FROM chunks")
        self._connection.execute("DELETE FROM abbreviations")
        self._connection.execute("DELETE FROM layouts")
        self._connection.execute("DELETE FROM sentences")
        self._connection.execute("DELETE FROM documents")

    def remove(self, source: str) -> None:
        """Remove the document at a path, with its chunks, if it is there."""
        of_document = "document_id = (SELECT id FROM documents WHERE source = ?)"
        self._connection.execute(
            f"INSERT OR IGNORE INTO removed SELECT vector FROM chunks WHERE {of_document}",
            (source,),
        )
        self._connection.execute(f"DELETE FROM chunks WHERE {of_document}", (source,))
        self._connection.execute(f"DELETE FROM abbreviations WHERE {of_document}", (source,))
        self._connection.execute(f"DELETE FROM layouts WHERE {of_document}", (source,))
        self._connection.execute("DELETE FROM documents WHERE source = ?", (source,))

    def take_unused_vectors(self) -> list[str]:
        """Return the ids of the vectors that no chunk has any more since documents were removed.

        Those of their sentences are removed.
        """
        query = (
            "SELECT vector FROM removed WHERE NOT EXISTS"
            " (SELECT 1 FROM chunks WHERE chunks.vector = removed.vector)"
        )
        self._connection.execute(f"DELETE FROM sentences WHERE vector IN ({query})")
        return [row[0] for row in self._connection.execute(query)]

    def put_sentences(self, vectors: Mapping[str, NDArray[np.int8]]) -> None:
        """Add the vectors of the sentences of chunks, by the id of the chunk's vector."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO sentences VALUES (?, ?)",
            [(identifier, found.tobytes()) for identifier, found in vectors.items()],
        )

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, some at a time."""
        rows = self._connection.execute(
            f"{SELECT_CHUNK} WHERE row IN (SELECT min(row) FROM chunks GROUP BY vector)"
        )
        while some := rows.fetchmany(at_once):
            yield [Chunk(*row[:-1]) for row in some]

    def count_vectors(self) -> int:
        """Count the distinct vectors of the chunks."""
        query = "SELECT count(DISTINCT vector) FROM chunks"
        return int(self._connection.execute(query).fetchone()[0])

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, in place of the one at its path."""
        self.remove(document.source)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                document.title,
                document.text,
                len(document.text),
                document.sha256,
                fingerprint,
                document.media_type,
                json.dumps(document.page_starts),
                json.dumps(asdict(document.attribution)),
                text_checksum(document.text),
            ),
        )
        self._connection.execute(
            "INSERT INTO layouts VALUES (?, ?)", (document.id, json.dumps(layout_of(document)))
        )
        self._connection.executemany(
            'INSERT INTO chunks (id, document_id, start, "end", heading, text, vector, variants)'
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(c.id, c.document_id, c.start, c.end, c.heading, c.text, vector_id(c)),
                    plain_variants(f"{c.heading}\n{c.text}"),
                )
                for c in chunks
            ],
        )

        put_abbreviations(self._connection, document.id, document.text)

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record what was seen of the files, by path, in place of all that was recorded."""
        known = set(self._connection.execute("SELECT * FROM files"))
        wanted = {
            (source, seen.size, seen.modified, seen.changed, seen.sha256)
            for source, seen in files.items()
        }
        gone = [(row[0],) for row in known - wanted]
        self._connection.executemany("DELETE FROM files WHERE source = ?", gone)
        self._connection.executemany("INSERT INTO files VALUES (?, ?, ?, ?, ?)", wanted - known)

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record what the index is built with; the generation and the time are added."""
        stamped = {
            **state,
            "generation": uuid.uuid4().hex,
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema_version": SCHEMA_VERSION,
        }
        self._connection.executemany(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            [(key, str(value)) for key, value in stamped.items()],
        )
