from collections.abc import Iterable, Sequence

import pytest

from assistant import Reading
from assistant.answering.weighing import Commonness, WeighingReader, Weights, coverage, log_odds
from assistant.retrieval.terms import Stemmer

FREQUENCIES = {"price": 8, "2024": 1, "2025": 1}


def frequencies(stems: Iterable[str]) -> dict[str, int]:
    return {stem: FREQUENCIES[stem] for stem in stems if stem in FREQUENCIES}


class SureReader:
    """Finds the whole of every passage, always equally sure."""

    threshold = 0.5

    def read(self, question: str, passages: Sequence[str]) -> list[list[Reading]]:
        return [[Reading(0, len(passage), 0.5)] for passage in passages]


def common() -> Commonness:
    return Commonness(Stemmer(), frequencies, corpus_size=8)


def test_coverage_is_the_share_of_the_wanted_weight() -> None:
    assert coverage({"a": 3.0, "b": 1.0}, ["a", "c"]) == pytest.approx(0.75)
    assert coverage({"a": 1.0}, []) == 0.0
    assert coverage({}, ["a"]) == 0.0


def test_rare_words_weigh_more_and_function_words_nothing() -> None:
    wanted, unknown = common().weights("What was the price in 2024?")
    assert set(wanted) == {"price", "2024"}
    assert wanted["2024"] > wanted["price"]
    assert unknown == 0.0


def test_the_unknown_share_is_what_no_chunk_has() -> None:
    assert common().weights("zebra")[1] == 1.0
    assert common().weights("")[1] == 0.0


def test_of_two_equal_readings_the_one_about_the_right_year_wins() -> None:
    reader = WeighingReader(SureReader(), common())
    right, wrong = reader.read("price in 2024?", ["price of 2024", "price of 2025"])
    assert right[0].probability > wrong[0].probability


def test_the_weights_are_those_of_a_logistic_regression() -> None:
    weights = Weights(bias=-1.0, reading=1.0, coverage=2.0, unknown=-1.0)
    assert weights.probability(0.5, 0.5, 0.0) == pytest.approx(0.5)
    assert weights.probability(0.5, 0.5, 1.0) == pytest.approx(1 / (1 + 2.718281828))


def test_log_odds_are_bounded() -> None:
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(13.8155, abs=1e-3)
    assert log_odds(0.0) == pytest.approx(-13.8155, abs=1e-3)
