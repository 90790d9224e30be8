"""The next state of the index in PostgreSQL, written in short transactions that no reader sees.

Its documents belong to the next generation, and its vectors are found by no chunk that a reader
sees. `switch` makes it the last state in one transaction. Killed before that, the next ingestion
finds the vectors, so that nothing is embedded twice.
"""

from collections.abc import Mapping
from typing import Any

from psycopg import Connection

from assistant.errors import StorageError
from assistant.storage.postgres.postgres_record import SAFELY, PostgresRecord
from assistant.storage.postgres.postgres_update import PostgresUpdate, remove_unseen_documents
from assistant.storage.postgres.postgres_vectors import PostgresVectors, remove_other_tables
from assistant.storage.postgres.shared_run import PostgresRun, end_runs
from assistant.storage.postgres.visible_part import VISIBLE, VisiblePart
from assistant.storage.state import REBUILD_COMMAND


class PostgresWriter:
    """The next state of an index: its documents are of one generation, seen after `switch`."""

    def __init__(
        self, connection: Connection[Any], update: PostgresUpdate, vectors: PostgresVectors
    ) -> None:
        self._connection = connection
        self.update, self.vectors = update, vectors
        self._state: Mapping[str, str | int] | None = None

    def share(self, dimension: int) -> PostgresRun:
        """Let workers add documents until the switch."""
        self.vectors.make(dimension)
        return PostgresRun(self._connection, self.update.generation, self.vectors)

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
            self._connection.execute(SAFELY)
            end_runs(self._connection)
            record = PostgresRecord(self._connection)
            if self.update.files is not None:
                record.set_files(self.update.files)
            record.set_state({**self._state, **self._count(), "number": self.update.generation})
        self._analyze()
        remove_unseen_documents(self._connection, self.update.generation)
        remove_other_tables(self._connection, self.vectors.table)
        self._remove_loose_vectors()

    def _count(self) -> dict[str, int]:
        """Count the stems again, as far as documents changed, and the chunks of all."""
        self._connection.execute(
            "INSERT INTO stems SELECT lexeme,"
            " sum(CASE WHEN d.added = %(generation)s THEN 1 ELSE -1 END) AS more"
            f" {VISIBLE}, unnest(c.keywords)"
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
