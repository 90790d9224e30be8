import sqlite3
from pathlib import Path

import pytest

from assistant import Chunk, Document
from assistant.storage.catalog import Catalog
from assistant.storage.stemming import Stemmer
from tests.storage.test_catalog import STATE


def test_stop_words_are_known_by_their_stems() -> None:
    stemmer = Stemmer()
    assert stemmer.stems(["these"])[0][0] in stemmer.stop_stems
    assert stemmer.stems(["otters"])[0][0] not in stemmer.stop_stems


def test_each_text_has_its_own_stems_in_order() -> None:
    assert Stemmer().stems(["Running CAFÉS", "", "he ran"]) == [["run", "cafe"], [], ["he", "ran"]]


@pytest.mark.parametrize("text", ["Cooperating", "CAFÉS", "naïve", "2024's", "re-elected", "ʼn"])
def test_a_text_has_the_stems_under_which_the_catalog_finds_it(tmp_path: Path, text: str) -> None:
    catalog = Catalog(tmp_path)
    with catalog.update() as update:
        document = Document("a", "a", "", text, "sha", "text/plain")
        update.put(document, "print", [Chunk("chunk", "a", 0, len(text), text)])
        update.set_state(STATE)
    (stems,) = Stemmer().stems([text])
    with catalog.snapshot() as snapshot:
        assert set(snapshot.document_frequencies(stems)) == set(stems) != set()


def test_a_lone_surrogate_parts_words() -> None:
    assert Stemmer().stems(["the\ud800runs \udfff"]) == [["the", "run"]]


@pytest.mark.parametrize("letter", ["a", "é", "ﬁ", "十", "ก", "𝒜"])
def test_a_word_without_end_is_cut_between_letters_and_leaves_nothing(letter: str) -> None:
    stemmer = Stemmer()
    for length in range(32_766, 32_772):
        ((stem,),) = stemmer.stems([letter * (length // len(letter.encode()) + 1)])
        assert set(stem) == {"e" if letter == "é" else letter}
        assert len(stem.encode()) <= 32_768
    assert stemmer.stems(["he ran"]) == [["he", "ran"]]


def test_texts_that_fail_leave_nothing_for_the_next() -> None:
    stemmer = Stemmer()
    stemmer._connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 100)
    with pytest.raises(sqlite3.DataError):
        stemmer.stems(["he ran", "a" * 101])
    assert stemmer.stems(["she ran"]) == [["she", "ran"]]
