"""An ingestion that several processes write for: its documents are read by workers, on any machine.

The ingestion holds the index and switches to the next state alone. Workers add documents to that
state. Each of their transactions holds the row of the run, so that none is committed after the run
has ended: switched to, given up, or followed by another.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

from assistant.errors import RunEndedError
from assistant.storage.postgres.postgres_rows import restored, storable
from assistant.storage.postgres.postgres_update import PostgresUpdate
from assistant.storage.postgres.postgres_vectors import PostgresVectors
from assistant.storage.stemming import Stemmer
from assistant.types import ReadingOutcome


class PostgresRun:
    """The run of an ingestion that holds the index, on the connection that writes."""

    def __init__(
        self, connection: Connection[Any], generation: int, vectors: PostgresVectors
    ) -> None:
        self.id = str(uuid.uuid4())
        self._connection = connection
        with connection.transaction():
            end_runs(connection)
            connection.execute(
                "INSERT INTO runs VALUES (%s, %s, %s, %s)",
                (self.id, generation, vectors.table, storable(vectors.embedding_model)),
            )

    def outcomes(self) -> list[ReadingOutcome]:
        """Return what became of documents since this was last called."""
        rows = self._connection.execute(
            "SELECT number, source, reason, is_lasting, notes, embedded FROM outcomes"
            " WHERE run = %s AND NOT is_seen ORDER BY number",
            (self.id,),
        ).fetchall()
        if rows:
            self._connection.execute(
                "UPDATE outcomes SET is_seen = TRUE WHERE run = %s AND number = ANY(%s)",
                (self.id, [row[0] for row in rows]),
            )
        return [
            ReadingOutcome(source, restored(reason), is_lasting, restored(notes), embedded)
            for _, source, reason, is_lasting, notes, embedded in rows
        ]


def end_runs(connection: Connection[Any]) -> None:
    """Let no worker write any more, after those that write just now."""
    connection.execute("DELETE FROM runs")


class PostgresJoinedRun:
    """The next state as a worker writes it. Each write raises `RunEndedError` once the run has ended."""

    def __init__(self, connection: Connection[Any], stemmer: Stemmer, run: str) -> None:
        self._connection, self._run = connection, run
        row = connection.execute(
            "SELECT generation, vectors, model FROM runs WHERE id = %s", (run,)
        ).fetchone()
        if row is None:
            raise RunEndedError("The ingestion has ended.")
        generation, table, model = row
        self.update = PostgresUpdate(connection, stemmer, generation, table, self._transaction)
        self.vectors = PostgresVectors(connection, table, restored(model), self._transaction)

    def has(self, source: str) -> bool:
        """Return whether it is known what became of a document."""
        row = self._connection.execute(
            "SELECT EXISTS (SELECT FROM outcomes WHERE run = %s AND source = %s)",
            (self._run, source),
        ).fetchone()
        return row is not None and bool(row[0])

    def report(self, outcome: ReadingOutcome) -> None:
        """Record what became of a document, unless that is known."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO outcomes (run, source, reason, is_lasting, notes, embedded)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (run, source) DO NOTHING",
                (
                    self._run,
                    outcome.source,
                    storable(outcome.reason),
                    outcome.is_lasting,
                    storable(outcome.notes),
                    outcome.embedded,
                ),
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._connection.transaction():
            row = self._connection.execute(
                "SELECT FROM runs WHERE id = %s FOR SHARE", (self._run,)
            ).fetchone()
            if row is None:
                raise RunEndedError("The ingestion has ended.")
            yield
