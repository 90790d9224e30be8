"""The next state of the index in PostgreSQL, written in short transactions that no reader sees.

Its documents belong to the next generation, and its vectors are found by no chunk that a reader
sees. `switch` makes it the last state in one transaction. Killed before that, the next ingestion
finds the vectors, so that nothing is embedded twice.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection, errors, sql

from assistant.errors import StorageError
from assistant.storage.postgres.lexemes import keywords_of, repeated_in
from assistant.storage.postgres.postgres_rows import CHUNK, document_values, storable, to_chunk
from assistant.storage.postgres.postgres_view import LARGEST_INDEXED
from assistant.storage.postgres.visible_part import VisiblePart
from assistant.storage.schema import vector_id
from assistant.storage.state import REBUILD_COMMAND
from assistant.storage.stemming import Stemmer
from assistant.text.abbreviations import abbreviations
from assistant.text.words import plain_variants
from assistant.types import Chunk, Document, SeenFile

PREFIX = "vectors_"
_DROPPING_WAITS = 200
"""Milliseconds to wait for the readers of a table that is to be removed."""
_VISIBLE = "FROM chunks c JOIN documents d ON d.version = c.version"


class PostgresRecord:
    """What is known of the corpus and its files, written in the transaction of a connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, replacing all earlier records."""
        known = set(self.connection.execute("SELECT * FROM files").fetchall())
        wanted = {
            (source, seen.size, seen.modified, seen.changed, seen.sha256)
            for source, seen in files.items()
        }
        self.connection.execute(
            "DELETE FROM files WHERE source = ANY(%s)", ([row[0] for row in known - wanted],)
        )
        with self.connection.cursor().copy("COPY files FROM STDIN") as copy:
            for row in wanted - known:
                copy.write_row(row)

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record model, options and corpus, as a new generation. Keep what is not named."""
        stamped = {
            **state,
            "generation": uuid.uuid4().hex,
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO state VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [(key, str(value)) for key, value in stamped.items()],
            )


class PostgresUpdate:
    """Changes of the catalog, as those of the generation after the last.

    ``table`` is that of the vectors.
    """

    def __init__(
        self, connection: Connection[Any], stemmer: Stemmer, generation: int, table: str
    ) -> None:
        self._connection, self._stemmer = connection, stemmer
        self.generation, self._table = generation, table
        self.files: Mapping[str, SeenFile] | None = None

    def clear(self) -> None:
        """Remove all documents."""
        with self._connection.transaction():
            self._connection.execute(
                f"INSERT INTO loose_vectors SELECT DISTINCT c.vector {_VISIBLE}"
                " WHERE d.removed IS NULL ON CONFLICT DO NOTHING"
            )
            self._remove("TRUE", {})

    def remove(self, source: str) -> None:
        """Remove the document at a path with its chunks, if there is one."""
        with self._connection.transaction():
            self._remove_document(source)

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, replacing the document at the same path."""
        headings = self._stemmer.stems([chunk.heading for chunk in chunks])
        texts = self._stemmer.stems([chunk.text for chunk in chunks])
        plain = [plain_variants(f"{chunk.heading}\n{chunk.text}") for chunk in chunks]
        stems = list(zip(headings, texts, self._stemmer.stems(plain), strict=True))
        tokens = [sum(map(len, fields)) for fields in stems]
        with self._connection.transaction():
            self._remove_document(document.source)
            version = self._insert(document, fingerprint, len(chunks), sum(tokens))
            self._copy_chunks(version, chunks, stems, tokens)
            self._put_abbreviations(version, document.text)

    def put_sentences(self, vectors: Mapping[str, NDArray[np.int8]]) -> None:
        """Add the vectors of the sentences of chunks, by the id of the chunk's vector."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO sentences VALUES (%s, %s, %s)"
                " ON CONFLICT (of_table, vector) DO UPDATE SET vectors = excluded.vectors",
                [
                    (self._table, UUID(identifier), found.tobytes())
                    for identifier, found in vectors.items()
                ],
            )

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """Yield one chunk for each distinct vector, in batches of ``at_once``."""
        last = UUID(int=0)
        part = VisiblePart(self.generation)
        while True:
            rows = self._connection.execute(
                f"SELECT DISTINCT ON (c.vector) {CHUNK} {_VISIBLE}"
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
            f"INSERT INTO loose_vectors SELECT DISTINCT c.vector {_VISIBLE}"
            " WHERE d.source = %s AND d.removed IS NULL ON CONFLICT DO NOTHING",
            (source,),
        )
        self._remove("source = %(source)s", {"source": source})

    def _remove(self, condition: str, values: dict[str, Any]) -> None:
        """Delete documents that no reader has seen, and end others with this generation."""
        values["generation"] = self.generation
        self._connection.execute(
            f"DELETE FROM documents WHERE added = %(generation)s AND {condition}", values
        )
        self._connection.execute(
            f"UPDATE documents SET removed = %(generation)s WHERE removed IS NULL AND {condition}",
            values,
        )

    def _insert(self, document: Document, fingerprint: str, chunks: int, tokens: int) -> int:
        row = self._connection.execute(
            "INSERT INTO documents (id, source, title, text, sha256, media_type, page_starts,"
            " attribution, layout, checksum, path, characters, fingerprint, chunks, tokens, added)"
            f" VALUES ({', '.join(['%s'] * 16)}) RETURNING version",
            (*document_values(document), fingerprint, chunks, tokens, self.generation),
        ).fetchone()
        assert row
        return int(row[0])

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


class PostgresVectors:
    """The vectors of the next state, in the table of the last one or in a new one."""

    def __init__(self, connection: Connection[Any], table: str, embedding_model: str) -> None:
        self._connection, self.table, self._model = connection, table, embedding_model

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or overwrite vectors, shape ``(len(ids), dimension)``, in one transaction."""
        identifiers = [UUID(identifier) for identifier in ids]
        with self._connection.transaction():
            if not self.exists():
                self._create(vectors.shape[1])
            with self._connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {self.table} VALUES (%s, %s)"
                    " ON CONFLICT (id) DO UPDATE SET embedding = excluded.embedding",
                    list(zip(identifiers, vectors, strict=True)),
                )
            self._connection.execute(
                "INSERT INTO loose_vectors SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING",
                (identifiers,),
            )

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return the known ids among these."""
        if not self.exists():
            return set()
        rows = self._connection.execute(
            f"SELECT id FROM {self.table} WHERE id = ANY(%s)", ([UUID(one) for one in ids],)
        )
        return {row[0].hex for row in rows}

    def exists(self) -> bool:
        """Return whether there is a table."""
        row = self._connection.execute("SELECT to_regclass(%s)", (self.table,)).fetchone()
        return row is not None and row[0] is not None

    def finish(self, dimension: int) -> None:
        """Make sure that there is a table, and the graph over it."""
        if not self.exists():
            self._create(dimension)
        if dimension <= LARGEST_INDEXED:
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS {self.table}_graph ON {self.table} USING hnsw"
                f" ((embedding::halfvec({dimension})) halfvec_cosine_ops) WITH (ef_construction = 128)"
            )

    def missing(self, part: VisiblePart) -> int:
        """Count the vectors that chunks of a state lack."""
        if not self.exists():
            return 1
        row = self._connection.execute(
            f"SELECT count(DISTINCT c.vector) {_VISIBLE} WHERE {part.condition}"
            f" AND NOT EXISTS (SELECT FROM {self.table} v WHERE v.id = c.vector)",
            part.values,
        ).fetchone()
        return int(row[0]) if row else 0

    def _create(self, dimension: int) -> None:
        self._connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table}"
            f" (id uuid PRIMARY KEY, embedding vector({int(dimension)}) NOT NULL)"
        )
        model = sql.Literal(storable(self._model))
        self._connection.execute(
            sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(self.table), model)
        )


class PostgresWriter:
    """The next state of an index: its documents are of one generation, seen after `switch`."""

    def __init__(
        self, connection: Connection[Any], update: PostgresUpdate, vectors: PostgresVectors
    ) -> None:
        self._connection = connection
        self.update, self.vectors = update, vectors
        self._state: Mapping[str, str | int] | None = None

    def finish(self, state: Mapping[str, str | int]) -> None:
        """Complete the vectors. Raise `StorageError` unless all chunks have one."""
        known = dict(self._connection.execute("SELECT key, value FROM state").fetchall())
        self.vectors.finish(int({**known, **state}["dimension"]))
        if missing := self.vectors.missing(VisiblePart(self.update.generation)):
            raise StorageError(
                f"The chunks lack {missing} vectors. The index is as it was. Build it again from "
                f"the documents with: {REBUILD_COMMAND}"
            )
        self._state = {**state, "vectors": self.vectors.table, "seal": ""}

    def switch(self) -> None:
        """Make what was finished the last state, in one transaction, then remove the one before."""
        if self._state is None:
            return
        with self._connection.transaction():
            record = PostgresRecord(self._connection)
            if self.update.files is not None:
                record.set_files(self.update.files)
            record.set_state({**self._state, **self._count(), "number": self.update.generation})
        self._analyze()
        remove_unseen_documents(self._connection, self.update.generation)
        _remove_other_tables(self._connection, self.vectors.table)
        self._remove_loose_vectors()

    def _count(self) -> dict[str, int]:
        """Count the stems again, as far as documents changed, and the chunks of all."""
        self._connection.execute(
            "INSERT INTO stems SELECT lexeme,"
            " sum(CASE WHEN d.added = %(generation)s THEN 1 ELSE -1 END) AS more"
            f" {_VISIBLE}, unnest(c.keywords)"
            " WHERE (d.added = %(generation)s) <> (d.removed IS NOT DISTINCT FROM %(generation)s)"
            " GROUP BY lexeme"
            " ON CONFLICT (stem) DO UPDATE SET chunks = stems.chunks + excluded.chunks",
            {"generation": self.update.generation},
        )
        self._connection.execute("DELETE FROM stems WHERE chunks <= 0")
        row = self._connection.execute(
            "SELECT count(*), coalesce(sum(chunks), 0), coalesce(sum(tokens), 0)"
            " FROM documents WHERE removed IS NULL"
        ).fetchone()
        assert row
        return dict(zip(("documents", "chunks", "tokens"), map(int, row), strict=True))

    def _analyze(self) -> None:
        """Let the server plan for what is there now, if much of it is new."""
        row = self._connection.execute(
            "SELECT sum(chunks) FILTER (WHERE added = %s) * 10 > sum(chunks) FROM documents"
            " WHERE removed IS NULL",
            (self.update.generation,),
        ).fetchone()
        if row and row[0]:
            self._connection.execute(f"ANALYZE documents, chunks, stems, {self.vectors.table}")

    def _remove_loose_vectors(self) -> None:
        with self._connection.transaction():
            self._connection.execute(
                f"DELETE FROM {self.vectors.table} v USING loose_vectors l WHERE v.id = l.id"
                " AND NOT EXISTS (SELECT FROM chunks c WHERE c.vector = v.id)"
            )
            self._connection.execute(
                "DELETE FROM sentences s USING loose_vectors l WHERE s.vector = l.id"
                " AND NOT EXISTS (SELECT FROM chunks c WHERE c.vector = s.vector)"
            )
            self._connection.execute(
                "DELETE FROM sentences WHERE of_table <> %s", (self.vectors.table,)
            )
            self._connection.execute("DELETE FROM loose_vectors")


def remove_unseen_documents(connection: Connection[Any], last: int) -> None:
    """Remove documents that are of no state, where ``last`` is the last generation."""
    with connection.transaction():
        connection.execute(
            "DELETE FROM documents WHERE added > %(last)s OR removed <= %(last)s", {"last": last}
        )
        connection.execute("UPDATE documents SET removed = NULL WHERE removed IS NOT NULL")


def next_table(connection: Connection[Any], embedding_model: str, current: str) -> str:
    """Return the table that a killed ingestion began with this model, or the name of a new one."""
    numbers = [
        int(table.removeprefix(PREFIX)) for table in (*_tables(connection), current) if table
    ]
    newest = f"{PREFIX}{max(numbers, default=0)}"
    if newest != current and _model_of(connection, newest) == embedding_model:
        return newest
    return f"{PREFIX}{max(numbers, default=0) + 1}"


def _remove_other_tables(connection: Connection[Any], table: str) -> None:
    """Remove tables of vectors but one. A table that a reader still uses stays until the next time."""
    for other in _tables(connection):
        if other != table:
            with suppress(errors.LockNotAvailable), connection.transaction():
                connection.execute(f"SET LOCAL lock_timeout = {_DROPPING_WAITS}")
                connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(other)))


def _tables(connection: Connection[Any]) -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename ~ %s",
        (f"^{PREFIX}[0-9]+$",),
    )
    return [row[0] for row in rows]


def _model_of(connection: Connection[Any], table: str) -> str:
    row = connection.execute(
        "SELECT obj_description(to_regclass(%s), 'pg_class')", (table,)
    ).fetchone()
    return str(row[0]) if row else ""
