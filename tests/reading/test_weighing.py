from collections.abc import Iterable, Sequence

import pytest

from assistant import PassageReading, Reading, WindowText
from assistant.reading.weighing import (
    Commonness,
    ReadingWeights,
    WeighingReader,
    coverage,
    log_odds,
    logistic,
)
from assistant.storage.stemming import Stemmer
from assistant.types import Thresholds

FREQUENCIES = {"price": 8, "2024": 1, "2025": 1}


EVEN = ReadingWeights(bias=0.0, reading=1.0, coverage=0.0, place=0.0)


def frequencies(stems: Iterable[str]) -> dict[str, int]:
    return {stem: FREQUENCIES[stem] for stem in stems if stem in FREQUENCIES}


class SureReader:
    """Finds the whole of every passage, always equally sure."""

    thresholds = Thresholds(certain=0.5, possible=0.25)

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        return [PassageReading((Reading(0, len(passage.text), 0.5),)) for passage in passages]


def windows(*texts: str) -> list[WindowText]:
    return [WindowText("", text) for text in texts]


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


def weighed(weights: ReadingWeights, question: str, *texts: str) -> list[float]:
    read = WeighingReader(SureReader(), common(), weights).read(question, windows(*texts))
    return [reading.spans[0].probability for reading in read]


def test_the_share_of_common_words_is_weighed() -> None:
    weights = ReadingWeights(bias=0.0, reading=1.0, coverage=1.0, place=0.0)
    right, wrong = weighed(weights, "price in 2024?", "price of 2024", "price of 2025")
    assert right > wrong


def test_of_two_equal_readings_the_one_that_was_retrieved_first_wins() -> None:
    weights = ReadingWeights(bias=0.0, reading=1.0, coverage=0.0, place=-1.0)
    first, second = weighed(weights, "price", "a", "b")
    assert first == pytest.approx(0.5)
    assert second == pytest.approx(1 / 3)


def test_evidence_is_passed_on() -> None:
    class Reader(SureReader):
        def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
            return [PassageReading((), (Reading(0, 1, 0.7),)) for _ in passages]

    (read,) = WeighingReader(Reader(), common(), EVEN).read("price", windows("a"))
    assert read == PassageReading((), (Reading(0, 1, 0.7),))


def test_the_weights_are_those_of_a_logistic_regression() -> None:
    weights = ReadingWeights(bias=-1.0, reading=1.0, coverage=2.0, place=-3.0)
    assert weights.logit(0.5, 0.5, 1) == pytest.approx(0.0)
    assert weights.logit(logistic(2.0), 0.5, 1) == pytest.approx(2.0)
    assert logistic(0.0) == 0.5


def test_log_odds_are_bounded() -> None:
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(13.8155, abs=1e-3)
    assert log_odds(0.0) == pytest.approx(-13.8155, abs=1e-3)
