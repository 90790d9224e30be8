"""The store in a PostgreSQL database: readers in one transaction each, one writer at a time."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from psycopg import Connection, OperationalError, errors, sql

from assistant.errors import (
    IndexBusyError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    VectorsDamagedError,
)
from assistant.storage.postgres.database import Database
from assistant.storage.postgres.postgres_record import SAFELY, PostgresRecord
from assistant.storage.postgres.postgres_snapshot import PostgresSnapshot
from assistant.storage.postgres.postgres_update import PostgresUpdate, remove_unseen_documents
from assistant.storage.postgres.postgres_vectors import (
    PostgresVectors,
    is_table_of_vectors,
    next_table,
)
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.postgres.postgres_writer import PostgresWriter
from assistant.storage.postgres.shared_run import PostgresJoinedRun, end_runs
from assistant.storage.postgres.visible_part import VisiblePart
from assistant.storage.stemming import Stemmer
from assistant.types import CatalogState

SCHEMA = "assistant"
MIGRATIONS = "index_migrations"
_REMEDY = ", or build the index again from the documents with: assistant ingest --rebuild"
_LOCK = 7_220_002
"""The advisory lock of the one ingestion at a time; the server lets go of it if the process dies."""
_LOOKS_AGAIN = 0.1
_RELEASED_WITHIN = 1.0
"""Seconds in which the server notices that the process of the last ingestion has died."""
_OPENINGS = 3
"""Openings of a view while ingestions replace the vectors between two of its statements."""


class PostgresStore:
    """The index in a database. Thread-safe.

    A view is one repeatable-read transaction, so that it never sees two generations. ``connections``
    is the greatest number of views at a time; more of them wait.
    """

    def __init__(self, address: str, connections: int = 8) -> None:
        self._database = Database(address, SCHEMA, MIGRATIONS, _REMEDY, connections)
        self._stemmer = Stemmer()
        self._writing: Connection[Any] | None = None
        self._is_prepared = self._has_views = False

    @property
    def location(self) -> str:
        """The address of the database, without password."""
        return self._database.location

    @property
    def is_open(self) -> bool:
        """Whether a view was opened."""
        return self._has_views and self._database.is_open

    def state(self) -> CatalogState | None:
        """Return what the index was built with; None before the first ingestion."""
        with self._database.reading() as connection:
            snapshot = self._snapshot(connection) if connection else None
            return snapshot.state if snapshot else None

    @contextmanager
    def snapshot(self) -> Iterator[PostgresSnapshot]:
        """Open the catalog of the last committed state. Raise `IndexMissingError` without any."""
        with self._database.reading() as connection:
            snapshot = self._snapshot(connection) if connection else None
            if snapshot is None:
                raise IndexMissingError("There is no index yet. Build it with: assistant ingest")
            yield snapshot

    @contextmanager
    def view(self) -> Iterator[PostgresView]:
        """Open the last committed state, its table of vectors held until the block ends."""
        for attempt in range(1, _OPENINGS + 1):
            with self.snapshot() as snapshot:
                if self._hold(snapshot, is_last=attempt == _OPENINGS):
                    self._has_views = True
                    yield PostgresView(snapshot)
                    return

    @contextmanager
    def exclusively(self, waits: float = 0.0) -> Iterator[None]:
        """Hold the index for one ingestion, on the connection that writes."""
        with self._database.connect() as connection:
            self._lock(connection, waits)
            self._writing, self._is_prepared = connection, False
            try:
                yield
            finally:
                self._writing = None
                with suppress(OperationalError):  # the server that is gone has let go of it
                    connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))

    def set_aside_unless_sound(self) -> str | None:
        """Rename the schema of tables that cannot be used, for a rebuild, and return its new name."""
        try:
            self.state()
        except (IndexDamagedError, IndexMismatchError):
            return self._set_aside()
        return None

    def sweep(self) -> None:
        """Remove what killed ingestions left, but not vectors, which the next one needs."""
        if self.state():
            with self._writer_connection() as connection:
                remove_unseen_documents(connection, _number(connection))

    def vectors_are_whole(self) -> bool:
        """Return whether each chunk of the last committed state has its vector."""
        state = self.state()
        if state is None:
            return False
        with self._database.reading() as connection:
            assert connection
            vectors = PostgresVectors(connection, state.vectors, state.embedding_model)
            return vectors.missing(VisiblePart(_number(connection))) == 0

    @contextmanager
    def record(self) -> Iterator[PostgresRecord]:
        """Open a transaction on what is known of corpus and files."""
        with self._writer_connection() as connection, connection.transaction():
            connection.execute(SAFELY)
            yield PostgresRecord(connection)

    @contextmanager
    def write(self, embedding_model: str, *, keeps_vectors: bool) -> Iterator[PostgresWriter]:
        """Begin the next state. What a killed ingestion has embedded is kept for it."""
        state = self.state()
        with self._writer_connection() as connection:
            number = _number(connection)
            end_runs(connection)  # before what their workers have written is removed
            remove_unseen_documents(connection, number)
            if state and keeps_vectors:
                table = state.vectors
            else:
                table = next_table(connection, embedding_model, state.vectors if state else "")
            vectors = PostgresVectors(connection, table, embedding_model)
            update = PostgresUpdate(connection, self._stemmer, number + 1, table)
            writer = PostgresWriter(connection, update, vectors)
            yield writer
            writer.switch()

    @contextmanager
    def join(self, run: str) -> Iterator[PostgresJoinedRun]:
        """Write for an ingestion from beside it. Raise `RunEndedError` once it has ended."""
        with self._database.connect() as connection:
            self._database.prepare(connection)
            connection.execute("SET synchronous_commit = off")
            connection.execute("SET idle_in_transaction_session_timeout = '60s'")
            yield PostgresJoinedRun(connection, self._stemmer, run)

    def bytes_on_disk(self) -> int:
        """Return the size of the tables with their indexes."""
        with self._database.reading() as connection:
            if connection is None:
                return 0
            row = connection.execute(
                "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c"
                " WHERE c.relnamespace = to_regnamespace(%s) AND c.relkind = 'r'",
                (SCHEMA,),
            ).fetchone()
            return int(row[0]) if row else 0

    def close(self) -> None:
        """Close the connections that are kept for views."""
        self._has_views = False
        self._database.close()

    def _snapshot(self, connection: Connection[Any]) -> PostgresSnapshot | None:
        values = dict(connection.execute("SELECT key, value FROM state").fetchall())
        if not values:
            return None
        part = VisiblePart(int(values.get("number", 0)))
        return PostgresSnapshot(self._database, connection, self._stemmer, values, part)

    def _hold(self, snapshot: PostgresSnapshot, *, is_last: bool) -> bool:
        """Keep the table of vectors from being removed, and return whether it is there.

        Raise `VectorsDamagedError` for a table that is gone, not replaced.
        """
        vectors = snapshot.state.vectors
        if not is_table_of_vectors(vectors):  # it is part of statements
            raise self._database.damaged(f"{vectors!r} is no table of vectors")
        try:
            snapshot.connection.execute(
                sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(sql.Identifier(vectors))
            )
        except errors.UndefinedTable:
            snapshot.connection.rollback()
            now = self._snapshot(snapshot.connection)
            if is_last or (now and now.state == snapshot.state):
                raise VectorsDamagedError(
                    f"The vectors in {self.location} are damaged: there is no table {vectors!r}. "
                    "Make them again from the catalog with: assistant ingest",
                    vectors,
                ) from None
            return False
        return True

    def _lock(self, connection: Connection[Any], waits: float) -> None:
        end = time.monotonic() + max(waits, _RELEASED_WITHIN)
        query = "SELECT pg_try_advisory_lock(%s)"
        while not (connection.execute(query, (_LOCK,)).fetchone() or (False,))[0]:
            if time.monotonic() >= end:
                raise IndexBusyError(
                    f"Another ingestion is writing {self.location}. Wait until it has ended, then "
                    "run it again."
                )
            time.sleep(_LOOKS_AGAIN)

    @contextmanager
    def _writer_connection(self) -> Iterator[Connection[Any]]:
        """Return the connection that holds the lock: one that lost it can write no more."""
        if self._writing is None:
            raise RuntimeError("writing needs `exclusively`")  # a bug
        with self._database.translated():
            if not self._is_prepared:
                self._database.prepare(self._writing)
                # what a crash of the server takes of the next state is written again
                self._writing.execute("SET synchronous_commit = off")
                self._is_prepared = True
            yield self._writing

    def _set_aside(self) -> str:
        name = f"{SCHEMA}_set_aside_{uuid.uuid4().hex[:8]}"
        with self._database.connect() as connection:
            connection.execute(
                sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(
                    sql.Identifier(SCHEMA), sql.Identifier(name)
                )
            )
        return name


def _number(connection: Connection[Any]) -> int:
    """Return the number of the last generation."""
    row = connection.execute("SELECT value FROM state WHERE key = 'number'").fetchone()
    return int(row[0]) if row else 0
