"""The documents of the next state in PostgreSQL: of a generation that no reader sees yet."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from assistant.storage.postgres.lexemes import keywords_of, repeated_in
from assistant.storage.postgres.postgres_rows import CHUNK, document_values, storable, to_chunk
from assistant.storage.postgres.visible_part import VISIBLE, VisiblePart
from assistant.storage.schema import vector_id
from assistant.storage.stemming import Stemmer
from assistant.text.abbreviations import abbreviations
from assistant.text.words import plain_variants
from assistant.types import Chunk, Document, SeenFile

Transaction = Callable[[], AbstractContextManager[object]]
"""Begin a transaction, or a savepoint in one."""


class PostgresUpdate:
    """Changes of the catalog, as those of the generation after the last.

    ``table`` is that of the vectors. Several connections may write for one generation, each
    change in a ``transaction``. All lock rows in the same order, so that none waits for another in a
    circle.
    """

    def __init__(
        self,
        connection: Connection[Any],
        stemmer: Stemmer,
        generation: int,
        table: str,
        transaction: Transaction | None = None,
    ) -> None:
        self._connection, self._stemmer = connection, stemmer
        self.generation, self._table = generation, table
        self._transaction = transaction or connection.transaction
        self.files: Mapping[str, SeenFile] | None = None

    def clear(self) -> None:
        """Remove all documents."""
        with self._transaction():
            self._connection.execute(
                f"INSERT INTO loose_vectors SELECT DISTINCT c.vector {VISIBLE}"
                " WHERE d.removed IS NULL ON CONFLICT DO NOTHING"
            )
            self._remove("TRUE", {})

    def remove(self, source: str) -> None:
        """Remove the document at a path with its chunks, if there is one."""
        with self._transaction():
            self._remove_document(source)

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, replacing the document at the same path."""
        headings = self._stemmer.stems([chunk.heading for chunk in chunks])
        texts = self._stemmer.stems([chunk.text for chunk in chunks])
        plain = [plain_variants(f"{chunk.heading}\n{chunk.text}") for chunk in chunks]
        stems = list(zip(headings, texts, self._stemmer.stems(plain), strict=True))
        tokens = [sum(map(len, fields)) for fields in stems]
        with self._transaction():
            self._remove_document(document.source)
            version = self._insert(document, fingerprint, len(chunks), sum(tokens))
            if version is not None:
                self._copy_chunks(version, chunks, stems, tokens)
                self._put_abbreviations(version, document.text)

    def put_sentences(self, vectors: Mapping[str, NDArray[np.int8]]) -> None:
        """Add the vectors of the sentences of chunks, by the id of the chunk's vector."""
        with self._transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO sentences VALUES (%s, %s, %s)"
                " ON CONFLICT (of_table, vector) DO UPDATE SET vectors = excluded.vectors",
                [
                    (self._table, UUID(identifier), found.tobytes())
                    for identifier, found in sorted(vectors.items())
                ],
            )

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, in batches of ``at_once``."""
        last = UUID(int=0)
        part = VisiblePart(self.generation)
        while True:
            rows = self._connection.execute(
                f"SELECT DISTINCT ON (c.vector) {CHUNK} {VISIBLE}"
                f" WHERE c.vector > %(last)s AND {part.condition}"
                ' ORDER BY c.vector, c."row" LIMIT %(limit)s',
                {**part.values, "last": last, "limit": at_once},
            ).fetchall()
            if not rows:
                return
            yield [to_chunk(row)[0] for row in rows]
            last = rows[-1][-1]

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, once the state is switched to."""
        self.files = files

    def _remove_document(self, source: str) -> None:
        self._connection.execute(
            f"INSERT INTO loose_vectors SELECT DISTINCT c.vector {VISIBLE}"
            " WHERE d.source = %s AND d.removed IS NULL ORDER BY c.vector ON CONFLICT DO NOTHING",
            (source,),
        )
        self._remove("source = %(source)s", {"source": source})

    def _remove(self, condition: str, values: dict[str, Any]) -> None:
        """Delete documents that no reader has seen, and end others with this generation.

        What another process adds between the two is neither.
        """
        values["generation"] = self.generation
        self._connection.execute(
            f"DELETE FROM documents WHERE added = %(generation)s AND {condition}", values
        )
        self._connection.execute(
            "UPDATE documents SET removed = %(generation)s"
            f" WHERE removed IS NULL AND added < %(generation)s AND {condition}",
            values,
        )

    def _insert(self, document: Document, fingerprint: str, chunks: int, tokens: int) -> int | None:
        """Add a document, and return its version; None if another process has added it just now."""
        row = self._connection.execute(
            "INSERT INTO documents (id, source, title, text, sha256, media_type, page_starts,"
            " attribution, layout, checksum, path, characters, fingerprint, chunks, tokens, added)"
            f" VALUES ({', '.join(['%s'] * 16)})"
            " ON CONFLICT (source, added) DO NOTHING RETURNING version",
            (*document_values(document), fingerprint, chunks, tokens, self.generation),
        ).fetchone()
        return int(row[0]) if row else None

    def _copy_chunks(
        self,
        version: int,
        chunks: Sequence[Chunk],
        stems: Sequence[Sequence[list[str]]],
        tokens: Sequence[int],
    ) -> None:
        with self._connection.cursor().copy(
            'COPY chunks (version, id, start, "end", heading, text, vector, keywords, tokens,'
            " repeated) FROM STDIN"
        ) as copy:
            for chunk, fields, length in zip(chunks, stems, tokens, strict=True):
                place = (version, chunk.id, chunk.start, chunk.end)
                texts = (storable(chunk.heading), storable(chunk.text))
                words = (keywords_of(*fields), length, repeated_in(*fields))
                copy.write_row((*place, *texts, vector_id(chunk), *words))

    def _put_abbreviations(self, version: int, text: str) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO abbreviations VALUES (%s, %s, %s, %s, %s)",
                [
                    (
                        version,
                        storable(found.short),
                        storable(found.long),
                        text.count(found.short),
                        text.count(found.long),
                    )
                    for found in abbreviations(text)
                ],
            )


def remove_unseen_documents(connection: Connection[Any], last: int) -> None:
    """Remove documents that are of no state, where ``last`` is the last generation."""
    with connection.transaction():
        connection.execute(
            "DELETE FROM documents WHERE added > %(last)s OR removed <= %(last)s", {"last": last}
        )
        connection.execute("UPDATE documents SET removed = NULL WHERE removed IS NOT NULL")
