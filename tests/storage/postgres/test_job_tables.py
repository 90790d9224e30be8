import psycopg

from assistant.storage.postgres.database import Database
from assistant.storage.postgres.job_tables import JobTables
from tests.postgres_server import PostgresServer
from tests.waiting import errors_at_once, wait_for

SCRIPT = """
CREATE TABLE procrastinate_jobs (queue_name text, status text, args jsonb);
CREATE FUNCTION percent() RETURNS text LANGUAGE sql AS $$ SELECT '100%' $$;
"""


def tables(address: str) -> JobTables:
    return JobTables(Database(address, "assistant", "index_migrations"), "jobs_1", SCRIPT)


def test_programs_that_start_together_make_the_tables_once(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    assert errors_at_once(5, lambda: tables(address).prepare()) == []
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT jobs_1.percent()").fetchone() == ("100%",)


def test_a_worker_is_counted_while_it_is_connected(postgres_server: PostgresServer) -> None:
    some = tables(postgres_server.new_database())
    assert some.workers("words") == 0  # without tables
    some.prepare()
    with some.announced("words"):
        assert some.workers("words") == 1
        assert some.workers("other") == 0
    wait_for(lambda: some.workers("words") == 0)  # until the server has noticed


def test_the_jobs_of_a_run_are_counted(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    some = tables(address)
    some.prepare()
    with psycopg.connect(address) as connection:
        for status in ("todo", "doing", "failed"):
            connection.execute(
                "INSERT INTO jobs_1.procrastinate_jobs VALUES ('words', %s, '{\"run\": \"7\"}')",
                (status,),
            )
    assert some.jobs_left("words", "7") == 2
    assert some.jobs_left("words", "8") == some.jobs_left("other", "7") == 0
