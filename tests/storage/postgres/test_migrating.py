import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from assistant import IndexMismatchError, StorageError
from assistant.storage.postgres.migrating import (
    check_version,
    latest_version,
    migrate,
    schema_version,
)
from assistant.storage.postgres.postgres_store import MIGRATIONS, PostgresStore
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import texts_of, write
from tests.waiting import errors_at_once

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def test_the_tables_are_made_once_however_many_begin(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()

    def begin() -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            migrate(connection, "assistant", MIGRATIONS, "")

    assert errors_at_once(6, begin) == []
    with psycopg.connect(address) as connection:
        assert schema_version(connection, "assistant") == latest_version(MIGRATIONS)
        assert schema_version(connection, "another") is None


def test_a_migration_that_fails_leaves_nothing(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA assistant")
        connection.execute("CREATE TABLE assistant.stems (other int)")  # somebody else's
        with pytest.raises(psycopg.errors.DuplicateTable):
            migrate(connection, "assistant", MIGRATIONS, "")
        assert schema_version(connection, "assistant") is None
        row = connection.execute("SELECT to_regclass('assistant.documents')").fetchone()
        assert row == (None,)


def test_a_newer_version_is_named_with_the_remedy() -> None:
    newer = latest_version(MIGRATIONS) + 1
    with pytest.raises(IndexMismatchError, match=f"schema version {newer}.*, or begin again"):
        check_version(newer, MIGRATIONS, ", or begin again")
    check_version(latest_version(MIGRATIONS), MIGRATIONS, "")


def test_pgvector_may_be_in_any_schema(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA tools")
        connection.execute("CREATE EXTENSION vector SCHEMA tools")
    store = PostgresStore(address)
    write(store, {"a.txt": "The otter sleeps."})
    assert texts_of(store) == {"a.txt": "The otter sleeps."}
    store.close()


def test_a_user_without_rights_is_told_what_a_superuser_must_run(
    postgres_server: PostgresServer,
) -> None:
    address = postgres_server.new_database()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE guest LOGIN")
    store = PostgresStore(address.replace("postgres:@", "guest:@"))
    with pytest.raises(StorageError, match=r"CREATE EXTENSION vector|right"):
        write(store, {"a.txt": "The otter sleeps."})
    store.close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP ROLE guest")


def test_another_index_is_not_touched_by_one_that_is_set_aside(
    postgres_server: PostgresServer,
) -> None:
    kit = PostgresKit(postgres_server.new_database())
    store = kit.open()
    write(store, {"a.txt": "The otter sleeps."})
    kit.set_schema_version(999)
    with store.exclusively():
        name = store.set_aside_unless_sound()
    assert kit.execute(f"SELECT source FROM {name}.documents") == [("a.txt",)]
    store.close()


def test_a_database_of_another_encoding_is_refused(postgres_server: PostgresServer) -> None:
    address = postgres_server.new_database("ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    store = PostgresStore(address)
    with pytest.raises(StorageError, match=r"LATIN1.*UTF8"):
        write(store, {"a.txt": "The otter sleeps."})
    store.close()


@pytest.fixture
def plain_address(tmp_path: Path) -> Iterator[str]:
    """The address of Debian's PostgreSQL, which has no pgvector."""
    if not DEBIAN:
        pytest.skip("no PostgreSQL of the distribution on this machine")
    user = "postgres"
    folder = Path("/tmp") / f"plain-{tmp_path.name[:40]}"  # a socket's path must be short
    folder.mkdir(mode=0o777)
    shutil.chown(folder, user, user)
    control = [str(DEBIAN[-1] / "pg_ctl"), "-D", str(folder / "data"), "-w", "-s"]
    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    try:
        subprocess.run([*control, "-o", "-A trust", "initdb"], user=user, check=True, cwd="/")
        subprocess.run(
            [*control, "-o", options, "-l", str(folder / "log"), "start"],
            user=user,
            check=True,
            cwd="/",
        )
        yield f"postgresql://{user}@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], user=user, check=False, cwd="/")
        shutil.rmtree(folder, ignore_errors=True)


def test_without_pgvector_the_error_says_how_to_get_it(plain_address: str) -> None:
    store = PostgresStore(plain_address)
    assert store.state() is None
    with pytest.raises(StorageError, match="postgresql-VERSION-pgvector"):
        write(store, {"a.txt": "The otter sleeps."})
    store.close()
