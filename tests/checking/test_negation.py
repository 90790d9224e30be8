import pytest

from assistant.checking.negation import Denial, bound, denials, flipped
from assistant.storage.stemming import Stemmer

STEMMER = Stemmer()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Otters do not eat crabs.", [Denial("not", ("eat", "crab"), ("otter",))]),
        ("Otters don’t eat crabs.", [Denial("don't", ("eat", "crab"), ("otter",))]),
        ("Otters eat crabs.", []),
        ("Otters eat not only crabs.", []),
        ("It has no doubt ended.", []),
        ("Never swim, but run.", [Denial("never", ("swim",), ())]),
        ("They left without.", [Denial("without", (), ("left",))]),
        ("No tax, no fee.", [Denial("no", ("tax",), ()), Denial("no", ("fee",), ())]),
    ],
)
def test_a_denial_has_the_stems_around_it_within_its_clause(
    text: str, expected: list[Denial]
) -> None:
    assert denials(text, STEMMER) == expected


def test_a_denial_reaches_six_words_far() -> None:
    (denial,) = denials("not red orange yellow green blue violet black", STEMMER)
    assert denial.stems == ("red", "orang", "yellow", "green", "blue", "violet")


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("more than ", 1),
        ("at least about ", 1),
        ("no fewer than ", 1),
        ("less than ", -1),
        ("up to ", -1),
        ("not more than ", -1),
        ("no longer than ", -1),
        ("does not exceed ", -1),
        ("didn’t exceed ", -1),
        ("not less than ", 1),
        ("not before ", 1),
        ("moreover ", 0),
        ("Dover ", 0),
        ("exactly ", 0),
        ("", 0),
    ],
)
def test_the_words_before_a_value_limit_it(before: str, expected: int) -> None:
    assert bound(f"{before}20 members", len(before)) == expected


@pytest.mark.parametrize(
    ("said", "source", "expected"),
    [
        ("Otters do not eat crabs.", "Otters eat crabs.", "says this without “not”"),
        (
            "Otters eat crabs.",
            "Otters never eat crabs.",
            "says “never” where the sentence does not",
        ),
        ("Otters do not eat crabs.", "Otters never eat crabs.", ""),
        ("Otters do not accept crabs.", "Otters refuse crabs.", ""),
        ("The office is not used.", "The office is unused.", ""),
        ("Otters do not fly.", "Otters eat crabs.", ""),
        ("They ate without bread.", "They ate bread.", "says this without “without”"),
        ("They ate without bread.", "They ate no bread.", ""),
    ],
)
def test_what_is_denied_on_one_side_alone_is_told(said: str, source: str, expected: str) -> None:
    assert flipped(said, [source], STEMMER) == expected
