"""The queue of documents to read, in the index's database; the only importer of procrastinate.

A job that fails is tried again, and so is the job of a worker that has died. After the last try it
is given up, so that no document holds up the others.
"""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy, SyncPsycopgConnector, sql
from procrastinate.exceptions import ConnectorException
from procrastinate.schema import SchemaManager

from assistant.errors import StorageError
from assistant.ingestion.sharing.jobs import DocumentJob
from assistant.storage.postgres.database import Database
from assistant.storage.postgres.job_tables import JobTables
from assistant.storage.postgres.postgres_store import MIGRATIONS, SCHEMA

TRIES = 3
_TASK = "read a document"
_WAITS = 2
"""Seconds until a job that failed is tried again."""
_HEARTBEAT = 3.0
_DEAD_AFTER = 12.0
"""Seconds without a heartbeat after which the job of a worker is given to another."""
_LOOKS = 0.2
_SCHEMA = "assistant_jobs_" + procrastinate.__version__.replace(".", "_")

Work = Callable[[DocumentJob, bool], None]
"""Do a job; the second argument says whether this is its last try."""


class JobQueue:
    """The jobs of one queue, given by an ingestion and done by workers. Close it at the end."""

    def __init__(self, address: str, name: str) -> None:
        self.name = name
        self._database = Database(address, SCHEMA, MIGRATIONS)
        self._tables = JobTables(self._database, _SCHEMA, SchemaManager.get_schema())
        self._connector: SyncPsycopgConnector | None = None

    def add(self, jobs: Sequence[DocumentJob]) -> None:
        """Ask for documents to be read."""
        with self._translated():
            app = procrastinate.App(connector=self._opened())
            app.configure_task(_TASK, queue=self.name).batch_defer(*map(asdict, jobs))

    def workers(self) -> int:
        """Count the workers that are there now."""
        return self._tables.workers(self.name)

    def jobs_left(self, run: str) -> int:
        """Count the jobs of a run that wait or are worked on."""
        return self._tables.jobs_left(self.name, run)

    def give_back(self) -> list[DocumentJob]:
        """Let other workers do the jobs of those that died. Return the jobs that were tried enough."""
        given_up = []
        with self._translated():
            connector = self._opened()
            stalled = connector.execute_query_all(
                sql.queries["select_stalled_jobs_by_heartbeat"],
                queue=self.name,
                task_name=_TASK,
                seconds_since_heartbeat=_DEAD_AFTER,
            )
            for job in stalled:
                if job["attempts"] + 1 < TRIES:
                    procrastinate.App(connector=connector).job_manager.retry_job_by_id(
                        job["id"], retry_at=datetime.now(UTC)
                    )
                    continue
                given_up.append(DocumentJob(**job["args"]))
                connector.execute_query(
                    sql.queries["finish_job"], job_id=job["id"], status="failed", delete_job=True
                )
        return given_up

    def close(self) -> None:
        """Close the connections of the ingestion."""
        if self._connector is not None:
            self._connector.close()
            self._connector = None

    def serve(self, work: Work, stop: threading.Event) -> None:
        """Do jobs until ``stop`` is set, and the current one to its end.

        Raise `StorageError` if the connection to the database is lost.
        """
        self._tables.prepare()
        with self._translated(), self._tables.announced(self.name) as announced:
            # one thread for the event loop, since the caller's may have one, and one for the work
            with ThreadPoolExecutor(2) as threads:
                serving = self._serve(work, stop, threads, lambda: announced.execute("SELECT 1"))
                threads.submit(asyncio.run, serving).result()
        if not stop.is_set():
            raise StorageError(f"The connection to {self._database.location} was lost.")

    async def _serve(
        self,
        work: Work,
        stop: threading.Event,
        threads: ThreadPoolExecutor,
        look: Callable[[], object],
    ) -> None:
        app = procrastinate.App(connector=self._async_connector())

        async def read(context: procrastinate.JobContext, /, **values: Any) -> None:
            job = DocumentJob(**values)
            is_last = context.job.attempts + 1 >= TRIES
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(threads, work, job, is_last)

        app.task(
            name=_TASK,
            queue=self.name,
            pass_context=True,
            retry=RetryStrategy(max_attempts=TRIES - 1, wait=_WAITS),
        )(read)
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    queues=[self.name],
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=1.0,
                    update_heartbeat_interval=_HEARTBEAT,
                    stalled_worker_timeout=_DEAD_AFTER,
                )
            )
            try:
                await _until(stop, working, look)
            finally:
                working.cancel()
                with suppress(asyncio.CancelledError):
                    await working

    def _opened(self) -> SyncPsycopgConnector:
        if self._connector is None:
            self._connector = SyncPsycopgConnector(
                conninfo=self._database.address,
                min_size=1,
                max_size=1,
                configure=_finding_tables,
            )
            self._connector.open()
        return self._connector

    def _async_connector(self) -> PsycopgConnector:
        return PsycopgConnector(
            conninfo=self._database.address,
            min_size=1,
            max_size=4,
            timeout=5.0,
            configure=_finding_tables_soon,
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Raise the errors of the database as `StorageError`."""
        try:
            with self._database.translated():
                yield
        except ConnectorException as error:
            raise StorageError(
                f"The queue in {self._database.location} cannot be used: "
                f"{error.__cause__ or error}."
            ) from error


async def _until(
    stop: threading.Event, working: asyncio.Task[None], look: Callable[[], object]
) -> None:
    """Wait until ``stop`` is set or the work has ended, and look whether it is still counted."""
    looked = time.monotonic()
    while not stop.is_set() and not working.done():
        await asyncio.sleep(_LOOKS)
        if time.monotonic() - looked >= _HEARTBEAT:
            await asyncio.to_thread(look)
            looked = time.monotonic()


def _finding_tables(connection: Any) -> None:
    connection.execute(f"SET search_path = {_SCHEMA}")
    connection.commit()


async def _finding_tables_soon(connection: Any) -> None:
    await connection.execute(f"SET search_path = {_SCHEMA}")
    await connection.commit()
