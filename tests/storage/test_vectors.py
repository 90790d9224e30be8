import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from assistant import VectorsDamagedError
from assistant.storage.vectors import VectorStore, is_whole, new_vectors

EYE = np.eye(3, dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore.create(tmp_path / "vectors")
    yield store
    store.close()


def test_the_nearest_come_first_with_their_cosine(store: VectorStore) -> None:
    store.put(["x", "y", "z"], EYE)
    query = np.array([0.8, 0.6, 0.0], dtype=np.float32)
    found = store.nearest(query, 2)
    assert [identifier for identifier, _ in found] == ["x", "y"]
    assert [score for _, score in found] == pytest.approx([0.8, 0.6], abs=1e-6)


def test_fewer_vectors_than_asked_for_are_all_given(store: VectorStore) -> None:
    assert store.nearest(EYE[0], 5) == []
    store.put(["x"], EYE[:1])
    assert [identifier for identifier, _ in store.nearest(EYE[0], 5)] == ["x"]


def test_writing_again_is_harmless_and_deleting_forgives_what_is_not_there(
    store: VectorStore,
) -> None:
    store.put(["x", "y"], EYE[:2])
    store.put(["x", "y"], EYE[:2])
    assert store.count() == 2
    store.delete(["y", "never"])
    assert set(store.ids()) == {"x"}


def test_sealed_vectors_are_kept_over_a_reopening(store: VectorStore) -> None:
    store.put(["x"], EYE[:1])
    again = VectorStore(store.folder, store.seal())
    assert again.get(["x", "y"])["x"] == pytest.approx(EYE[0])
    assert again.known(["x", "y"]) == {"x"}
    again.close()


def test_the_nearest_among_some_are_found_however_far_they_are(
    store: VectorStore,
) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(3000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store.put([f"{number:04}" for number in range(3000)], vectors)
    closeness = vectors @ vectors[0]
    far = np.argsort(closeness)[:40]
    among = [f"{number:04}" for number in far]
    found = store.nearest(vectors[0], 30, among)
    best = [f"{number:04}" for number in far[np.argsort(-closeness[far])]]
    assert [identifier for identifier, _ in found] == best[:30]


def test_nothing_is_nearest_among_none(store: VectorStore) -> None:
    store.put(["a"], np.eye(3, dtype=np.float32)[:1])
    assert store.nearest(np.eye(3, dtype=np.float32)[0], 5, []) == []


def test_a_copy_begins_with_what_there_was_and_leaves_it_alone(
    store: VectorStore, tmp_path: Path
) -> None:
    store.put(["x"], EYE[:1])
    seal = store.seal()
    copy = VectorStore.create(tmp_path / "copy", store.folder)
    copy.put(["y"], EYE[1:2])
    assert set(copy.ids()) == {"x", "y"}
    copy.close()
    first = VectorStore(store.folder, seal)
    assert set(first.ids()) == {"x"}
    first.close()


def many(store: VectorStore, count: int = 1200) -> str:
    """So many vectors that Chroma writes files of its graph; their seal."""
    vectors = np.random.default_rng(0).normal(size=(count, 16)).astype(np.float32)
    store.put([f"id {number}" for number in range(count)], vectors)
    return store.seal()


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(bytes(range(200, 255)) * 4)


@pytest.mark.parametrize("harm", [cut, overwrite, Path.unlink], ids=["cut", "overwritten", "gone"])
@pytest.mark.parametrize("name", ["data_level0.bin", "link_lists.bin", "index_metadata.pickle"])
def test_a_damaged_graph_is_noticed_before_it_is_used(
    store: VectorStore, name: str, harm: Callable[[Path], None]
) -> None:
    seal = many(store)
    harm(next(store.folder.glob(f"*/{name}")))
    with pytest.raises(VectorsDamagedError, match="assistant ingest"):
        VectorStore(store.folder, seal)


def rewrite(path: Path) -> None:
    path.write_bytes(b"this is not a database" * 500)


def empty(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("count", [20, 1200])
@pytest.mark.parametrize("harm", [cut, empty, rewrite, Path.unlink])
def test_a_damaged_database_is_noticed_before_it_is_used(
    store: VectorStore, harm: Callable[[Path], None], count: int
) -> None:
    seal = many(store, count)
    harm(store.folder / "chroma.sqlite3")
    with pytest.raises(VectorsDamagedError, match="assistant ingest"):
        VectorStore(store.folder, seal)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 0xFF]))


@pytest.mark.parametrize("count", [20, 1200])
def test_a_changed_byte_of_the_database_is_noticed_before_it_is_used(
    store: VectorStore, count: int
) -> None:
    sealed = json.loads(seal := many(store, count))["database"]
    database = store.folder / "chroma.sqlite3"
    size, passed_over = sealed["page_bytes"], sealed["passed_over"] - 1
    for page in [page for page in range(sealed["pages"]) if page != passed_over]:
        at = page * size + page * 997 % size
        flip(database, at)
        with pytest.raises(VectorsDamagedError, match="not as they were written"):
            VectorStore(store.folder, seal)
        flip(database, at)
    VectorStore(store.folder, seal).close()


def test_any_number_of_openings_is_no_damage(store: VectorStore) -> None:
    seal = many(store, 20)
    with closing(sqlite3.connect(store.folder / "chroma.sqlite3")) as connection:
        rows = [(number, 1) for number in range(100, 5000)]
        connection.executemany("INSERT INTO acquire_write VALUES (?, ?)", rows)
        connection.commit()
    for _ in range(2):
        reader = VectorStore(store.folder, seal)
        assert len(set(reader.ids())) == 20
        reader.close()


def test_an_engine_that_gives_up_is_damage_and_no_crash(store: VectorStore) -> None:
    sealed = json.loads(many(store, 20))
    del sealed["database"]  # as it was sealed by a version of Chroma that writes elsewhere
    database = store.folder / "chroma.sqlite3"
    content = database.read_bytes()
    at = content.index(b"00001-embeddings")  # the name of a migration, which must be UTF-8
    flip(database, at)
    with pytest.raises(VectorsDamagedError, match="Utf8Error"):
        VectorStore(store.folder, json.dumps(sealed))


def test_a_database_that_another_version_of_chroma_wrote_is_left_to_chroma(
    store: VectorStore,
) -> None:
    sealed = json.loads(many(store, 20))
    sealed["database"] |= {"chroma": "0.0.1", "checksum": 0}
    VectorStore(store.folder, json.dumps(sealed)).close()


def test_a_lost_folder_is_noticed(store: VectorStore) -> None:
    seal = many(store)
    shutil.rmtree(store.folder)
    with pytest.raises(VectorsDamagedError, match="assistant ingest"):
        VectorStore(store.folder, seal)
    assert not is_whole(store.folder, seal)


@pytest.mark.parametrize("seal", ["", "{}", "[]", '{"count": "x", "files": 1}'])
def test_a_seal_that_cannot_be_read_is_damage(store: VectorStore, seal: str) -> None:
    many(store)
    with pytest.raises(VectorsDamagedError):
        VectorStore(store.folder, seal)


def test_reading_changes_nothing_that_the_seal_covers(store: VectorStore) -> None:
    seal = many(store)
    for _ in range(3):
        reader = VectorStore(store.folder, seal)
        assert reader.nearest(np.ones(16, np.float32), 5)
        assert len(set(reader.ids())) == 1200
        reader.close()


def test_new_vectors_are_removed_when_their_making_breaks_off(tmp_path: Path) -> None:
    def broken() -> None:
        with new_vectors(tmp_path, None) as store:
            store.put(["x"], EYE[:1])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert list(tmp_path.iterdir()) == []
