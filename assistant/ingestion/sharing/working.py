"""Work as a worker: read documents for ingestions that run elsewhere, until stopped."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from assistant.errors import StorageError
from assistant.ingestion.loading import Loader
from assistant.ingestion.planning import BuildOptions
from assistant.ingestion.sharing.document_reader import DocumentReader
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.protocols import Encoder, SharedStore
from assistant.types import ReadingOutcome

_log = logging.getLogger(__name__)

_WAITS = 2.0
"""Seconds until a worker looks again for a database that it lost."""

Notify = Callable[[ReadingOutcome | StorageError], None]


class ServedQueue(Protocol):
    """Where a worker gets its jobs."""

    def serve(self, work: Callable[[DocumentJob, bool], None], stop: threading.Event) -> None:
        """Do jobs until ``stop`` is set. Raise `StorageError` if the database is lost."""
        ...


def work(
    queue: ServedQueue,
    store: SharedStore,
    corpus: Path,
    encoder: Encoder,
    options: BuildOptions,
    stop: threading.Event,
    notify: Notify,
) -> None:
    """Read documents until ``stop`` is set, and call ``notify`` with what became of each.

    While the database cannot be reached, say so once, and wait for it.
    """
    encoder.encode(["text"])  # a model that is missing is missed before any document
    with Loader(options.reading_limits) as loader:
        reader = DocumentReader(corpus, store, encoder, options, loader)

        def do(job: DocumentJob, is_last_try: bool) -> None:
            if outcome := reader.read(job, is_last_try=is_last_try):
                notify(outcome)

        lost = ""
        while not stop.is_set():
            try:
                queue.serve(do, stop)
            except StorageError as error:
                if type(error) is not StorageError:  # it does not pass by waiting
                    raise
                if str(error) != lost:
                    notify(error)
                lost = str(error)
                stop.wait(_WAITS)
