"""The sessions that were signed out before their time, in PostgreSQL, for all servers together."""

import logging
import threading
import time

from assistant.errors import StorageError
from assistant.feedback.postgres_feedback import MIGRATIONS, SCHEMA
from assistant.storage.postgres.database import Database

_LOOKS_EVERY = 1.0
"""Seconds until what other servers have signed out is known here."""


class SharedEndedSessions:
    """Sessions of the form ``until.id``, which several servers end together. Thread-safe.

    While the database is away, those that were known stay known. It has all documents, so that a
    session that was not known shows none of them.
    """

    def __init__(self, address: str) -> None:
        self._database = Database(address, SCHEMA, MIGRATIONS, ".", connections=2)
        self._lock = threading.Lock()
        self._sessions: set[str] = set()
        self._looked: float | None = None

    def __contains__(self, session: str) -> bool:
        with self._lock:
            if self._looked is None or time.monotonic() - self._looked > _LOOKS_EVERY:
                self._look()
            return session in self._sessions

    def add(self, session: str) -> None:
        """End a session, and forget those that have expired. Raise `StorageError`."""
        with self._lock:
            self._sessions.add(session)
            with self._database.writing() as connection:
                connection.execute("DELETE FROM ended_sessions WHERE until < now()")
                connection.execute(
                    "INSERT INTO ended_sessions VALUES (%s, to_timestamp(%s))"
                    " ON CONFLICT DO NOTHING",
                    (session, int(session.partition(".")[0])),
                )

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _look(self) -> None:
        self._looked = time.monotonic()
        try:
            with self._database.writing() as connection:
                rows = connection.execute("SELECT session FROM ended_sessions").fetchall()
        except StorageError as error:
            logging.getLogger(__name__).warning("Sign-outs elsewhere are not known. %s", error)
            return
        self._sessions.update(row[0] for row in rows)
