"""Count the requests of each client in PostgreSQL, for all servers together."""

import hashlib
import math
from typing import Any

from limits import parse

from assistant.feedback.postgres_feedback import MIGRATIONS, SCHEMA
from assistant.storage.postgres.database import Database

_EXPIRED_AT_ONCE = 100


class SharedRate:
    """A limit for each client, such as ``120/minute``, that several servers count together.

    ``name`` says what is counted. A client is stored as a hash, until the period has passed.
    """

    def __init__(self, address: str, name: str, limit: str) -> None:
        self.limit = limit
        item = parse(limit)
        self._amount, self._seconds = item.amount, item.get_expiry()
        self._name = name
        self._database = Database(address, SCHEMA, MIGRATIONS, ".", connections=4)

    def take(self, client: str) -> int:
        """Count a request of a client. Return the seconds to wait if it exceeds the limit, else 0.

        This waits for the database. Raise `StorageError` if it cannot be used.
        """
        values = {
            "counted": self._name,
            "client": hashlib.sha256(f"{self._name} {client}".encode()).digest(),
            "seconds": float(self._seconds),
            "amount": self._amount,
        }
        with self._database.writing() as connection:
            connection.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%(counted)s || %(client)s::text, 0))",
                values,
            )
            wait = self._seconds_to_wait(connection, values)
            if not wait:
                connection.execute(
                    "INSERT INTO requests (counted, client, expires) VALUES (%(counted)s,"
                    " %(client)s, clock_timestamp() + make_interval(secs => %(seconds)s))",
                    values,
                )
        return wait

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def _seconds_to_wait(self, connection: Any, values: dict[str, Any]) -> int:
        """Return when the oldest of the requests that fill the period leaves it."""
        connection.execute(
            "DELETE FROM requests WHERE ctid IN (SELECT ctid FROM requests"
            " WHERE expires <= clock_timestamp() LIMIT %(most)s FOR UPDATE SKIP LOCKED)",
            {"most": _EXPIRED_AT_ONCE},
        )
        row = connection.execute(
            "SELECT extract(epoch FROM expires - clock_timestamp()) FROM requests"
            " WHERE counted = %(counted)s AND client = %(client)s AND expires > clock_timestamp()"
            " ORDER BY time DESC OFFSET %(amount)s - 1 LIMIT 1",
            values,
        ).fetchone()
        return max(1, math.ceil(row[0])) if row else 0
