"""The key that all servers over one database sign with."""

import secrets

from assistant.feedback.postgres_feedback import MIGRATIONS, SCHEMA
from assistant.storage.postgres.database import Database

_CONVERSATIONS = "conversations"


def shared_key(address: str, first: bytes | None, size: int) -> bytes:
    """Return the key in a database, and create it if missing, from ``first`` if that is given.

    Raise `StorageError` for a database that cannot be used.
    """
    database = Database(address, SCHEMA, MIGRATIONS, ".", connections=1)
    try:
        with database.writing() as connection:
            connection.execute(
                "INSERT INTO keys VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (_CONVERSATIONS, first or secrets.token_bytes(size)),
            )
            row = connection.execute(
                "SELECT key FROM keys WHERE name = %s", (_CONVERSATIONS,)
            ).fetchone()
    finally:
        database.close()
    assert row is not None
    return bytes(row[0])
