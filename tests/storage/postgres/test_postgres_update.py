from contextlib import nullcontext

import numpy as np
import psycopg
import pytest

from assistant.storage.postgres.postgres_update import remove_unseen_documents
from assistant.storage.schema import vector_id
from assistant.testing import line_chunks
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import STATE, document_at, put, texts_of, write

FOREST = {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."}


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    return PostgresKit(postgres_server.new_database())


def test_sentences_of_a_rebuild_are_not_read_before_it_is_done(kit: PostgresKit) -> None:
    store = kit.open()
    chunk = line_chunks(document_at("a.txt", FOREST["a.txt"]))[0]
    identifier = vector_id(chunk)

    def build(number: int) -> dict[str, bytes]:
        with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
            writer.update.clear()
            put(writer, document_at("a.txt", FOREST["a.txt"]))
            writer.update.put_sentences({identifier: np.full((1, 64), number, np.int8)})
            with store.snapshot() if number > 1 else nullcontext() as snapshot:
                before = snapshot.sentence_vectors([identifier]) if snapshot else {}
            writer.finish(STATE)
        return {key: vectors.tobytes() for key, vectors in before.items()}

    assert build(1) == {}
    assert build(2) == {identifier: bytes([1]) * 64}
    with store.snapshot() as snapshot:
        assert snapshot.sentence_vectors([identifier])[identifier].tobytes() == bytes([2]) * 64
    assert kit.count("sentences") == 1
    store.close()


def test_removing_what_no_state_has_leaves_the_last_state(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
        put(writer, document_at("c.txt", "The moose swims."))
        writer.update.remove("a.txt")  # and not finished
    assert kit.leftovers() == 2
    with psycopg.connect(kit.address) as connection:
        connection.execute("SET search_path = assistant, public")
        remove_unseen_documents(connection, last=1)
    assert kit.leftovers() == 0
    assert texts_of(store) == FOREST
    store.close()
