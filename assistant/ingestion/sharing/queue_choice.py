"""Open the queue of documents to read, where the settings name a database."""

from typing import TYPE_CHECKING

from assistant.extras import importing
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing.jobs import queue_name
from assistant.protocols import Encoder
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.ingestion.sharing.job_queue import JobQueue


def open_queue(settings: Settings, encoder: Encoder, options: BuildOptions) -> "JobQueue | None":
    """Return the queue of the workers with these settings; None where the index is in a folder.

    Raise `MissingExtraError` without the extra for PostgreSQL.
    """
    if settings.database is None:
        return None
    with importing("postgres"):
        from assistant.ingestion.sharing.job_queue import (  # procrastinate is an extra
            JobQueue,
        )

    return JobQueue(settings.database.get_secret_value(), queue_name(encoder, options))
