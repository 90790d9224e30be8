"""Connections to one schema of a PostgreSQL database, and its errors as those of the product."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

import psycopg
from pgvector.psycopg import register_vector
from psycopg import Connection, errors, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

from assistant.errors import IndexDamagedError, SettingsError, StorageError
from assistant.storage.postgres.migrating import (
    check_version,
    latest_version,
    migrate,
    schema_version,
)

_CONNECTING_SECONDS = 5
_SETTINGS = """
SET jit = off;
SET plan_cache_mode = force_custom_plan;
SET hnsw.iterative_scan = 'relaxed_order';
SET hnsw.max_scan_tuples = 200000;
SET hnsw.scan_mem_multiplier = 16;
"""
"""A scan of the graph goes on until it has given as many vectors as are wanted. What is found late is
kept, since candidates are sorted afterwards. With the memory of one sort, 4 MB, a scan would end after
some thousand vectors. Queries are too short to compile, and a plan for any limit and any words would
not use the graph."""

_REMEDIES = {
    "40": "Run the command again.",
    "53": "Give the server more room, memory or connections, then run the command again.",
    "57014": "Run the command again, or let statements take longer.",
}
"""By the beginning of an error's SQLSTATE: what to do."""


class Database:
    """One schema of a database, whose tables are those of a folder of migrations.

    Thread-safe. ``connections`` is the greatest number that readers have at a time.
    """

    def __init__(
        self, address: str, schema: str, migrations: str, remedy: str = "", connections: int = 8
    ) -> None:
        self.address, self.schema = address, schema
        self._migrations, self._remedy = migrations, remedy
        self._connections = connections
        self._pool: ConnectionPool[Connection[Any]] | None = None
        self._configured: WeakSet[Connection[Any]] = WeakSet()
        self._opening = threading.Lock()

    @property
    def location(self) -> str:
        """The address without password and options, as far as none of it may be the password."""
        try:
            parts = conninfo_to_dict(self.address)
        except psycopg.Error:
            return "postgresql://"
        if "@" in str(parts.get("dbname")) or not str(parts.get("port") or 0).isdecimal():
            return "postgresql://"  # a sign of the password was not written as %2F or the like
        user = f"{parts['user']}@" if parts.get("user") else ""
        port = f":{parts['port']}" if parts.get("port") else ""
        return f"postgresql://{user}{parts.get('host') or ''}{port}/{parts.get('dbname') or ''}"

    @property
    def is_open(self) -> bool:
        """Whether connections are kept open."""
        return self._pool is not None

    @contextmanager
    def connect(self) -> Iterator[Connection[Any]]:
        """Open a connection of its own, in autocommit, which sees no tables before `prepare`."""
        with self.translated(), self._new_connection() as connection:
            yield connection

    def prepare(self, connection: Connection[Any]) -> None:
        """Bring the tables to this version, or make them, and let a connection find them."""
        version = schema_version(connection, self.schema)
        if version is None or self._is_behind(version):
            migrate(connection, self.schema, self._migrations, self._remedy)
        self._configure(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection[Any] | None]:
        """Open a repeatable-read transaction on a kept connection; None where there are no tables."""
        with self.translated():
            with self._opened_pool().connection() as connection:
                version = schema_version(connection, self.schema)
                if version is not None and self._is_behind(version):
                    with self.connect() as other:
                        self.prepare(other)
                if version is not None and connection not in self._configured:
                    connection.rollback()
                    self._configure(connection)
                    connection.commit()
                    self._configured.add(connection)
                yield None if version is None else connection
                connection.rollback()

    @contextmanager
    def writing(self) -> Iterator[Connection[Any]]:
        """Open a read-committed transaction on a kept connection. Make missing tables first."""
        with self.translated():
            with self._opened_pool().connection() as connection:
                if connection not in self._configured:
                    with self.connect() as other:
                        self.prepare(other)
                    self._configure(connection)
                    connection.commit()
                    self._configured.add(connection)
                connection.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                yield connection

    def close(self) -> None:
        """Close the kept connections once they are given back. Calling this again does nothing."""
        with self._opening:
            if self._pool is not None:
                self._pool.close()
                self._pool = None

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Raise the errors of the database as `StorageError` or `IndexDamagedError`."""
        try:
            yield
        except psycopg.OperationalError as error:
            raise self._unusable(error) from error
        except psycopg.InterfaceError as error:
            raise self._unusable(error) from error
        except (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction) as error:
            raise StorageError(
                f"The database {self.location} refuses: {_first_line(error)}. Give its user the "
                "right, or name another user in ASSISTANT_DATABASE."
            ) from error
        except psycopg.Error as error:
            raise self.damaged(_first_line(error)) from error

    def _unusable(self, error: psycopg.Error) -> StorageError:
        """Return the error of a database that cannot be used now, and what to do."""
        remedies = (
            found for group, found in _REMEDIES.items() if (error.sqlstate or "").startswith(group)
        )
        remedy = next(remedies, "Start it, or correct ASSISTANT_DATABASE.")
        return StorageError(
            f"The database {self.location} cannot be used: {_first_line(error)}. {remedy}"
        )

    def damaged(self, reason: object) -> IndexDamagedError:
        """Return the error for tables that are not as they were written."""
        return IndexDamagedError(
            f"The index in {self.location} is damaged: {reason}. Restore the database from a "
            "backup, or build the index again from the documents with: assistant ingest --rebuild"
        )

    def _opened_pool(self) -> "ConnectionPool[Connection[Any]]":
        with self._opening:
            if self._pool is None:
                self._new_connection().close()  # its error says why, that of a pool only how long
                self._pool = ConnectionPool(
                    self.address,
                    min_size=1,
                    max_size=self._connections,
                    timeout=_CONNECTING_SECONDS,
                    kwargs={"connect_timeout": _CONNECTING_SECONDS},
                    configure=_prepared,
                    check=ConnectionPool.check_connection,
                    open=True,
                )
            return self._pool

    def _new_connection(self) -> Connection[Any]:
        try:
            conninfo_to_dict(self.address)
        except psycopg.Error:  # whose text may have a part of the password
            raise SettingsError(
                "ASSISTANT_DATABASE is not an address such as postgresql://user:password@host/name. "
                "Write signs in the password as %2F, %40 and the like."
            ) from None
        return psycopg.connect(self.address, autocommit=True, connect_timeout=_CONNECTING_SECONDS)

    def _is_behind(self, version: int) -> bool:
        """Return whether migrations are missing. Raise `IndexMismatchError` for a newer version."""
        check_version(version, self._migrations, self._remedy)
        return version < latest_version(self._migrations)

    def _configure(self, connection: Connection[Any]) -> None:
        """Find the tables, and the type of vectors, wherever pgvector was installed."""
        row = connection.execute(
            "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
            " WHERE extname = 'vector'"
        ).fetchone()
        names = [self.schema, *(row or [])]
        path = sql.SQL(", ").join(sql.Identifier(name) for name in names)
        connection.execute(sql.SQL("SET search_path = {}").format(path))
        if row:
            connection.execute(_SETTINGS)
            register_vector(connection)


def _prepared(connection: Connection[Any]) -> None:
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
