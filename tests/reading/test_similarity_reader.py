from collections.abc import Iterable

import numpy as np
import pytest

from assistant import WindowText
from assistant.reading.similarity_reader import SimilarityReader, SimilarityWeights, kind_matches
from assistant.reading.weighing import Commonness, logistic
from assistant.storage.stemming import Stemmer
from assistant.testing import WordEncoder
from assistant.text.sentences import sentences

EVEN = SimilarityWeights(
    bias=0.0, cosine=1.0, coverage=0.0, passage_coverage=0.0, unknown=0.0, kind=0.0
)


def frequencies(stems: Iterable[str]) -> dict[str, int]:
    return {stem: 1 for stem in stems if stem != "zebra"}


def reader(weights: SimilarityWeights = EVEN) -> SimilarityReader:
    stemmer = Stemmer()
    return SimilarityReader(WordEncoder(), stemmer, Commonness(stemmer, frequencies, 8), weights)


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("When did it open?", "It opened in 1999.", 1.0),
        ("When did it open?", "It opened on Monday.", 1.0),
        ("When did it open?", "It opened.", 0.0),
        ("How many came?", "Twelve came.", 1.0),
        ("How many came?", "Many came.", 0.0),
        ("Who signed it?", "It was signed by Ada.", 1.0),
        ("Who signed it?", "It was signed.", 0.0),
        ("Where was it?", "It was in Barrow.", 1.0),
        ("Where was it?", "It was late.", 0.0),
        ("Why did they leave?", "They left because of the rain.", 1.0),
        ("Why did they leave?", "They left.", 0.0),
        ("What is an otter?", "An otter swims.", 0.5),
    ],
)
def test_the_kind_of_thing_that_is_asked_for(question: str, sentence: str, expected: float) -> None:
    assert kind_matches(question, sentence) == expected


def test_the_probability_is_a_logistic_regression() -> None:
    weights = SimilarityWeights(
        bias=-1.0, cosine=2.0, coverage=1.0, passage_coverage=1.0, unknown=-1.0, kind=4.0
    )
    assert weights.probability([0.5, 0.0, 0.0, 0.0, 0.0]) == 0.5
    assert weights.probability([0.5, 1.0, 1.0, 2.0, 0.5]) == pytest.approx(logistic(2.0))


def test_every_sentence_is_a_reading_the_most_probable_first() -> None:
    passage = "Zebras run. Otters swim."
    (found,) = reader().read("otters swim", [WindowText("", passage)])
    readings = found.spans
    assert [passage[one.start : one.end] for one in readings] == ["Otters swim.", "Zebras run."]
    assert readings[0].probability == pytest.approx(logistic(1.0))
    assert readings[1].probability == pytest.approx(0.5)


def test_each_passage_has_its_own_readings() -> None:
    passages = [WindowText("", text) for text in ("Zebras run.", "", "Otters swim. They dive.")]
    found = reader().read("otters", passages)
    assert [len(reading.spans) for reading in found] == [1, 0, 2]
    assert reader().read("otters", []) == []


def test_features_of_a_sentence() -> None:
    passages = ["Otters swim. Zebras run."]
    spans = [sentences(passages[0])]
    rows = reader().features("otters swim zebra", passages, spans)
    assert rows.shape == (2, 5)
    cosine, coverage, whole, unknown, kind = rows[0]
    # otter and swim weigh log(1 + 8 / 1.5) each, zebra, which no chunk has, log(1 + 8 / 0.5)
    known, rare = np.log(1 + 8 / 1.5), np.log(1 + 8 / 0.5)
    assert cosine == pytest.approx(2 / np.sqrt(3 * 2))
    assert rows[1][0] == pytest.approx(0.0)
    assert coverage == pytest.approx(2 * known / (2 * known + rare))
    assert rows[1][1] == pytest.approx(rare / (2 * known + rare))
    assert whole == rows[1][2] == pytest.approx(1.0)
    assert unknown == pytest.approx(rare / (2 * known + rare))
    assert kind == 0.5


def test_without_a_sentence_there_are_no_features() -> None:
    assert reader().features("q", [""], [[]]).shape == (0, 5)
