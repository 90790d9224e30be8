import pytest

from assistant.storage.postgres.postgres_store import PostgresStore
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import STATE, document_at, put, write

FOREST = {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."}


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    return PostgresKit(postgres_server.new_database())


def test_an_ingestion_switches_in_one_transaction(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    before = kit.execute("SELECT key, value FROM state ORDER BY key")
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        put(writer, document_at("c.txt", "The moose swims."))
        writer.finish(STATE)
        assert kit.execute("SELECT key, value FROM state ORDER BY key") == before
        assert kit.execute("SELECT max(chunks) FROM stems") == [(2,)]
    assert kit.execute("SELECT max(chunks) FROM stems") == [(3,)]
    store.close()


def test_writing_without_the_lock_is_a_bug(kit: PostgresKit) -> None:
    store = PostgresStore(kit.address)
    with pytest.raises(RuntimeError, match="exclusively"), store.record():
        pass
