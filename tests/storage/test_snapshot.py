"""What is read of one state of the catalog: documents, chunks and keywords."""

from pathlib import Path

import pytest

from assistant import IndexDamagedError
from assistant.storage.snapshot import Snapshot
from tests.storage.test_catalog import filled


def test_a_snapshot_is_not_moved_by_what_is_committed_later(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="The otter sleeps.")
    with catalog.snapshot() as before:
        assert isinstance(before, Snapshot)
        filled(tmp_path, b="The heron waits.")
        with catalog.snapshot() as after:
            assert [len(each.summaries()) for each in (before, after)] == [1, 2]
            assert before.keyword_search(["heron"], 5) == []
            assert [found for found, _ in after.keyword_search(["herons"], 5)] == ["chunk of b"]


def test_within_some_documents_the_others_are_unknown_and_still_counted(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="The otter sleeps.", b="The otter waits.")
    with catalog.snapshot() as whole:
        some = whole.within(frozenset("b"))
        assert (whole.is_whole, some.is_whole) == (True, False)
        assert some.document("a") is None
        assert some.chunk_ids() == {"chunk of b"}
        assert [found for found, _ in some.keyword_search(["otter"], 5)] == ["chunk of b"]
        assert some.count_chunks() == some.document_frequencies(["otter"])["otter"] == 2


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["50%_a.txt", "notes/B.txt"]),
        ("b.t", ["notes/B.txt"]),
        ("%_", ["50%_a.txt"]),
        ("\\", []),
    ],
)
def test_a_search_finds_characters_and_no_patterns(
    tmp_path: Path, search: str, found: list[str]
) -> None:
    catalog = filled(tmp_path, **{"50%_a.txt": "One.", "notes/B.txt": "Two."})
    with catalog.snapshot() as snapshot:
        assert [document.source for document in snapshot.summaries(search)] == found
        assert snapshot.count_summaries(search) == len(found)
        assert len(snapshot.summaries(search, 1, 1)) == max(0, len(found) - 1)


@pytest.mark.parametrize("word", ['"', "NEAR(", "a\0b", "*", "otter* OR"])
def test_words_are_data_and_no_query(tmp_path: Path, word: str) -> None:
    with filled(tmp_path, a="The otter sleeps.").snapshot() as snapshot:
        assert snapshot.keyword_search([word, "sleeps"], 5)


def test_a_text_that_is_not_what_was_written_is_damage(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="The otter sleeps.")
    with catalog.update() as update:
        update._connection.execute("UPDATE documents SET text = 'The otter wakes.'")
        update._connection.execute("UPDATE chunks SET text = 'The otter wakes.'")
    with catalog.snapshot() as snapshot:
        with pytest.raises(IndexDamagedError, match="text of 'a'"):
            snapshot.document("a")
        with pytest.raises(IndexDamagedError, match="chunk of a"):
            snapshot.chunks(["chunk of a"])
