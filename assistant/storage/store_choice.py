"""Open the store that the settings choose: a folder, or a PostgreSQL database."""

from assistant.extras import importing
from assistant.protocols import Store
from assistant.settings import Settings
from assistant.storage.embedded_store import EmbeddedStore

_MORE_CONNECTIONS = 8
"""Connections beside those of answers: for documents, lists and checks."""


def open_store(settings: Settings) -> Store:
    """Return the store of the settings. Raise `MissingExtraError` for PostgreSQL without its extra."""
    if settings.database is None:
        return EmbeddedStore(settings.index)
    with importing("postgres"):
        from assistant.storage.postgres.postgres_store import (  # psycopg is an extra
            PostgresStore,
        )

    address = settings.database.get_secret_value()
    return PostgresStore(address, settings.concurrency + _MORE_CONNECTIONS)
