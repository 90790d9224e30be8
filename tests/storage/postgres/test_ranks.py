"""The two stores rank alike: by keywords, by vectors, and fused."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Hit
from assistant.ingestion.pipeline import ingest
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Store, StoreView
from assistant.retrieval.scope import find_scope
from assistant.retrieval.search import DEPTH, FUSION_WEIGHTS, RRF_K, hybrid_search, keyword_search
from assistant.storage.embedded_store import EmbeddedStore
from assistant.storage.postgres.keyword_ranking import CHUNKS_SCORED, KeywordRanking
from assistant.storage.postgres.postgres_snapshot import PostgresSnapshot
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.postgres.visible_part import VisiblePart
from assistant.types import Fusion
from benchmarks.synthetic import ClusteredEncoder, HashEncoder, Prose
from tests.postgres_server import PostgresServer

OPTIONS = BuildOptions(40, 1, 10**6)


Stores = tuple[Store, Store]


@contextmanager
def both_stores(
    folder: Path, server: PostgresServer, documents: int, length: int
) -> Iterator[Stores]:
    """Ingest the same documents into both stores. Some are copies of others."""
    corpus = folder / "corpus"
    prose = Prose(5, words=2000)
    for number in range(documents):
        path = corpus / f"part{number % 3}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(prose.paragraph(length) for _ in range(4)), encoding="utf-8")
        if number % 5 == 0:
            (path.parent / f"copy of {number}.txt").write_text(path.read_text())
    embedded = EmbeddedStore(folder / "index")
    postgres = PostgresStore(server.new_database())
    for store in (embedded, postgres):
        ingest(corpus, store, ClusteredEncoder(), OPTIONS)
    yield embedded, postgres
    embedded.close()
    postgres.close()


@pytest.fixture(scope="module")
def many(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Stores]:
    """So many chunks that common words are passed over."""
    with both_stores(tmp_path_factory.mktemp("many"), postgres_server, 36, 60) as stores:
        yield stores


@pytest.fixture(scope="module")
def few(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: PostgresServer
) -> Iterator[Stores]:
    """So few chunks that Chroma's approximate search finds all that are nearest."""
    with both_stores(tmp_path_factory.mktemp("few"), postgres_server, 30, 5) as stores:
        yield stores


def questions() -> list[str]:
    prose = Prose(11, words=2000)
    return [" ".join(prose.paragraph(12).split()[:9]) for _ in range(25)]


def part_of(view: StoreView, path: str) -> StoreView:
    if not path:
        return view
    scope = find_scope(path, view.catalog.summaries())
    return view.within(scope.path, scope.documents)


def assert_same_up_to_ties(some: list[tuple[str, float]], others: list[tuple[str, float]]) -> None:
    assert [score for _, score in some] == pytest.approx([score for _, score in others], rel=1e-5)
    for score in {round(score, 5) for _, score in some[:-1]}:
        tied = [{one for one, of in ranked if round(of, 5) == score} for ranked in (some, others)]
        if round(some[-1][1], 5) != score:
            assert tied[0] == tied[1]


@pytest.mark.parametrize("path", ["", "part1", "part2/2.txt"])
def test_keywords_have_the_same_scores(many: Stores, path: str) -> None:
    embedded, postgres = many
    with embedded.view() as one, postgres.view() as other:
        assert one.catalog.count_chunks() == other.catalog.count_chunks() > CHUNKS_SCORED
        for question in questions():
            rankings = [
                keyword_search(part_of(view, path).catalog, question, 50) for view in (one, other)
            ]
            assert_same_up_to_ties(*rankings)


@pytest.mark.parametrize("path", ["", "part1", "part2/2.txt"])
def test_fused_ranks_are_the_same(few: Stores, path: str) -> None:
    embedded, postgres = few
    different = 0
    with embedded.view() as one, postgres.view() as other:
        for question in questions():
            vector = ClusteredEncoder().encode([question])[0]
            hits = [
                hybrid_search(part_of(view, path), question, vector, 12) for view in (one, other)
            ]
            assert [hit.score for hit in hits[0]] == pytest.approx([hit.score for hit in hits[1]])
            different += ranks(hits[0]) != ranks(hits[1])
    assert different == 0


def ranks(hits: list[Hit]) -> list[tuple[str, int | None, int | None]]:
    return [(hit.chunk.id, hit.dense_rank, hit.keyword_rank) for hit in hits]


def test_one_statement_ranks_as_the_steps_do(few: Stores) -> None:
    _, postgres = few
    with postgres.view() as view:
        assert isinstance(view, PostgresView)
        question = questions()[0]
        vector = ClusteredEncoder().encode([question])[0]
        fusion = Fusion(FUSION_WEIGHTS, RRF_K, DEPTH, 20)
        for hit in view.fused(question.split(), vector, fusion):
            expected = 0.0
            for rank, weight in zip(
                (hit.dense_rank, hit.keyword_rank), FUSION_WEIGHTS, strict=True
            ):
                expected += weight / (RRF_K + rank) if rank else 0.0
            assert hit.score == pytest.approx(expected)
        nearest = [identifier for identifier, _ in view.nearest(vector, 5)]
        assert len(nearest) == 5


def test_a_question_without_words_is_searched_by_its_vector(few: Stores) -> None:
    _, postgres = few
    with postgres.view() as view:
        hits = hybrid_search(view, "?!", ClusteredEncoder().encode(["?!"])[0], 5)
        assert [hit.dense_rank for hit in hits] == [1, 2, 3, 4, 5]
        assert {hit.keyword_rank for hit in hits} == {None}


@pytest.mark.parametrize("path", ["part1", "part2/2.txt"])
def test_words_are_found_alike_in_the_chunks_of_a_part_and_by_the_index(
    many: Stores, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each word is looked for in the shorter of the two ways."""
    _, postgres = many
    with postgres.view() as view:
        part = part_of(view, path).catalog
        assert isinstance(part, PostgresSnapshot)
        in_part = part.chunks_in_part
        assert in_part == sum(len(part.document_chunks(one.id)) for one in part.summaries())
        found = []
        for limit in (0, in_part, 10**9):
            monkeypatch.setattr(PostgresSnapshot, "chunks_in_part", limit)
            found.append([keyword_search(part, question, 50) for question in questions()])
        assert found[0] == found[1] == found[2]
        assert found[0][0]


def test_common_words_are_passed_over_in_all_documents_and_in_large_parts() -> None:
    def passes_over(in_part: int | None) -> bool:
        ranking = KeywordRanking([["otter"]], 1_000_000, 10**8, in_part)
        return "scored <=" in ranking.expressions(VisiblePart(1, "" if in_part is None else "a/"))

    assert passes_over(None)
    assert passes_over(100_000)
    assert not passes_over(10_000)
    assert KeywordRanking([["otter"]], 10, 100).values["most"] == CHUNKS_SCORED
    assert KeywordRanking([["otter"]], 1000, 100, 250).values["share"] == 0.25


def test_an_ingestion_that_was_killed_embeds_nothing_twice(
    postgres_server: PostgresServer, tmp_path: Path
) -> None:
    """See the writer: what was embedded is found again, although no reader has seen it."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number in range(8):
        (corpus / f"{number}.txt").write_text(Prose(number).paragraph(60), encoding="utf-8")
    store = PostgresStore(postgres_server.new_database())

    encoder = CountingEncoder()
    with pytest.raises(KeyboardInterrupt):
        ingest(corpus, store, encoder, OPTIONS, progress=_interrupt)
    assert store.state() is None
    first = encoder.encoded
    assert first > 8
    report = ingest(corpus, store, encoder, OPTIONS)
    assert report.chunks_total == encoder.encoded == first
    store.close()


class CountingEncoder(HashEncoder):
    """Counts the texts that it encodes."""

    encoded = 0

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return super().encode(texts)


def _interrupt(done: int, total: int) -> None:
    raise KeyboardInterrupt
