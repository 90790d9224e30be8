from pathlib import Path

import pytest

from assistant import Assistant, QuestionError, UsageError
from assistant.retrieval.search import reciprocal_rank_fusion


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
    assert (first.score, second.score) == pytest.approx((2 / 6 + 1 / 6, 2 / 7))


def test_a_chunk_is_found_by_its_nearest_sentence(corpus: Path, tmp_path: Path) -> None:
    many = (
        "The mill grinds corn. The bakery opens at six. The school has two halls. The ferry leaves"
        " at noon. Pets may travel in the hold. The church was built of stone. The market is held"
        " on Mondays. The harbour froze in March."
    )
    (corpus / "town.txt").write_text(many)
    for number, animal in enumerate(("cats", "horses", "birds")):
        (corpus / f"{number}.txt").write_text(f"This is a text about {animal} and their food.")
    with Assistant.open(corpus=corpus, index=tmp_path / "sentences") as assistant:
        assistant.ingest()
        hits = assistant.retrieve("Can I take my dog on the boat?", top_k=4)
    first = hits[0]
    assert (first.chunk.text, first.sentence_rank) == (many, 1)
    ranks = [(1, first.dense_rank), (2, first.sentence_rank), (1, first.keyword_rank)]
    assert first.score == pytest.approx(sum(w / (5 + rank) for w, rank in ranks if rank))


def test_a_text_that_stands_in_many_chunks_hides_no_other(
    small_assistant: Assistant, corpus: Path
) -> None:
    said = "".join(f"[documents.'{n}.txt']\ntitle='T'\n" for n in range(300))
    (corpus / "corpus.toml").write_text(said)
    for number in range(300):
        (corpus / f"{number}.txt").write_text("The otter sleeps.")
    (corpus / "other.txt").write_text("A badger sleeps at night.")
    assert small_assistant.ingest().chunks_embedded == 2
    hits = small_assistant.retrieve("The otter sleeps.", top_k=60)
    other = next(hit for hit in hits if hit.chunk.text.startswith("A badger"))
    assert other.dense_rank == 2
    assert sum(hit.dense_rank is not None for hit in hits) == 60


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
