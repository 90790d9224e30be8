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
