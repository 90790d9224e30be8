from pathlib import Path

import numpy as np
import pytest

from assistant import Assistant, QuestionError, UsageError
from assistant.retrieval.search import reciprocal_rank_fusion
from assistant.storage.index import Index
from assistant.storage.vectors import VectorStore
from tests.conftest import WordEncoder


def test_fusion_adds_the_reciprocal_ranks() -> None:
    dense = [("a", 0.9), ("b", 0.8)]
    keyword = [("b", 7.0), ("c", 3.0)]
    fused = reciprocal_rank_fusion([dense, keyword], k=10)
    assert [identifier for identifier, _ in fused] == ["b", "a", "c"]
    assert [score for _, score in fused] == pytest.approx([1 / 12 + 1 / 11, 1 / 11, 1 / 12])


def test_fusion_weighs_the_lists() -> None:
    fused = reciprocal_rank_fusion([[("a", 1.0)], [("b", 1.0)]], weights=[1.0, 2.0])
    assert [identifier for identifier, _ in fused] == ["b", "a"]


def test_fusing_nothing_gives_nothing() -> None:
    assert reciprocal_rank_fusion([]) == []
    assert reciprocal_rank_fusion([[], []]) == []


def test_hits_carry_the_rank_that_each_list_gave(small_assistant: Assistant, corpus: Path) -> None:
    (corpus / "a.txt").write_text("The otter sleeps.")
    (corpus / "b.txt").write_text("The badger digs.")
    small_assistant.ingest()
    first, second = small_assistant.retrieve("badger digs")
    assert (first.dense_rank, first.keyword_rank) == (1, 1)
    assert (second.dense_rank, second.keyword_rank) == (2, None)
    assert first.score > second.score


def test_a_dense_hit_that_the_catalog_does_not_know_is_dropped_and_more_are_fetched(
    small_assistant: Assistant, corpus: Path, tmp_path: Path
) -> None:
    for name in ("otter", "badger", "heron"):
        (corpus / f"{name}.txt").write_text(f"The {name} sleeps.")
    small_assistant.ingest()
    state = Index(tmp_path / "index").catalog.state()
    assert state
    store = VectorStore(tmp_path / "index", state.collection)
    # Near the query but distinct: of sixty equal vectors an HNSW graph may lose the others.
    noise = np.random.default_rng(0).normal(0.0, 0.02, (60, WordEncoder.dimension))
    stray = np.asarray(WordEncoder().encode(["The otter sleeps."]) + noise, dtype=np.float32)
    store.put([f"stray {number}" for number in range(60)], stray)
    hits = small_assistant.retrieve("The otter sleeps.", top_k=3)
    store.close()
    assert len(hits) == 3
    assert all(hit.dense_rank for hit in hits)


@pytest.mark.parametrize(
    "query",
    ['"', "a AND OR NOT", "NEAR(a, b)", "*", "col:term", "?!…", "x " * 900, "\0", "‮", "🙂"],
)
def test_no_query_breaks_retrieval(article_assistant: Assistant, query: str) -> None:
    assert len(article_assistant.retrieve(query, top_k=4)) == 4


def test_a_query_is_not_empty_and_asks_for_at_least_one(article_assistant: Assistant) -> None:
    with pytest.raises(QuestionError):
        article_assistant.retrieve("  ")
    with pytest.raises(UsageError, match="between 1 and 100"):
        article_assistant.retrieve("SCO", top_k=0)


def test_more_than_there_is_gives_all(article_assistant: Assistant) -> None:
    everything = article_assistant.retrieve("SCO", top_k=100)
    assert len(everything) == article_assistant.status().chunks


@pytest.mark.parametrize(
    ("query", "evidence"),
    [
        ("founding year", "founded in 2001"),
        ("money lent to members", "$22 billion"),
        ("first observer state", "Mongolia became the first observer"),
        ("body against terrorism in Uzbekistan", "Regional Anti-Terrorist Structure"),
        ("eastern NATO", "eastern NATO"),
    ],
)
def test_the_passage_that_answers_is_among_the_first_four(
    article_assistant: Assistant, query: str, evidence: str
) -> None:
    assert any(evidence in hit.chunk.text for hit in article_assistant.retrieve(query, top_k=4))
