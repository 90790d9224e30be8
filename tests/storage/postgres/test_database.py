import time
from collections.abc import Iterator

import pytest

from assistant import SettingsError, StorageError
from assistant.storage.postgres.database import Database
from assistant.storage.postgres.postgres_store import PostgresStore
from tests.postgres_server import PostgresServer, running
from tests.storage.written import texts_of, write

FOREST = {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (
            "postgresql://ann:secret@db.example.org:5433/books?sslmode=require",
            "postgresql://ann@db.example.org:5433/books",
        ),
        ("postgresql:///books?host=/tmp&password=secret", "postgresql:///tmp/books"),
        ("postgresql://[broken", "postgresql://"),
        ("postgresql://ann:sec/ret@db.example.org/books", "postgresql://"),
        ("postgresql://ann:1/secret@db.example.org/books", "postgresql://"),
    ],
)
def test_an_address_is_shown_without_its_password(address: str, shown: str) -> None:
    assert Database(address, "assistant", "index_migrations").location == shown


def test_a_server_that_does_not_answer_is_an_error_without_the_password() -> None:
    store = PostgresStore("postgresql://ann:secret@127.0.0.1:1/books")
    with pytest.raises(StorageError, match=r"cannot be used.*ASSISTANT_DATABASE") as refused:
        store.state()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ann:sec%zzret@h/books",
        "postgresql://ann:sec ret@h/books",
        "postgresql://h/b?c=d",
    ],
)
def test_an_address_that_is_none_is_an_error_without_the_password(address: str) -> None:
    with pytest.raises(SettingsError, match="ASSISTANT_DATABASE is not an address") as refused:
        PostgresStore(address).state()
    assert "sec" not in str(refused.value)


def test_an_error_names_the_remedy_for_its_kind(postgres_server: PostgresServer) -> None:
    database = Database(postgres_server.new_database(), "assistant", "index_migrations")
    for statement, remedy in (
        ("SET statement_timeout = 10; SELECT pg_sleep(5)", "let statements take longer"),
        ("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", "more room"),
        ("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", "Run the command again"),
    ):
        with pytest.raises(StorageError, match=remedy), database.connect() as connection:
            connection.execute(statement)


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A server that no other test uses."""
    with running() as server:
        yield server


def test_a_killed_database_loses_nothing(own_server: PostgresServer) -> None:
    store = PostgresStore(own_server.new_database())
    write(store, FOREST)
    assert texts_of(store) == FOREST
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        writer.update.remove("a.txt")
        own_server.kill()
        with pytest.raises(StorageError):
            store.state()
        own_server.start()
        assert _after_recovery(store) == FOREST  # the same store, whose connections were broken
        with pytest.raises(Exception, match=r"closed|terminat|lost"):
            writer.update.remove("b.txt")  # it lost the lock, so it writes no more
    assert texts_of(store) == FOREST
    write(store, {"c.txt": "The moose swims."})
    assert texts_of(store) == {**FOREST, "c.txt": "The moose swims."}
    store.close()


def _after_recovery(store: PostgresStore) -> dict[str, str]:
    for _ in range(100):
        try:
            return texts_of(store)
        except StorageError:
            time.sleep(0.1)
    return texts_of(store)
