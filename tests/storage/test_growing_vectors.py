"""Few changes are kept in the catalog, many go into a copy of the folder; both read the same."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
import pytest

from assistant import VectorsDamagedError
from assistant.storage import growing_vectors
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.schema import vector_id
from assistant.storage.vector_changes import ChangedVectors, VectorChanges
from assistant.storage.vectors import VectorStore
from assistant.testing import WordEncoder
from tests.storage.written import document_at as document
from tests.storage.written import put, write

FIRST = {"a.txt": "The otter sleeps.\nThe heron waits.", "b.txt": "The badger digs.\nThe fox runs."}


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """An index of two documents."""
    store = EmbeddedStore(tmp_path / "index")
    write(store, FIRST)
    return store


def vectors_are_those_of_the_chunks(store: EmbeddedStore) -> bool:
    """Return whether there is exactly one vector of each text, the right one, and all are found."""
    with store.view() as view:
        chunks = view.catalog.chunks(sorted(view.catalog.chunk_ids())).values()
        wanted = {vector_id(chunk): chunk.text for chunk in chunks}
        assert sorted(view.vectors.ids()) == sorted(wanted)
        found = view.vectors.get(list(wanted))
        expected = WordEncoder().encode(list(wanted.values()))
        same = np.allclose(np.stack([found[one] for one in wanted]), expected)
        nearest = [view.nearest(vector, len(wanted)) for vector in expected]
        return bool(same) and all(
            hits[0][0] == one and len(hits) == len(wanted)
            for one, hits in zip(wanted, nearest, strict=True)
        )


def test_a_small_change_leaves_the_folder_as_it_is(store: EmbeddedStore) -> None:
    before = store.state()
    write(store, {"a.txt": "The otter swims.\nThe heron waits.", "c.txt": "The owl calls."})
    write(store, {}, gone=["b.txt"])
    after = store.state()
    assert before is not None
    assert after is not None
    assert (after.vectors, after.seal) == (before.vectors, before.seal)
    assert after.generation != before.generation
    assert vectors_are_those_of_the_chunks(store)
    assert store.vectors_are_whole()


def test_a_vector_that_was_left_out_can_come_back(store: EmbeddedStore) -> None:
    write(store, {}, gone=["b.txt"])
    write(store, {"c.txt": FIRST["b.txt"]})
    assert vectors_are_those_of_the_chunks(store)
    write(store, {}, gone=["c.txt"])
    assert vectors_are_those_of_the_chunks(store)


@pytest.mark.parametrize("most", [0, 1, 3])
def test_many_changes_go_into_a_new_folder(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(growing_vectors, "MOST_CHANGES", most)
    folders = {store.state().vectors}  # type: ignore[union-attr]
    for number in range(4):
        write(store, {"c.txt": f"The owl {number} calls.\nThe heron waits."}, gone=["b.txt"])
        assert vectors_are_those_of_the_chunks(store)
        folders.add(store.state().vectors)  # type: ignore[union-attr]
    assert len(folders) > 1
    store.sweep()
    assert len(list(store.folder.glob("vectors*"))) == 1
    write(store, FIRST)
    assert vectors_are_those_of_the_chunks(store)


def test_a_block_that_raises_leaves_neither_changes_nor_a_folder(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    for most in (1000, 0):
        monkeypatch.setattr(growing_vectors, "MOST_CHANGES", most)
        with suppress(ZeroDivisionError), store.write("words", keeps_vectors=True) as writer:
            put(writer, document("c.txt", "The owl calls."))
            raise ZeroDivisionError
    assert vectors_are_those_of_the_chunks(store)
    assert len(list(store.folder.glob("vectors*"))) == 1


def test_a_view_keeps_its_vectors_beside_a_newer_state_of_the_same_folder(
    store: EmbeddedStore,
) -> None:
    with store.view() as old:
        before = sorted(old.vectors.ids())
        write(store, {"c.txt": "The owl calls."}, gone=["a.txt"])
        with store.view() as new:
            assert len(set(new.vectors.ids()) - set(before)) == 1
        assert sorted(old.vectors.ids()) == before
        assert len(old.nearest(WordEncoder().encode(["The otter sleeps."])[0], 4)) == 4


def test_a_changed_byte_of_an_added_vector_is_damage(store: EmbeddedStore) -> None:
    write(store, {"c.txt": "The owl calls."})
    with closing(sqlite3.connect(store.folder / "catalog.sqlite3")) as connection:
        connection.execute("UPDATE added_vectors SET embedding = zeroblob(length(embedding))")
        connection.commit()
    assert not store.vectors_are_whole()
    with pytest.raises(VectorsDamagedError), EmbeddedStore(store.folder).view():
        pass


def test_an_index_of_an_earlier_version_is_read_and_changed(store: EmbeddedStore) -> None:
    with closing(sqlite3.connect(store.folder / "catalog.sqlite3")) as connection:
        for kind in ("folder", "added", "left_out"):
            connection.execute(f"DROP TABLE {kind}_vectors")
        connection.execute("UPDATE state SET value = '6' WHERE key = 'schema_version'")
        connection.commit()
    assert vectors_are_those_of_the_chunks(store)
    write(store, {"b.txt": "The badger sleeps.\nThe fox runs."})
    assert vectors_are_those_of_the_chunks(store)


def test_as_many_are_found_as_are_asked_for_where_the_nearest_are_left_out(tmp_path: Path) -> None:
    generator = np.random.default_rng(0)
    vectors = generator.standard_normal((60, 8), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = [f"{number}" for number in range(60)]
    store = VectorStore.create(tmp_path / "vectors")
    store.put(ids, vectors)
    order = [ids[place] for place in np.argsort(-(vectors @ vectors[0]))]
    none = np.empty((0, 8), np.float32)
    changed = ChangedVectors(store, VectorChanges((), none, frozenset(order[:40])))
    assert [one for one, _ in changed.nearest(vectors[0], 5)] == order[40:45]
    assert changed.nearest(vectors[0], 0) == []
    store.close()
