import pytest

from assistant.checking.bindings import misbound
from assistant.checking.names import capitalised
from assistant.storage.stemming import Stemmer

STEMMER = Stemmer()
AREAS = (
    "Members identified 11 priority areas and 127 key projects, and set up seven working groups."
)
PRICES = "The Brisk 4 costs 89 euros. The Brisk 8 costs 219 euros."
JOINED = "Norland joined in 2004, and Sudland joined in 2011."
DEFEATED = "In the final, Norland defeated Sudland after a long game."


def bound(sentence: str, source: str) -> str:
    return misbound(sentence, source, capitalised(source), STEMMER)


@pytest.mark.parametrize(
    ("sentence", "source", "reason"),
    [
        (
            "There are 127 priority areas.",
            AREAS,
            "says “11 priority areas”, not “127 priority areas”",
        ),
        (
            "They set up 11 working groups.",
            AREAS,
            "says “seven working groups”, not “11 working groups”",
        ),
        (
            "The Brisk 8 costs 89 euros.",
            PRICES,
            "says “Brisk 8 costs 219 euros”, not “Brisk 8 costs 89 euros”",
        ),
        (
            "Sudland joined in 2004.",
            JOINED,
            "says “Sudland joined in 2011”, not “Sudland joined in 2004”",
        ),
        (
            "In the final, Sudland defeated Norland.",
            DEFEATED,
            "says it of “Norland” and “Sudland” the other way round",
        ),
    ],
)
def test_what_belongs_to_something_else_is_told(sentence: str, source: str, reason: str) -> None:
    assert bound(sentence, source) == reason


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("There are 127 projects in 11 areas.", AREAS),
        ("Eleven areas have priority.", AREAS),
        ("The Brisk 4 is sold for 89 euros.", PRICES),
        ("In 2011, Sudland became a member.", JOINED),
        ("The game was won by Norland.", DEFEATED),
        ("In the final, Sudland was defeated by Norland.", DEFEATED),
    ],
)
def test_what_is_said_in_another_order_is_not(sentence: str, source: str) -> None:
    assert bound(sentence, source) == ""
