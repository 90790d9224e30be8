"""The tables of the queue of jobs, and who works on it, in a schema of their own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, sql

from assistant.storage.postgres.database import Database
from assistant.storage.postgres.migrating import migration_lock


class JobTables:
    """The tables of one version of the queue's library, made by the ``script`` that it brings.

    The schema is named for that version. Programs of another version have tables of their own, and
    do not count each other's workers. Nothing in these tables outlives an ingestion.
    """

    def __init__(self, database: Database, schema: str, script: str) -> None:
        self.schema = schema
        self._database, self._script = database, script

    def prepare(self) -> None:
        """Make the tables, one program at a time."""
        with self._database.connect() as connection, migration_lock(connection):
            if self._exist(connection):
                return
            with connection.transaction():
                name = sql.Identifier(self.schema)
                connection.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(name))
                connection.execute(sql.SQL("SET LOCAL search_path = {}").format(name))
                connection.execute(self._script)

    @contextmanager
    def announced(self, queue: str) -> Iterator[Connection[Any]]:
        """Be counted as a worker of a queue while the connection is open."""
        with self._database.connect() as connection:
            connection.execute("SELECT set_config('application_name', %s, false)", (_name(queue),))
            yield connection

    def workers(self, queue: str) -> int:
        """Count the workers of a queue that are connected now."""
        with self._database.connect() as connection:
            if not self._exist(connection):
                return 0
            row = connection.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                (_name(queue),),
            ).fetchone()
            return int(row[0]) if row else 0

    def jobs_left(self, queue: str, run: str) -> int:
        """Count the jobs of a run that wait or are worked on."""
        table = sql.Identifier(self.schema, "procrastinate_jobs")
        with self._database.connect() as connection:
            row = connection.execute(
                sql.SQL(
                    "SELECT count(*) FROM {} WHERE queue_name = %s AND args ->> 'run' = %s"
                    " AND status IN ('todo', 'doing')"
                ).format(table),
                (queue, run),
            ).fetchone()
            return int(row[0]) if row else 0

    def _exist(self, connection: Connection[Any]) -> bool:
        name = f"{self.schema}.procrastinate_jobs"
        row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (name,)).fetchone()
        return row is not None and bool(row[0])


def _name(queue: str) -> str:
    """Return the name of a worker's connection, at most 63 bytes."""
    return f"assistant worker {queue}"
