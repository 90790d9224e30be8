"""What is known of the corpus and its files, and of the last state of the index, in PostgreSQL."""

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from assistant.types import SeenFile

SAFELY = "SET LOCAL synchronous_commit TO DEFAULT"
"""Let a transaction end when it is on the disk, and with it all that were before it."""


class PostgresRecord:
    """What is known of the corpus and its files, written in the transaction of a connection."""

    def __init__(self, connection: Connection[Any]) -> None:
        self.connection = connection

    def set_files(self, files: Mapping[str, SeenFile]) -> None:
        """Record the size and times of the files, by path, replacing all earlier records."""
        known = set(self.connection.execute("SELECT * FROM files").fetchall())
        wanted = {
            (source, seen.size, seen.modified, seen.changed, seen.sha256)
            for source, seen in files.items()
        }
        self.connection.execute(
            "DELETE FROM files WHERE source = ANY(%s)", ([row[0] for row in known - wanted],)
        )
        with self.connection.cursor().copy("COPY files FROM STDIN") as copy:
            for row in wanted - known:
                copy.write_row(row)

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record model, options and corpus, as a new generation. Keep what is not named."""
        stamped = {
            **state,
            "generation": uuid.uuid4().hex,
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        with self.connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO state VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [(key, str(value)) for key, value in stamped.items()],
            )
