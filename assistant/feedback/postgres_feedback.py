"""Store readers' feedback in PostgreSQL, in a schema of its own, which ingestion never touches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from assistant.errors import StorageError
from assistant.feedback.store import COLUMNS, GRACE, as_written, feedback_values, to_feedback
from assistant.storage.postgres.database import Database
from assistant.storage.postgres.postgres_rows import restored, storable
from assistant.types import Feedback

SCHEMA = "assistant_service"
MIGRATIONS = "service_migrations"


class PostgresFeedback:
    """The feedback in a database, as `FeedbackStore` keeps it in a file.

    Several servers may write at once. Every method raises `StorageError` for a database that
    cannot be used or whose tables are of a newer version.
    """

    def __init__(self, address: str, keep_days: int | None = None) -> None:
        self._database = Database(address, SCHEMA, MIGRATIONS, ".", connections=4)
        self._keep_days = keep_days

    def put(self, record: Feedback) -> None:
        """Store a record, replacing the record with the same id."""
        values = [
            storable(value) if isinstance(value, str) else value
            for value in feedback_values(record)
        ]
        columns = COLUMNS.split(", ")
        replaced = ", ".join(f"{column} = excluded.{column}" for column in columns)
        with self._transaction() as connection:
            connection.execute(
                f"INSERT INTO feedback ({COLUMNS}) VALUES ({', '.join(['%s'] * len(values))})"
                f" ON CONFLICT (id) DO UPDATE SET {replaced}",
                values,
            )

    def has(self, identifier: str) -> bool:
        """Return whether a record has this id."""
        with self._transaction() as connection:
            row = connection.execute(
                "SELECT EXISTS (SELECT FROM feedback WHERE id = %s)", (storable(identifier),)
            ).fetchone()
        return row is not None and bool(row[0])

    def records(self, since: datetime | None = None) -> list[Feedback]:
        """Return the records since a time, or all of them, oldest first."""
        oldest = max(as_written(since) if since else "", self._oldest())
        with self._transaction() as connection:
            rows = connection.execute(
                f'SELECT {COLUMNS} FROM feedback WHERE time >= %s ORDER BY time, "row"',
                (oldest,),
            ).fetchall()
        try:
            return [
                to_feedback([restored(value) if isinstance(value, str) else value for value in row])
                for row in rows
            ]
        except (ValueError, TypeError, KeyError) as error:
            raise StorageError(
                f"The feedback in {self._database.location} is damaged: a record cannot be read "
                f"({error}). Restore the schema {SCHEMA} from a backup."
            ) from error

    def delete(self, identifiers: Sequence[str]) -> int:
        """Delete the records with these ids, and return their number."""
        with self._transaction() as connection:
            deleted = connection.execute(
                "DELETE FROM feedback WHERE id = ANY(%s)", ([storable(one) for one in identifiers],)
            )
            return int(deleted.rowcount)

    def delete_all(self, before: datetime | None = None) -> int:
        """Delete the records before a time, or all of them, and return their number."""
        with self._transaction() as connection:
            if before is None:
                return int(connection.execute("DELETE FROM feedback").rowcount)
            return _delete_before(connection, before)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """Yield a transaction that also expires records."""
        with self._database.writing() as connection:
            if self._keep_days is not None:
                self._expire(connection)
            yield connection

    def _oldest(self) -> str:
        """Return the time before which records are too old, or an empty text if they are kept."""
        if self._keep_days is None:
            return ""
        return as_written(datetime.now(UTC) - timedelta(self._keep_days))

    def _expire(self, connection: Any) -> None:
        """Note which records are too old since when, and delete those noted a week ago."""
        now = datetime.now(UTC)
        times = {
            "now": as_written(now),
            "oldest": self._oldest(),
            "noted": as_written(now - GRACE),
        }
        for statement in (
            # the clock was set back
            "DELETE FROM expired WHERE since > %(now)s OR id NOT IN"
            " (SELECT id FROM feedback WHERE time < %(oldest)s)",
            "DELETE FROM feedback WHERE id IN (SELECT id FROM expired WHERE since <= %(noted)s)",
            "INSERT INTO expired SELECT id, %(now)s FROM feedback WHERE time < %(oldest)s"
            " ON CONFLICT DO NOTHING",
        ):
            connection.execute(statement, times)


def _delete_before(connection: Any, time: datetime) -> int:
    return int(
        connection.execute("DELETE FROM feedback WHERE time < %s", (as_written(time),)).rowcount
    )
