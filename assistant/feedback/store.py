"""Store readers' feedback in an SQLite file of its own, which ingestion never touches.

Several processes may write at once. Deleted records are overwritten in the file, not just unlinked.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import StorageError
from assistant.types import Citation, Feedback, Status

SCHEMA_VERSION = 1
FILE = "feedback.sqlite3"
_BUSY_SECONDS = 30
GRACE = timedelta(days=7)
"""How long records that are too old are hidden before they are deleted: a clock that jumped ahead
is set right again within it."""

_SCHEMA = f"""
CREATE TABLE feedback (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, time TEXT NOT NULL,
    question TEXT NOT NULL, standalone_question TEXT NOT NULL, helpful INTEGER,
    comment TEXT NOT NULL, status TEXT NOT NULL, answer TEXT NOT NULL,
    citations TEXT NOT NULL, unchecked TEXT NOT NULL, engine TEXT NOT NULL,
    within TEXT NOT NULL
);
CREATE INDEX feedback_time ON feedback (time);
PRAGMA user_version = {SCHEMA_VERSION};
"""
_EXPIRED = "CREATE TABLE IF NOT EXISTS expired (id TEXT PRIMARY KEY, since TEXT NOT NULL)"
COLUMNS = (
    "id, time, question, standalone_question, helpful, comment, status, answer, citations,"
    " unchecked, engine, within"
)
_SELECT = f"SELECT {COLUMNS} FROM feedback WHERE time >= ? ORDER BY time, row"


class FeedbackStore:
    """The feedback in one file. Each call opens a connection of its own.

    Records older than ``keep_days`` are hidden, and deleted a week later, whenever the file is read
    or written. With None, they stay until someone deletes them. Every method raises `StorageError` for a file that is
    damaged, has a newer version or is not a feedback file, and never changes such a file.
    """

    def __init__(self, path: Path, keep_days: int | None = None) -> None:
        self.path = path
        self._keep_days = keep_days

    def put(self, record: Feedback) -> None:
        """Store a record, replacing the record with the same id."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM feedback WHERE id = ?", (record.id,))
            connection.execute(
                "INSERT INTO feedback VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                feedback_values(record),
            )

    def has(self, identifier: str) -> bool:
        """Return whether a record has this id."""
        if not self.path.exists():
            return False
        with self._transaction(writing=False) as connection:
            query = "SELECT 1 FROM feedback WHERE id = ?"
            return connection.execute(query, (identifier,)).fetchone() is not None

    def records(self, since: datetime | None = None) -> list[Feedback]:
        """Return the records since a time, or all of them, oldest first."""
        if not self.path.exists():
            return []
        oldest = max(as_written(since) if since else "", self._oldest(_now()))
        with self._transaction(writing=self._keep_days is not None) as connection:
            rows = connection.execute(_SELECT, (oldest,)).fetchall()
        try:
            return [to_feedback(row) for row in rows]
        except (ValueError, TypeError, KeyError) as error:
            raise self._damaged(f"a record cannot be read ({error})") from error

    def delete(self, identifiers: Sequence[str]) -> int:
        """Delete the records with these ids, and return their number."""
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            return sum(
                connection.execute("DELETE FROM feedback WHERE id = ?", (identifier,)).rowcount
                for identifier in identifiers
            )

    def delete_all(self, before: datetime | None = None) -> int:
        """Delete the records before a time, or all of them, and return their number."""
        if not self.path.exists():
            return 0
        with self._transaction() as connection:
            if before is None:
                return connection.execute("DELETE FROM feedback").rowcount
            return _delete_before(connection, before)

    def close(self) -> None:
        """Do nothing: no connection is kept."""

    @contextmanager
    def _transaction(self, *, writing: bool = True) -> Iterator[sqlite3.Connection]:
        """Yield a transaction on the file. A writing transaction also deletes expired records."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(
                sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            ) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE" if writing else "BEGIN")
                self._prepare(connection)
                if writing and self._keep_days is not None:
                    self._expire(connection)
                yield connection
                connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            raise self._unusable(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise self._damaged(str(error)) from error
        except OSError as error:
            raise self._unusable(str(error.strerror)) from error

    def _oldest(self, now: datetime) -> str:
        """Return the time before which records are too old, or an empty text if they are kept."""
        if self._keep_days is None:
            return ""
        return as_written(now - timedelta(self._keep_days))

    def _expire(self, connection: sqlite3.Connection) -> None:
        """Note which records are too old since when, and delete those noted a week ago."""
        now = _now()
        times = {
            "now": as_written(now),
            "oldest": self._oldest(now),
            "noted": as_written(now - GRACE),
        }
        connection.execute(_EXPIRED)
        for statement in (
            # the clock was set back
            "DELETE FROM expired WHERE since > :now OR id NOT IN"
            " (SELECT id FROM feedback WHERE time < :oldest)",
            "DELETE FROM feedback WHERE id IN (SELECT id FROM expired WHERE since <= :noted)",
            "INSERT OR IGNORE INTO expired SELECT id, :now FROM feedback WHERE time < :oldest",
        ):
            connection.execute(statement, times)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        if version > SCHEMA_VERSION:
            raise StorageError(
                f"The feedback file {self.path} has schema version {version}; this version of "
                f"assistant reads {SCHEMA_VERSION}. Use the version that wrote it, or name another "
                "file with ASSISTANT_FEEDBACK_FILE."
            )
        if version == 0 and not tables:
            for statement in _SCHEMA.split(";"):  # executescript would commit
                connection.execute(statement)
        elif "feedback" not in tables:
            raise StorageError(
                f"{self.path} is a database, but not a feedback file. "
                "Name another file with ASSISTANT_FEEDBACK_FILE."
            )

    def _unusable(self, reason: str) -> StorageError:
        return StorageError(
            f"The feedback file {self.path} cannot be used: {reason}. Make it writable, or name "
            "another file with ASSISTANT_FEEDBACK_FILE."
        )

    def _damaged(self, reason: str) -> StorageError:
        return StorageError(
            f"The feedback file {self.path} is damaged: {reason}. It was not changed. Restore it "
            "from a backup, or move it away to start a new file."
        )


def _now() -> datetime:
    return datetime.now(UTC)


def as_written(time: datetime) -> str:
    """Return a time in the format of the records: UTC, to the second.

    A time without a zone counts as UTC.
    """
    zoned = time if time.tzinfo else time.replace(tzinfo=UTC)
    return zoned.astimezone(UTC).isoformat(timespec="seconds")


def _delete_before(connection: sqlite3.Connection, time: datetime) -> int:
    return connection.execute("DELETE FROM feedback WHERE time < ?", (as_written(time),)).rowcount


def feedback_values(record: Feedback) -> tuple[Any, ...]:
    """Return the columns of a record."""
    return (
        record.id,
        record.time,
        record.question,
        record.standalone_question,
        record.helpful,
        record.comment,
        record.status.value,
        record.answer,
        json.dumps([asdict(citation) for citation in record.citations]),
        json.dumps(record.unchecked),
        record.engine,
        record.within,
    )


def to_feedback(row: Sequence[object]) -> Feedback:
    """Return the record of these columns. Raise `ValueError`, `TypeError` or `KeyError`."""
    (identifier, time, question, standalone, helpful, comment, status, answer, *rest) = row
    citations, unchecked, engine, within = (str(value) for value in rest)
    return Feedback(
        id=str(identifier),
        time=str(time),
        question=str(question),
        standalone_question=str(standalone),
        helpful=None if helpful is None else bool(helpful),
        comment=str(comment),
        status=Status(str(status)),
        answer=str(answer),
        citations=tuple(Citation(**citation) for citation in json.loads(citations)),
        unchecked=tuple(json.loads(unchecked)),
        engine=engine,
        within=within,
    )
