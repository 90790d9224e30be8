from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.storage.vectors import VectorStore

EYE = np.eye(3, dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[VectorStore]:
    store = VectorStore(tmp_path, "one")
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


def test_vectors_are_kept_over_a_reopening(tmp_path: Path) -> None:
    first = VectorStore(tmp_path, "one")
    first.put(["x"], EYE[:1])
    first.close()
    second = VectorStore(tmp_path, "one")
    assert second.get(["x", "y"])["x"] == pytest.approx(EYE[0])
    second.close()


def test_other_collections_are_dropped(tmp_path: Path) -> None:
    first = VectorStore(tmp_path, "one")
    first.put(["x"], EYE[:1])
    first.close()
    second = VectorStore(tmp_path, "two")
    second.drop_other_collections()
    second.close()
    again = VectorStore(tmp_path, "one")
    assert again.count() == 0
    again.close()


def test_the_nearest_among_some_are_found_however_far_they_are(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(3000, 32)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    store = VectorStore(tmp_path, "chunks")
    store.put([f"{number:04}" for number in range(3000)], vectors)
    closeness = vectors @ vectors[0]
    far = np.argsort(closeness)[:40]
    among = [f"{number:04}" for number in far]
    found = store.nearest(vectors[0], 30, [*among, "unknown"])
    store.close()
    best = [f"{number:04}" for number in far[np.argsort(-closeness[far])]]
    assert [identifier for identifier, _ in found] == best[:30]


def test_nothing_is_nearest_among_none(store: VectorStore) -> None:
    store.put(["a"], np.eye(3, dtype=np.float32)[:1])
    assert store.nearest(np.eye(3, dtype=np.float32)[0], 5, []) == []
