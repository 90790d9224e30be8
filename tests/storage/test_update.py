"""One transaction of changes: all of it is committed, or none."""

from pathlib import Path

import numpy as np
import pytest

from assistant.storage.schema import vector_id
from assistant.storage.update import Update
from assistant.types import SeenFile
from tests.storage.test_catalog import STATE, chunk, document, filled

OTTER = "The otter sleeps."


def remove_and_fail(update: Update) -> None:
    update.remove("a")
    raise ZeroDivisionError


def test_nothing_is_seen_of_changes_that_an_error_ended(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a=OTTER)
    generation = catalog.state()
    with pytest.raises(ZeroDivisionError), catalog.update() as update:
        remove_and_fail(update)
    assert catalog.state() == generation
    with catalog.snapshot() as snapshot:
        assert snapshot.document("a")


def test_a_document_takes_the_place_of_the_one_at_its_path(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a=OTTER)
    with catalog.update() as update:
        changed = document("a", "The heron waits.")
        update.put(changed, "print", [chunk("new", changed)])
    with catalog.snapshot() as snapshot:
        assert snapshot.chunk_ids() == {"new"}
        assert snapshot.keyword_search(["otter"], 5) == []


def test_a_vector_is_removed_with_the_last_chunk_that_has_it(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a=OTTER, b=OTTER, c="The heron waits.")
    with catalog.update() as update:
        update.remove("a")
        assert update.take_unused_vectors() == []
        assert update.count_vectors() == 2
        update.remove("b")
        assert update.take_unused_vectors() == [vector_id(chunk("x", document("b", OTTER)))]
        assert [len(chunks) for chunks in update.chunks_by_vector(10)] == [1]
        update.remove("nothing is there")


def test_the_vectors_of_sentences_are_removed_with_the_vector_of_their_chunk(
    tmp_path: Path,
) -> None:
    catalog = filled(tmp_path, a=OTTER, c="The heron waits.")
    otter = vector_id(chunk("x", document("a", OTTER)))
    heron = vector_id(chunk("x", document("c", "The heron waits.")))
    ones = np.ones((2, int(STATE["dimension"])), np.int8)
    with catalog.update() as update:
        update.put_sentences({otter: ones, heron: ones[:1]})
        update.set_state(STATE)
    with catalog.snapshot() as snapshot:
        found = snapshot.sentence_vectors([otter, heron, "unknown"])
        assert {one: len(found[one]) for one in found} == {otter: 2, heron: 1}
    with catalog.update() as update:
        update.remove("a")
        assert update.take_unused_vectors() == [otter]
    with catalog.snapshot() as snapshot:
        assert set(snapshot.sentence_vectors([otter, heron])) == {heron}


def test_each_state_has_a_generation_of_its_own_and_the_files_that_were_seen(
    tmp_path: Path,
) -> None:
    catalog = filled(tmp_path, a=OTTER)
    before = catalog.state()
    seen = {"a": SeenFile(1, 2, 3, "sha"), "b": SeenFile(4, 5, 6, "sha")}
    for files in (seen, {"b": SeenFile(7, 8, 9, "sha")}):
        with catalog.update() as update:
            update.set_files(files)
            update.set_state(STATE)
        with catalog.snapshot() as snapshot:
            assert snapshot.files() == files
    after = catalog.state()
    assert before
    assert after
    assert before.generation != after.generation
