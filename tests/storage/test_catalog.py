import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import (
    Attribution,
    Chunk,
    Document,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
)
from assistant.storage.catalog import Catalog

STATE: dict[str, str | int] = {
    "embedding_model": "m",
    "dimension": 3,
    "chunk_tokens": 10,
    "chunk_overlap": 0,
    "vectors": "v",
    "seal": "{}",
}


def document(source: str, text: str) -> Document:
    return Document(source, source, "T", text, "sha", "text/plain", (0, 3), Attribution("Ann"))


def chunk(identifier: str, of: Document) -> Chunk:
    return Chunk(identifier, of.id, 0, len(of.text), of.text, "T")


def filled(folder: Path, **texts: str) -> Catalog:
    catalog = Catalog(folder)
    with catalog.update() as update:
        for source, text in texts.items():
            one = document(source, text)
            update.put(one, f"print of {source}", [chunk(f"chunk of {source}", one)])
        update.set_state(STATE)
    return catalog


def test_a_document_comes_back_as_it_was_put(tmp_path: Path) -> None:
    text = "Emoji 🙂, NUL \0, CRLF\r\n, א and e\u0301."
    catalog = filled(tmp_path, a=text)
    with catalog.snapshot() as snapshot:
        assert snapshot.document("a") == document("a", text)
        assert snapshot.document("b") is None
        assert snapshot.summaries()[0].characters == len(text)


def test_the_layout_of_a_text_comes_back_and_goes_with_its_document(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="One two.")
    shown = replace(document("b", "One two."), origins=((0, 2, 1), (4, 9, 3)), places=((0, "a1"),))
    for changed in (shown, document("b", "One.")):
        with catalog.update() as update:
            update.put(changed, "print", [])
        with catalog.snapshot() as snapshot:
            assert snapshot.document("b") == changed
            assert snapshot.document("a") == document("a", "One two.")


def test_before_the_first_ingestion_reading_is_an_error_that_names_the_command(
    tmp_path: Path,
) -> None:
    catalog = Catalog(tmp_path)
    assert catalog.state() is None
    with pytest.raises(IndexMissingError, match="assistant ingest"), catalog.snapshot():
        pass


def test_keywords_match_by_stem_with_case_and_diacritics_folded(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="They were COOPERATING in a café.", b="Nothing here.")
    with catalog.snapshot() as snapshot:
        for word in ("cooperation", "Cafe", "CAFÉS"):
            assert [found for found, _ in snapshot.keyword_search([word], 5)] == ["chunk of a"]


def test_rarer_words_score_higher(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="common rare", b="common", c="common", d="common")
    with catalog.snapshot() as snapshot:
        ranking = snapshot.keyword_search(["common", "rare"], 5)
    assert ranking[0][0] == "chunk of a"
    assert ranking[0][1] > ranking[1][1]


def test_in_a_large_index_a_common_word_is_passed_over_where_there_is_a_rarer_one(
    tmp_path: Path,
) -> None:
    catalog = Catalog(tmp_path)
    with catalog.update() as update:
        one = document("a", "common")
        many = [Chunk(f"id {n}", "a", 0, 6, f"common {n}", "T") for n in range(4000)]
        update.put(one, "print", many)
        update.set_state(STATE)
    with catalog.snapshot() as snapshot:
        assert [found for found, _ in snapshot.keyword_search(["common", "77"], 9)] == ["id 77"]
        assert len(snapshot.keyword_search(["common", "missing"], 9)) == 9
        within = snapshot.within(frozenset("a"))
        assert len(within.keyword_search(["common", "77"], 9)) == 9


@pytest.mark.parametrize(
    "word", ['"', "'", "*", "NEAR", "a AND b", "a:b", "^a", "(", "-", "\0", "'; DROP TABLE chunks;"]
)
def test_no_word_is_query_syntax(tmp_path: Path, word: str) -> None:
    with filled(tmp_path, a="Text.").snapshot() as snapshot:
        assert snapshot.keyword_search([word], 5) == []
        assert snapshot.count_chunks() == 1


def test_a_replaced_document_leaves_no_keyword_behind(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="otter")
    with catalog.update() as update:
        update.put(document("a", "badger"), "print", [chunk("new", document("a", "badger"))])
        update.set_state(STATE)
    with catalog.snapshot() as snapshot:
        assert snapshot.keyword_search(["otter"], 5) == []
        assert snapshot.document_frequencies(["otter", "badger"]) == {"badger": 1}
        assert snapshot.chunk_ids() == {"new"}


def test_an_update_that_raises_changes_nothing(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="otter")
    before = catalog.state()

    def broken() -> None:
        with catalog.update() as update:
            update.remove("a")
            update.set_state(STATE)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    with catalog.snapshot() as snapshot:
        assert snapshot.count_documents() == 1
    assert catalog.state() == before


def test_a_snapshot_does_not_see_what_is_committed_while_it_is_read(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="otter")
    with catalog.snapshot() as snapshot:
        with catalog.update() as update:
            update.clear()
            update.set_state(STATE)
        assert snapshot.count_documents() == 1
        assert snapshot.keyword_search(["otter"], 5)
    with catalog.snapshot() as snapshot:
        assert snapshot.count_documents() == 0


def test_every_commit_is_a_new_generation(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="x")
    first = catalog.state()
    with catalog.update() as update:
        update.set_state(STATE)
    second = catalog.state()
    assert first
    assert second
    assert first.generation != second.generation


def test_a_catalog_of_another_schema_version_is_refused_and_kept(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="x")
    with sqlite3.connect(catalog.path) as connection:
        connection.execute("UPDATE state SET value = '99' WHERE key = 'schema_version'")
    connection.close()
    with pytest.raises(IndexMismatchError, match=r"99.*assistant ingest --rebuild"):
        catalog.state()


def test_a_file_that_is_no_database_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    catalog.path.write_bytes(b"this is not a database, and long enough to be looked at" * 50)
    with pytest.raises(IndexDamagedError, match="assistant ingest --rebuild"):
        catalog.state()


AS_VERSION_4 = """
DROP TRIGGER chunk_added; DROP TRIGGER chunk_deleted; DROP TABLE vocabulary; DROP TABLE keywords;
ALTER TABLE chunks DROP COLUMN variants;
CREATE VIRTUAL TABLE keywords USING fts5(
    heading, text, content='chunks', content_rowid='row',
    tokenize='porter unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(keywords, row);
CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO keywords(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;
CREATE TRIGGER chunk_deleted AFTER DELETE ON chunks BEGIN
    INSERT INTO keywords(keywords, rowid, heading, text)
    VALUES ('delete', old.row, old.heading, old.text);
END;
INSERT INTO keywords(keywords) VALUES ('rebuild');
UPDATE state SET value = '4' WHERE key = 'schema_version';
"""


def test_a_catalog_of_version_4_is_read_and_gets_the_plain_forms_of_words(tmp_path: Path) -> None:
    catalog = filled(tmp_path, a="CO₂ is a gas.", b="The otter sleeps.")
    connection = sqlite3.connect(catalog.path)
    connection.executescript(AS_VERSION_4)
    connection.close()
    with catalog.snapshot() as snapshot:
        assert [name for name, _ in snapshot.keyword_search(["otter"], 5)] == ["chunk of b"]
        assert snapshot.keyword_search(["CO2"], 5) == []
    with catalog.update() as update:
        update.remove("b")
        update.set_state(STATE)
    with catalog.snapshot() as snapshot:
        assert [name for name, _ in snapshot.keyword_search(["CO2"], 5)] == ["chunk of a"]
        assert snapshot.keyword_search(["otter"], 5) == []
        assert snapshot.document_frequencies(["co2"]) == {"co2": 1}
