"""Count the questions in flight in PostgreSQL, for all servers together."""

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from assistant.errors import StorageError
from assistant.feedback.postgres_feedback import MIGRATIONS, SCHEMA
from assistant.storage.postgres.database import Database

_LOCK = 7_220_003
_SEEN_EVERY = 5.0
_DEAD_AFTER = 20.0
"""Seconds after which the places of a server that is not seen are free."""


class SharedPlaces:
    """A limit on the questions in flight, which several servers count together. Thread-safe.

    Each server records its own number, so that a lost change is made good by the next one, and a
    server that dies frees its places.
    """

    def __init__(self, address: str, most: int) -> None:
        self._most = most
        self._server = uuid.uuid4()
        self._questions = 0
        self._counting = threading.Lock()
        self._database = Database(address, SCHEMA, MIGRATIONS, ".", connections=4)
        self._closed = threading.Event()
        self._showing: threading.Thread | None = None

    def take(self) -> bool:
        """Count one more question, and return whether there was a place for it.

        This waits for the database. Raise `StorageError` if it cannot be used.
        """
        is_taken = False
        try:
            with self._alone() as connection:
                row = connection.execute(
                    "SELECT coalesce(sum(questions), 0) FROM in_flight WHERE server <> %s"
                    " AND seen > clock_timestamp() - make_interval(secs => %s)",
                    (self._server, _DEAD_AFTER),
                ).fetchone()
                others = int(row[0]) if row else self._most
                with self._counting:
                    is_taken = others + self._questions < self._most
                    self._questions += is_taken
                self._record(connection)
        except BaseException:
            if is_taken:
                self.give_back()
            raise
        self._show()
        return is_taken

    def give_back(self) -> None:
        """Count one question less. If the database cannot be used, it learns of it later."""
        with self._counting:
            self._questions -= 1
        if not self._closed.is_set():
            self._write()

    def close(self) -> None:
        """Free the places of this server, and close the connections."""
        self._closed.set()
        if self._showing is not None:
            self._showing.join()
            self._questions = 0
            self._write()
        self._database.close()

    def _show(self) -> None:
        """Begin to show that this server lives."""
        with self._counting:
            if self._showing is None:
                self._showing = threading.Thread(target=self._be_seen, daemon=True)
                self._showing.start()

    def _be_seen(self) -> None:
        while not self._closed.wait(_SEEN_EVERY):
            self._write()

    def _write(self) -> None:
        try:
            with self._alone() as connection:
                self._record(connection)
        except StorageError as error:
            logging.getLogger(__name__).warning("Questions in flight were not counted. %s", error)

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """Yield a connection in a transaction in which no other question is counted."""
        with self._database.writing() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield connection

    def _record(self, connection: Any) -> None:
        """Record the number of this server's questions."""
        with self._counting:
            questions = self._questions
        connection.execute(
            "INSERT INTO in_flight VALUES (%s, %s, clock_timestamp()) ON CONFLICT (server)"
            " DO UPDATE SET questions = excluded.questions, seen = excluded.seen",
            (self._server, questions),
        )
        connection.execute(
            "DELETE FROM in_flight WHERE seen < clock_timestamp() - interval '1 hour'"
        )
