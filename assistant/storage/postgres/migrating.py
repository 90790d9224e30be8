"""Bring the tables of a schema to the version of this program, by numbered files."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import files
from typing import Any

from psycopg import Connection, OperationalError, errors, sql

from assistant.errors import IndexMismatchError, StorageError

_LOCK = 7_220_001
"""The advisory lock that one program at a time takes for its migrations."""
_OLDEST_PGVECTOR = (0, 8)
"""The first version whose graph is walked on until enough vectors pass a filter."""


def schema_version(connection: Connection[Any], schema: str) -> int | None:
    """Return the version of a schema's tables, or None if there are none."""
    table = f"{schema}.schema_version"
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()
    if not found or not found[0]:
        return None
    name = sql.Identifier(schema, "schema_version")
    row = connection.execute(sql.SQL("SELECT version FROM {}").format(name)).fetchone()
    return int(row[0]) if row else 0


def latest_version(folder: str) -> int:
    """Return the version that the files of a folder lead to."""
    return len(_scripts(folder))


def check_version(version: int, folder: str, remedy: str) -> None:
    """Raise `IndexMismatchError` for tables of a newer program."""
    latest = latest_version(folder)
    if version > latest:
        raise IndexMismatchError(
            f"The tables have schema version {version}; this version of assistant reads {latest}. "
            f"Use the version that wrote them{remedy}"
        )


def migrate(connection: Connection[Any], schema: str, folder: str, remedy: str) -> None:
    """Apply the files that a schema lacks, each in a transaction, one program at a time.

    Raise `IndexMismatchError` for tables of a newer program, and `StorageError` for a server
    without pgvector.
    """
    with migration_lock(connection):
        _check_encoding(connection)
        _add_extension(connection)
        version = schema_version(connection, schema) or 0
        check_version(version, folder, remedy)
        for number, script in enumerate(_scripts(folder)[version:], start=version + 1):
            with connection.transaction():
                _apply(connection, schema, script, number)


@contextmanager
def migration_lock(connection: Connection[Any]) -> Iterator[None]:
    """Let one program at a time change tables. The server frees the lock if the program dies."""
    connection.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        yield
    finally:
        with suppress(OperationalError):  # the server is gone, and the lock with it
            connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


def _apply(connection: Connection[Any], schema: str, script: str, number: int) -> None:
    name = sql.Identifier(schema)
    connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
    connection.execute(sql.SQL("SET LOCAL search_path = {}, public").format(name))
    connection.execute("CREATE TABLE IF NOT EXISTS schema_version (version integer NOT NULL)")
    connection.execute(script)
    connection.execute("DELETE FROM schema_version")
    connection.execute("INSERT INTO schema_version VALUES (%s)", (number,))


@cache
def _scripts(folder: str) -> list[str]:
    """Return the files of a folder in the order of their numbers, which are 1, 2, 3 and so on."""
    found = sorted(
        (int(path.name.partition("_")[0]), path.read_text(encoding="utf-8"))
        for path in files(__package__).joinpath(folder).iterdir()
        if path.name.endswith(".sql")
    )
    assert [number for number, _ in found] == list(range(1, len(found) + 1))
    return [script for _, script in found]


def _check_encoding(connection: Connection[Any]) -> None:
    row = connection.execute("SHOW server_encoding").fetchone()
    if row and row[0] != "UTF8":
        raise StorageError(
            f"The database has the encoding {row[0]}, which cannot hold every text. Make one with: "
            "CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0"
        )


def _add_extension(connection: Connection[Any]) -> None:
    try:
        if _pgvector_version(connection) is None:
            connection.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except (errors.UndefinedFile, errors.FeatureNotSupported) as error:
        raise StorageError(
            "The PostgreSQL server has no pgvector, which searches vectors. Install it there: in "
            "Debian and Ubuntu the package postgresql-VERSION-pgvector, in containers the image "
            "pgvector/pgvector, elsewhere see https://github.com/pgvector/pgvector. Then run the "
            "command again."
        ) from error
    except errors.InsufficientPrivilege as error:
        raise StorageError(
            "This database user may not add pgvector to the database. Let a superuser run there: "
            "CREATE EXTENSION vector; then run the command again."
        ) from error
    version = _pgvector_version(connection)
    if version is not None and version < _OLDEST_PGVECTOR:
        found, needed = (".".join(map(str, some)) for some in (version, _OLDEST_PGVECTOR))
        raise StorageError(
            f"The database has pgvector {found}; at least {needed} is needed. Install it on the "
            "server, run ALTER EXTENSION vector UPDATE; in the database, then run the command again."
        )


def _pgvector_version(connection: Connection[Any]) -> tuple[int, ...] | None:
    row = connection.execute(
        "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    ).fetchone()
    return tuple(int(part) for part in row[0].split(".")[:2]) if row else None
