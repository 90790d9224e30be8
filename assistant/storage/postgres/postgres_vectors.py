"""The tables of vectors in PostgreSQL: that of the last state, and that of the next."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection, errors, sql

from assistant.storage.postgres.postgres_rows import storable
from assistant.storage.postgres.postgres_update import Transaction
from assistant.storage.postgres.postgres_view import LARGEST_INDEXED
from assistant.storage.postgres.visible_part import VISIBLE, VisiblePart

PREFIX = "vectors_"
_GRAPH = "m = 32, ef_construction = 128"
"""Neighbours that the graph keeps of each vector, and candidates that they are chosen from.

With pgvector's own 16 neighbours, a walk can enter the wrong cluster and not leave it: of 100 questions
to 200,000 clustered vectors, a walk with 200 candidates then found none of the nearest for one, and
recall@8 was 0.983. With 32 neighbours it was 0.993, and 1.000 with 400 candidates. Half precision
loses nothing: an exact search in it finds the same eight.
"""
_DROPPING_WAITS = 200
"""Milliseconds to wait for the readers of a table that is to be removed."""


class PostgresVectors:
    """The vectors of the next state, in the table of the last one or in a new one."""

    def __init__(
        self,
        connection: Connection[Any],
        table: str,
        embedding_model: str,
        transaction: Transaction | None = None,
    ) -> None:
        self._connection, self.table = connection, table
        self.embedding_model = embedding_model
        self._transaction = transaction or connection.transaction

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or overwrite vectors, shape ``(len(ids), dimension)``, in one transaction."""
        rows = sorted(
            zip(map(UUID, ids), vectors, strict=True), key=lambda row: row[0]
        )  # in one order, for other processes that do the same
        with self._transaction():
            self.make(vectors.shape[1])
            with self._connection.cursor() as cursor:
                cursor.executemany(
                    f"INSERT INTO {self.table} VALUES (%s, %s)"
                    " ON CONFLICT (id) DO UPDATE SET embedding = excluded.embedding",
                    rows,
                )
            self._connection.execute(
                "INSERT INTO loose_vectors SELECT unnest(%s::uuid[]) ON CONFLICT DO NOTHING",
                ([identifier for identifier, _ in rows],),
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
        self.make(dimension)
        if dimension <= LARGEST_INDEXED:
            self._connection.execute(
                f"CREATE INDEX IF NOT EXISTS {self.table}_graph ON {self.table} USING hnsw"
                f" ((embedding::halfvec({dimension})) halfvec_cosine_ops) WITH ({_GRAPH})"
            )

    def missing(self, part: VisiblePart) -> int:
        """Count the vectors that chunks of a state lack."""
        if not self.exists():
            return 1
        row = self._connection.execute(
            f"SELECT count(DISTINCT c.vector) {VISIBLE} WHERE {part.condition}"
            f" AND NOT EXISTS (SELECT FROM {self.table} v WHERE v.id = c.vector)",
            part.values,
        ).fetchone()
        return int(row[0]) if row else 0

    def make(self, dimension: int) -> None:
        """Make sure that there is a table."""
        if self.exists():
            return
        self._connection.execute(
            f"CREATE TABLE IF NOT EXISTS {self.table}"
            f" (id uuid PRIMARY KEY, embedding vector({int(dimension)}) NOT NULL)"
        )
        model = sql.Literal(storable(self.embedding_model))
        self._connection.execute(
            sql.SQL("COMMENT ON TABLE {} IS {}").format(sql.Identifier(self.table), model)
        )


def is_table_of_vectors(name: str) -> bool:
    """Return whether a name is that of a table of vectors, which needs no quotes."""
    return re.fullmatch(f"{PREFIX}[0-9]+", name, re.ASCII) is not None


def next_table(connection: Connection[Any], embedding_model: str, current: str) -> str:
    """Return the table that a killed ingestion began with this model, or the name of a new one."""
    numbers = [
        int(table.removeprefix(PREFIX)) for table in (*_tables(connection), current) if table
    ]
    newest = f"{PREFIX}{max(numbers, default=0)}"
    if newest != current and _model_of(connection, newest) == embedding_model:
        return newest
    return f"{PREFIX}{max(numbers, default=0) + 1}"


def remove_other_tables(connection: Connection[Any], table: str) -> None:
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
