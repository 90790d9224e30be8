from typing import Any

import psycopg
import pytest

from assistant.storage.postgres.postgres_record import PostgresRecord
from assistant.types import SeenFile
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import write

SEEN = SeenFile(10, 1, 2, "abc")


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    found = PostgresKit(postgres_server.new_database())
    store = found.open()
    write(store, {"a.txt": "The otter sleeps."})
    store.close()
    return found


def versions(connection: psycopg.Connection[Any]) -> dict[str, str]:
    """Return the transaction that wrote the record of each file."""
    return dict(connection.execute("SELECT source, xmin::text FROM files").fetchall())


def state(connection: psycopg.Connection[Any]) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM state").fetchall())


def test_only_what_differs_of_the_files_is_written(kit: PostgresKit) -> None:
    with psycopg.connect(kit.address) as connection:
        connection.execute("SET search_path = assistant, public")
        record = PostgresRecord(connection)
        record.set_files({"a.txt": SEEN, "b.txt": SEEN})
        before = versions(connection)
        connection.commit()
        record.set_files({"a.txt": SEEN, "c.txt": SEEN})
        after = versions(connection)
        assert sorted(after) == ["a.txt", "c.txt"]
        assert after["a.txt"] == before["a.txt"]


def test_a_record_of_the_state_is_a_new_generation(kit: PostgresKit) -> None:
    with psycopg.connect(kit.address) as connection:
        connection.execute("SET search_path = assistant, public")
        before = state(connection)
        PostgresRecord(connection).set_state({"corpus": "{}"})
        after = state(connection)
    assert after["corpus"] == "{}"
    assert after["generation"] != before["generation"]
    assert after["chunks"] == before["chunks"]
