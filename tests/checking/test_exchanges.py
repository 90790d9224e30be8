import time

import pytest

from assistant.checking.exchanges import NOTHING, exchanged
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon

STEMMER = Stemmer()
PASSAGE = (
    "The keeper feeds the otters at nine and counts the seals at eleven. "
    "Ada Quill opened the pool in 1998, and Tom Marsh closed the museum in 2004. "
    "A ticket costs 7 euros for adults and 3 euros for pupils. "
    "Visitors who come after the storm see some of the birds. "
    "The owner lengthened the path from Barrow to Penwick. "
    "Two nurses visit the station every week. Volunteers clean the windows. "
    "Her letters are kept in the town library. The tower has a lamp."
)
SENTENCES = [f"{sentence}." for sentence in PASSAGE.rstrip(".").split(". ")]


def found(sentence: str) -> tuple[str, str]:
    """Return what is exchanged, with the two sentences of the passage that share most words."""
    words = set(sentence.lower().rstrip(".").split())
    nearest = sorted(
        SENTENCES, key=lambda one: -len(words.intersection(one.lower().rstrip(".").split()))
    )
    carrying = sorted(nearest[:2], key=SENTENCES.index)
    return exchanged(sentence, carrying, PASSAGE, frozenset({"ada", "quill", "tom"}), STEMMER)


@pytest.mark.parametrize(
    ("sentence", "replaced", "own"),
    [
        ("The keeper feeds the otters at eleven and counts the seals at nine.", "eleven", "nine"),
        ("A ticket costs 3 euros for adults and 7 euros for pupils.", "3 euros", "7 euros"),
        ("Tom Marsh opened the pool in 1998.", "Tom Marsh", "Ada Quill"),
        ("A ticket costs 9 euros for adults.", "9 euros", "7 euros"),
        ("The keeper feeds the seals at nine and counts the otters at eleven.", "seals", "otters"),
        ("Visitors who come before the storm see some of the birds.", "before", "after"),
        ("Visitors who come after the storm see all of the birds.", "all", "some"),
        ("The owner shortened the path from Barrow to Penwick.", "shortened", "lengthened"),
        ("The owner lengthened the path from Wick to Penwick.", "Wick", "Barrow"),
        ("Two nurses clean the windows.", "Two nurses", "volunteers"),
        ("Her letters are kept in the tower.", "tower", "town library"),
    ],
)
def test_what_is_put_in_anothers_place_is_found(sentence: str, replaced: str, own: str) -> None:
    assert found(sentence) == (replaced, own)


@pytest.mark.parametrize(
    "sentence",
    [
        *SENTENCES,
        "At eleven the keeper counts the seals.",
        "The seals are counted at eleven and the otters fed at nine.",
        "Adults pay 7 euros for a ticket, pupils 3 euros.",
        "In 1998 the pool was opened by Ada Quill.",
        "Ada Quill opened the basin in 1998.",
        "After the storm, visitors see several of the birds.",
        "A nurse comes weekly.",
        "The windows are cleaned by volunteers.",
        "The town library keeps her letters.",
        "Otters.",
        "",
    ],
)
def test_other_words_and_another_order_of_clauses_exchange_nothing(sentence: str) -> None:
    assert found(sentence) == NOTHING


@pytest.mark.parametrize("line", lexicon("opposites"))
def test_opposites_do_not_stand_for_each_other(line: str) -> None:
    first, second = line.split()
    for claimed, written in ((first, second), (second, first)):
        source = f"Otters and seals swim {written} beavers near rivers."
        sentence = f"Otters and seals swim {claimed} beavers near rivers."
        assert exchanged(sentence, [source], source, frozenset(), STEMMER) != NOTHING


@pytest.mark.parametrize("text", ["a ", "Ada ", "7 ", "otters ", "of the ", ", ", "x. "])
def test_a_long_text_takes_little_time(text: str) -> None:
    sentence, passage = (text * 1000)[:400], (text * 10_000)[:20_000]
    started = time.process_time()
    exchanged(sentence, [passage[:1000], passage[1000:2000]], passage, frozenset(), STEMMER)
    assert time.process_time() - started < 2
