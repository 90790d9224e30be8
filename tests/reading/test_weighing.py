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
    sentence_around,
)
from assistant.storage.stemming import Stemmer
from assistant.testing import WordEncoder

FREQUENCIES = {"price": 8, "2024": 1, "2025": 1}


def frequencies(stems: Iterable[str]) -> dict[str, int]:
    return {stem: FREQUENCIES[stem] for stem in stems if stem in FREQUENCIES}


class SureReader:
    """Finds the whole of every passage, always equally sure."""

    threshold = 0.5

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


def test_of_two_equal_readings_the_one_about_the_right_year_wins() -> None:
    weights = ReadingWeights(bias=0.0, reading=1.0, coverage=1.0, unknown=0.0)
    reader = WeighingReader(SureReader(), common(), WordEncoder(), weights)
    right, wrong = reader.read("price in 2024?", windows("price of 2024", "price of 2025"))
    assert right.spans[0].probability > wrong.spans[0].probability


def test_of_two_equal_readings_the_one_whose_sentence_is_nearer_wins() -> None:
    weights = ReadingWeights(bias=0.0, reading=1.0, coverage=0.0, unknown=0.0, likeness=1.0)
    reader = WeighingReader(SureReader(), common(), WordEncoder(), weights)
    far, near = reader.read("otters swim", windows("Zebras run.", "Otters swim."))
    assert near.spans[0].probability == pytest.approx(logistic(1.0))
    assert far.spans[0].probability == pytest.approx(0.5)


def test_only_the_sentence_that_was_read_is_compared() -> None:
    passage = "Otters swim. Zebras run."
    assert sentence_around(passage, Reading(13, 19, 0.5)) == "Zebras run."
    assert sentence_around(passage, Reading(7, 19, 0.5)) == passage


def test_only_the_likeliest_readings_are_compared() -> None:
    encoder = WordEncoder()
    passages = windows(*(f"Text {n}." for n in range(9)))
    WeighingReader(SureReader(), common(), encoder).read("price", passages)
    assert len(encoder.encoded) == 1 + 4


def test_the_weights_are_those_of_a_logistic_regression() -> None:
    weights = ReadingWeights(bias=-1.0, reading=1.0, coverage=2.0, unknown=-1.0, likeness=3.0)
    assert weights.logit(0.5, 0.5, 0.0, 0.0) == pytest.approx(0.0)
    assert weights.logit(0.5, 0.5, 1.0, 0.5) == pytest.approx(0.5)
    assert logistic(0.0) == 0.5


def test_log_odds_are_bounded() -> None:
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(13.8155, abs=1e-3)
    assert log_odds(0.0) == pytest.approx(-13.8155, abs=1e-3)
