from contextlib import nullcontext

import numpy as np
import psycopg
import pytest

from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_writer import PREFIX, next_table
from assistant.storage.schema import vector_id
from assistant.testing import line_chunks
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import STATE, document_at, put, texts_of, write

FOREST = {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."}


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    return PostgresKit(postgres_server.new_database())


def tables(kit: PostgresKit) -> list[str]:
    return [
        name
        for (name,) in kit.execute("SELECT tablename FROM pg_tables ORDER BY 1")
        if name.startswith(PREFIX)
    ]


def count(kit: PostgresKit, table: str) -> int:
    ((found,),) = kit.execute(f"SELECT count(*) FROM {table}")
    return int(found)


def test_vectors_of_no_chunk_are_removed_with_the_next_state(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, {**FOREST, "copy of a.txt": FOREST["a.txt"]})
    assert count(kit, "vectors_1") == 2
    write(store, {}, gone=["a.txt"])
    assert count(kit, "vectors_1") == 2  # the copy has it still
    write(store, {}, gone=["copy of a.txt"])
    assert (count(kit, "vectors_1"), count(kit, "loose_vectors")) == (1, 0)
    store.close()


def test_a_rebuild_begun_with_another_model_is_not_gone_on_with(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    for model, expected in (("words", "vectors_2"), ("words", "vectors_2"), ("other", "vectors_3")):
        with store.exclusively(), store.write(model, keeps_vectors=False) as writer:
            put(writer, document_at("c.txt", "The moose swims."))  # and not finished
        assert tables(kit)[-1] == expected
    assert texts_of(store) == FOREST
    with store.exclusively(), store.write("other", keeps_vectors=False) as writer:
        writer.update.clear()
        put(writer, document_at("c.txt", "The moose swims."))
        writer.finish({**STATE, "embedding_model": "other"})
    assert tables(kit) == ["vectors_3"]
    store.close()


def test_a_view_keeps_its_vectors_while_the_index_is_rebuilt(kit: PostgresKit) -> None:
    store, writing = kit.open(), kit.open()
    write(store, FOREST)
    with store.view() as view:
        with writing.exclusively(), writing.write("words", keeps_vectors=False) as writer:
            writer.update.clear()
            put(writer, document_at("c.txt", "The moose swims."))
            writer.finish(STATE)
        chunks = view.catalog.document_chunks("a.txt")
        assert len(view.vectors_of(chunks)) == 1
        assert tables(kit) == ["vectors_1", "vectors_2"]
    write(writing, {"d.txt": "The fox runs."})
    assert tables(kit) == ["vectors_2"]
    assert texts_of(store) == {"c.txt": "The moose swims.", "d.txt": "The fox runs."}
    store.close()
    writing.close()


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
    assert count(kit, "sentences") == 1
    store.close()


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


def test_tables_are_numbered(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    store.close()
    with psycopg.connect(kit.address) as connection:
        connection.execute("SET search_path = assistant, public")
        assert next_table(connection, "words", "vectors_1") == "vectors_2"
        assert next_table(connection, "words", "") == "vectors_1"
        assert next_table(connection, "other", "vectors_7") == "vectors_8"
