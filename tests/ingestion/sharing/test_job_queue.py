import threading
from dataclasses import replace

import psycopg
import pytest

from assistant import StorageError
from assistant.ingestion.sharing.job_queue import TRIES, JobQueue
from assistant.ingestion.sharing.jobs import DocumentJob
from tests.postgres_server import PostgresServer

JOB = DocumentJob("run", "a.txt", "0" * 64, "print", '{"title": "A\\u0000"}')


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def queue(address: str) -> JobQueue:
    queue = JobQueue(address, "words")
    queue._tables.prepare()
    return queue


def serve(queue: JobQueue, tries: int, failing: int = 0) -> list[tuple[DocumentJob, bool]]:
    """Do jobs until so many were tried, of which the first fail."""
    stop = threading.Event()
    done: list[tuple[DocumentJob, bool]] = []

    def work(job: DocumentJob, is_last_try: bool) -> None:
        done.append((job, is_last_try))
        if len(done) == tries:
            stop.set()
        if len(done) <= failing:
            raise ValueError("poison")

    queue.serve(work, stop)
    return done


def test_jobs_are_done_once_and_leave_nothing(queue: JobQueue) -> None:
    jobs = [JOB, replace(JOB, source="b.txt")]
    queue.add(jobs)
    assert queue.jobs_left("run") == 2
    assert serve(queue, tries=2) == [(job, False) for job in jobs]
    assert queue.jobs_left("run") == 0
    queue.close()


def test_a_job_that_fails_is_tried_again_behind_others(queue: JobQueue) -> None:
    other = replace(JOB, source="b.txt")
    queue.add([JOB, other])
    assert serve(queue, tries=3, failing=1) == [(JOB, False), (other, False), (JOB, False)]
    queue.close()


def test_the_last_try_is_known_as_such(queue: JobQueue) -> None:
    queue.add([JOB])
    tried = serve(queue, tries=TRIES, failing=TRIES)
    assert [is_last for _, is_last in tried] == [False] * (TRIES - 1) + [True]
    assert queue.jobs_left("run") == 0
    queue.close()


def test_the_job_of_a_dead_worker_is_given_back_until_it_was_tried_enough(
    queue: JobQueue, address: str
) -> None:
    queue.add([JOB])

    def die_with_the_job() -> None:
        with psycopg.connect(address) as connection:
            connection.execute(
                "SELECT set_config('search_path', %s, false)", (queue._tables.schema,)
            )
            connection.execute(
                "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat)"
                " VALUES (now() - interval '1 minute') RETURNING id)"
                " UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
            )

    for _ in range(TRIES - 1):
        die_with_the_job()
        assert queue.give_back() == []
        assert queue.jobs_left("run") == 1
    die_with_the_job()
    assert queue.give_back() == [JOB]
    assert queue.jobs_left("run") == 0
    queue.close()


def test_a_database_that_is_not_there_is_an_error_in_words() -> None:
    with pytest.raises(StorageError, match="cannot be used"):
        JobQueue("postgresql://127.0.0.1:1/nothing", "words").workers()
