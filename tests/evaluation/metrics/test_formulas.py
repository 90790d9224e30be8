"""Each metric on tiny literal inputs, the values worked out by hand."""

import math

import numpy as np
import pytest

from assistant.evaluation.metrics import formulas as metrics
from assistant.evaluation.metrics.evidence import DocumentSpan, cites, covered_needs, covers

NONE: frozenset[int] = frozenset()
FIRST, SECOND, BOTH = frozenset({0}), frozenset({1}), frozenset({0, 1})


def test_a_chunk_covers_evidence_from_half_of_it() -> None:
    evidence = DocumentSpan("d", 10, 20)
    assert covers(DocumentSpan("d", 0, 15), evidence)
    assert not covers(DocumentSpan("d", 0, 14), evidence)
    assert not covers(DocumentSpan("other", 0, 30), evidence)
    assert not covers(DocumentSpan("d", 0, 30), DocumentSpan("d", 5, 5))


def test_a_citation_stands_on_evidence_that_shares_half_of_the_shorter_of_the_two() -> None:
    assert cites(DocumentSpan("d", 0, 100), DocumentSpan("d", 40, 44))
    assert cites(DocumentSpan("d", 40, 44), DocumentSpan("d", 0, 100))
    assert not cites(DocumentSpan("d", 0, 10), DocumentSpan("d", 6, 20))


def test_a_need_is_covered_by_any_of_its_spans() -> None:
    needs = ((DocumentSpan("d", 0, 10), DocumentSpan("e", 0, 10)), (DocumentSpan("d", 50, 60),))
    assert covered_needs(DocumentSpan("e", 0, 20), needs) == FIRST
    assert covered_needs(DocumentSpan("d", 0, 60), needs) == BOTH
    assert covered_needs(DocumentSpan("f", 0, 60), needs) == NONE


@pytest.mark.parametrize(("k", "hit"), [(1, 0.0), (2, 1.0), (3, 1.0)])
def test_hit_at_k_asks_whether_evidence_is_among_the_first_k(k: int, hit: float) -> None:
    assert metrics.hit_at_k([NONE, FIRST, NONE], k) == hit


def test_hit_at_k_of_nothing_is_a_miss() -> None:
    assert metrics.hit_at_k([], 5) == 0.0


def test_recall_at_k_is_the_share_of_needs_and_counts_each_once() -> None:
    relevance = [FIRST, FIRST, SECOND]
    assert [metrics.recall_at_k(relevance, 2, k) for k in (1, 2, 3)] == [0.5, 0.5, 1.0]
    assert metrics.recall_at_k(relevance, 4, 3) == 0.5
    assert metrics.recall_at_k([], 2, 3) == 0.0
    assert metrics.recall_at_k([NONE], 0, 3) is None


def test_mean_reciprocal_rank_is_the_mean_of_inverted_first_ranks() -> None:
    ranks = [
        metrics.reciprocal_rank([FIRST, NONE]),
        metrics.reciprocal_rank([NONE, FIRST, FIRST]),
        metrics.reciprocal_rank([NONE, NONE]),
    ]
    assert ranks == [1.0, 0.5, 0.0]
    assert metrics.mean(ranks) == 0.5
    assert metrics.mean([]) is None
    assert metrics.mean([None, 1.0]) == 1.0


def test_ndcg_discounts_by_the_logarithm_of_the_rank() -> None:
    assert metrics.ndcg_at_k([FIRST, NONE], 1) == 1.0
    assert metrics.ndcg_at_k([NONE, FIRST], 1) == pytest.approx(1 / math.log2(3))
    # gains 0, 1, 0 of two needs; the ideal list has gains 1, 1
    assert metrics.ndcg_at_k([NONE, FIRST, FIRST], 2) == pytest.approx(
        (1 / math.log2(3)) / (1 + 1 / math.log2(3))
    )


def test_ndcg_is_one_where_a_chunk_first_holds_both_needs_and_at_most_one() -> None:
    assert metrics.ndcg_at_k([BOTH], 2) == 1.0
    assert metrics.ndcg_at_k([FIRST, SECOND], 2) == 1.0
    assert metrics.ndcg_at_k([NONE, BOTH], 2) == pytest.approx(1 / math.log2(3))


def test_ndcg_looks_no_deeper_than_k_and_is_undefined_without_needs() -> None:
    assert metrics.ndcg_at_k([NONE, NONE, FIRST], 1, k=2) == 0.0
    assert metrics.ndcg_at_k([FIRST], 0) is None


def test_answers_are_normalised_as_squad_does() -> None:
    assert metrics.normalize_answer("  The “Shanghai Spirit”,  an idea! ") == "shanghai spirit idea"


def test_exact_match_takes_the_best_reference() -> None:
    assert metrics.exact_match("In the Tashkent.", ["Beijing", "in Tashkent"]) == 1.0
    assert metrics.exact_match("Tashkent, Uzbekistan", ["Tashkent"]) == 0.0
    assert metrics.exact_match("", ["Tashkent"]) == 0.0
    assert metrics.exact_match("anything", []) is None


def test_token_f1_is_the_harmonic_mean_of_token_precision_and_recall() -> None:
    # 2 of 4 tokens are shared with the 2 of the reference: P = 1/2, R = 1, F1 = 2/3
    assert metrics.token_f1("founded in 2001 there", ["founded 2001"]) == pytest.approx(2 / 3)
    # a token counts as often as both hold it: 1 of 2 and 1 of 1
    assert metrics.token_f1("rye rye", ["rye"]) == pytest.approx(2 / 3)
    assert metrics.token_f1("oats", ["rye"]) == 0.0
    assert metrics.token_f1("", ["rye"]) == 0.0
    assert metrics.token_f1("the", ["a"]) == 1.0
    assert metrics.token_f1("rye", ["oats", "rye"]) == 1.0
    assert metrics.token_f1("rye", []) is None


def test_citation_recall_is_the_share_of_needs_that_are_cited() -> None:
    needs = ((DocumentSpan("d", 0, 10), DocumentSpan("d", 50, 60)), (DocumentSpan("d", 20, 30),))
    assert metrics.citation_recall([DocumentSpan("d", 50, 60)], needs) == 0.5
    assert metrics.citation_recall([DocumentSpan("d", 0, 40)], needs) == 1.0
    assert metrics.citation_recall([], needs) == 0.0
    assert metrics.citation_recall([DocumentSpan("d", 0, 10)], ()) is None


def test_citation_precision_is_the_share_of_citations_that_stand_on_evidence() -> None:
    needs = ((DocumentSpan("d", 0, 10),),)
    cited = [
        DocumentSpan("d", 0, 10),
        DocumentSpan("d", 5, 15),
        DocumentSpan("d", 20, 30),
        DocumentSpan("e", 0, 10),
    ]
    assert metrics.citation_precision(cited, needs) == 0.5
    assert metrics.citation_precision([], needs) is None
    assert metrics.citation_precision(cited, ()) is None


ABSTENTIONS = [  # unanswerable, abstained: 2 right, 1 wrong, 1 missed, 2 rightly answered
    (True, True),
    (True, True),
    (False, True),
    (True, False),
    (False, False),
    (False, False),
]


@pytest.mark.parametrize(
    ("terms", "value"),
    [
        (metrics.precision_terms, 2 / 3),
        (metrics.recall_terms, 2 / 3),
        (metrics.f1_terms, 2 / 3),
    ],
)
def test_abstention_is_measured_as_a_class_of_its_own(terms: object, value: float) -> None:
    assert callable(terms)
    assert metrics.ratio([terms(*pair) for pair in ABSTENTIONS]) == pytest.approx(value)


def test_abstention_f1_is_the_harmonic_mean_where_precision_and_recall_differ() -> None:
    # one right of two abstentions (P = 1/2), of one unanswerable question (R = 1): F1 = 2/3
    pairs = [(True, True), (False, True), (False, False)]
    assert metrics.ratio([metrics.f1_terms(*pair) for pair in pairs]) == pytest.approx(2 / 3)


def test_false_answers_and_false_abstentions_are_shares_of_what_is_labelled_so() -> None:
    pairs = [(unanswerable, not abstained) for unanswerable, abstained in ABSTENTIONS]
    assert metrics.ratio([metrics.false_answer_terms(*pair) for pair in pairs]) == pytest.approx(
        1 / 3
    )
    assert metrics.ratio(
        [metrics.false_abstention_terms(*pair) for pair in pairs]
    ) == pytest.approx(1 / 3)


def test_a_ratio_without_terms_is_undefined() -> None:
    assert metrics.ratio([]) is None
    assert metrics.ratio([None, None]) is None
    assert metrics.ratio([(1, 2), None, (2, 2)]) == 0.75


def test_risk_grows_with_coverage_as_less_sure_answers_are_kept() -> None:
    points = metrics.risk_coverage([0.2, 0.9, 0.6], [False, True, True])
    assert points == [(1 / 3, 0.0), (2 / 3, 0.0), (1.0, pytest.approx(1 / 3))]
    area = metrics.area_under_risk_coverage([0.2, 0.9, 0.6], [False, True, True])
    assert area == pytest.approx(1 / 9)


def test_equal_confidences_spread_their_risk_evenly() -> None:
    assert metrics.risk_coverage([0.5, 0.5], [False, True]) == [(0.5, 0.5), (1.0, 0.5)]
    assert metrics.risk_coverage([0.5, 0.5], [True, False]) == [(0.5, 0.5), (1.0, 0.5)]


def test_risk_without_answers_is_undefined() -> None:
    assert metrics.risk_coverage([], []) == []
    assert metrics.area_under_risk_coverage([], []) is None


def test_percentiles_are_interpolated() -> None:
    assert metrics.percentile([1.0, 2.0, 3.0, 4.0], 0.5) == 2.5
    assert metrics.percentile([0.0, 10.0], 0.95) == pytest.approx(9.5)
    assert metrics.percentile([], 0.5) is None


def test_the_bootstrap_draws_the_same_every_time() -> None:
    assert np.array_equal(metrics.resamples(7), metrics.resamples(7))
    assert metrics.resamples(3, samples=5).shape == (5, 3)


def test_the_interval_holds_the_middle_95_percent_and_leaves_out_what_is_undefined() -> None:
    statistics = np.arange(101, dtype=np.float64)
    assert metrics.interval(statistics) == pytest.approx((2.5, 97.5))
    assert metrics.interval(np.array([np.nan, 4.0])) == (4.0, 4.0)
    assert metrics.interval(np.array([np.nan])) is None
