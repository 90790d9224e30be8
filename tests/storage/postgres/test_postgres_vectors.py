import psycopg
import pytest

from assistant.storage.postgres.postgres_vectors import next_table
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import STATE, document_at, put, texts_of, write

FOREST = {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."}


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    return PostgresKit(postgres_server.new_database())


def test_vectors_of_no_chunk_are_removed_with_the_next_state(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, {**FOREST, "copy of a.txt": FOREST["a.txt"]})
    assert kit.count("vectors_1") == 2
    write(store, {}, gone=["a.txt"])
    assert kit.count("vectors_1") == 2  # the copy has it still
    write(store, {}, gone=["copy of a.txt"])
    assert (kit.count("vectors_1"), kit.count("loose_vectors")) == (1, 0)
    store.close()


def test_a_rebuild_begun_with_another_model_is_not_gone_on_with(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    for model, expected in (("words", "vectors_2"), ("words", "vectors_2"), ("other", "vectors_3")):
        with store.exclusively(), store.write(model, keeps_vectors=False) as writer:
            put(writer, document_at("c.txt", "The moose swims."))  # and not finished
        assert kit.tables()[-1] == expected
    assert texts_of(store) == FOREST
    with store.exclusively(), store.write("other", keeps_vectors=False) as writer:
        writer.update.clear()
        put(writer, document_at("c.txt", "The moose swims."))
        writer.finish({**STATE, "embedding_model": "other"})
    assert kit.tables() == ["vectors_3"]
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
        assert kit.tables() == ["vectors_1", "vectors_2"]
    write(writing, {"d.txt": "The fox runs."})
    assert kit.tables() == ["vectors_2"]
    assert texts_of(store) == {"c.txt": "The moose swims.", "d.txt": "The fox runs."}
    store.close()
    writing.close()


def test_tables_are_numbered(kit: PostgresKit) -> None:
    store = kit.open()
    write(store, FOREST)
    store.close()
    with psycopg.connect(kit.address) as connection:
        connection.execute("SET search_path = assistant, public")
        assert next_table(connection, "words", "vectors_1") == "vectors_2"
        assert next_table(connection, "words", "") == "vectors_1"
        assert next_table(connection, "other", "vectors_7") == "vectors_8"
