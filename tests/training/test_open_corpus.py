"""The figures of the open corpus, on readings that are given."""

from training.data import Row
from training.open_corpus import Asked, Fused, first_right, weighed, weighed_figures
from training.reading import Reading, Weights

CORPUS = [
    "The mill of Arden was built in 1802 by the guild of weavers.",
    "The mill of Borva was built in 1805 by a merchant.",
    "Rain fell on the harbour for many days.",
]
WEIGHTS = Weights(answers=0.0, margin=1.0, bias=0.0)


def asked(question: str, right: int, margins: tuple[float, float, float]) -> Asked:
    row = Row("1", "squad2", "Towns", question, CORPUS[right], ("180",), ())
    readings = tuple(Reading(0, 10, 1.0, margin, 0.0) for margin in margins)
    return Asked(row, Fused((0, 1, 2), (0.2, 0.1, 0.0)), readings)


ARDEN = asked("When was the mill of Arden built?", 0, (1.0, 1.2, -3.0))
ELSEWHERE = asked("Which composer wrote the opera?", 2, (-4.0, -4.0, -4.0))


def test_the_products_weighing_prefers_the_passage_that_has_the_questions_rare_words() -> None:
    (scores,) = weighed([ARDEN], CORPUS, WEIGHTS)
    assert scores[0] > scores[1] > scores[2]
    assert first_right([ARDEN], CORPUS, WEIGHTS, 0.0) == 0.0, "the reading alone prefers the other"
    assert weighed_figures([ARDEN], [ELSEWHERE], CORPUS, WEIGHTS) == {
        "weighed_first": 1.0,
        "weighed_auroc_other_articles": 1.0,
    }
