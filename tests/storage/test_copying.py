"""An index is copied between the engines as it is, vectors included."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import IndexMissingError, UsageError, VectorsDamagedError
from assistant.ingestion.pipeline import ingest
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Store
from assistant.storage.copying import copy_index
from assistant.storage.embedded_store import EmbeddedStore
from assistant.testing import WordEncoder
from assistant.types import CatalogState
from tests.postgres_server import PostgresServer
from tests.storage.kits import EmbeddedKit, Kit, PostgresKit
from tests.storage.written import texts_of, write

OPTIONS = BuildOptions(20, 1, 10**6)


@pytest.fixture(params=["to a database", "to a folder"])
def kits(
    request: pytest.FixtureRequest, tmp_path: Path, postgres_server: PostgresServer
) -> tuple[Kit, Kit]:
    """The two engines, from one to the other."""
    folder = EmbeddedKit(tmp_path / "index")
    database = PostgresKit(postgres_server.new_database())
    return (folder, database) if request.param == "to a database" else (database, folder)


@pytest.fixture
def stores(kits: tuple[Kit, Kit]) -> Iterator[tuple[Store, Store]]:
    source, target = (kit.open() for kit in kits)
    yield source, target
    source.close()
    target.close()


def without_place(state: CatalogState) -> CatalogState:
    """Return a state without what belongs to its store."""
    return replace(state, generation="", vectors="", seal="", ingested_at="")


def assert_same(source: Store, target: Store) -> None:
    with source.view() as one, target.view() as other:
        assert without_place(one.catalog.state) == without_place(other.catalog.state)
        assert one.catalog.summaries() == other.catalog.summaries()
        assert one.catalog.fingerprints() == other.catalog.fingerprints()
        assert one.catalog.files() == other.catalog.files()
        assert one.catalog.abbreviations() == other.catalog.abbreviations()
        for summary in one.catalog.summaries():
            assert one.catalog.document(summary.id) == other.catalog.document(summary.id)
            chunks = one.catalog.document_chunks(summary.id)
            assert other.catalog.document_chunks(summary.id) == chunks
            vectors = [view.vectors_of(chunks) for view in (one, other)]
            assert all(np.array_equal(vectors[0][key], vectors[1][key]) for key in vectors[0])


def test_an_index_is_copied_and_goes_on_where_it_was(
    stores: tuple[Store, Store], article_corpus: Path
) -> None:
    source, target = stores
    (article_corpus / "copy.txt").write_text("The same.\n\nThe same.", encoding="utf-8")
    (article_corpus / "unreadable.pdf").write_bytes(b"%PDF-1.7 nothing")
    encoder = WordEncoder()
    ingest(article_corpus, source, encoder, OPTIONS)
    embedded = len(encoder.encoded)
    progress: list[tuple[int, int]] = []
    count = copy_index(source, target, progress=lambda *done: progress.append(done))
    assert count == len(texts_of(source)) == len(progress)
    assert progress[-1][0] == progress[-1][1]
    assert_same(source, target)
    report = ingest(article_corpus, target, encoder, OPTIONS)
    assert len(encoder.encoded) == embedded
    assert (report.added, report.changed, report.chunks_embedded) == ((), (), 0)


def test_an_index_that_is_there_is_replaced_only_if_asked(stores: tuple[Store, Store]) -> None:
    source, target = stores
    write(source, {"a.txt": "The otter sleeps."})
    write(target, {"b.txt": "The lynx hunts."})
    with pytest.raises(UsageError, match="--replace"):
        copy_index(source, target)
    assert texts_of(target) == {"b.txt": "The lynx hunts."}
    copy_index(source, target, replace=True)
    assert texts_of(target) == {"a.txt": "The otter sleeps."}
    assert_same(source, target)


def test_without_an_index_there_is_nothing_to_copy(stores: tuple[Store, Store]) -> None:
    source, target = stores
    with pytest.raises(IndexMissingError):
        copy_index(source, target)
    assert target.state() is None


def test_a_lost_vector_is_an_error_and_no_half_copy(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    kit = PostgresKit(postgres_server.new_database())
    source, target = kit.open(), EmbeddedStore(tmp_path / "index")
    write(source, {"a.txt": "The otter sleeps.", "b.txt": "The lynx hunts."})
    kit.execute("DELETE FROM vectors_1 WHERE id = (SELECT min(id::text)::uuid FROM vectors_1)")
    with pytest.raises(VectorsDamagedError, match="1 vectors are missing"):
        copy_index(source, target)
    assert target.state() is None
    source.close()
