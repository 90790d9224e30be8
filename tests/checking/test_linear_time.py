"""The checks of facts and denials take time in proportion to their texts, whatever these hold."""

import time

import pytest

from assistant.checking.facts import Source, facts_of, missing_fact
from assistant.checking.negation import flipped
from assistant.storage.stemming import Stemmer

CHARACTERS = 10_000
SECONDS = 1.5
"""Of the processor; each takes less than a quarter of a second."""
REPEATED = (
    *("Aaaa Bbbb ", "Ab ", "A", "Ada of the ", "Ada Bob (AB) ", "A" + " " * 50),
    *("not ", "not eat ", "without ", "7 ", "5 km ", "1-", "x-", "111.", "a+", "May 3 2001 "),
    *("more than 5 ", "several ", "a "),
)


@pytest.mark.parametrize("repeated", REPEATED)
def test_a_run_of_the_same_takes_linear_time(repeated: str) -> None:
    text = (repeated * CHARACTERS)[:CHARACTERS]
    stemmer = Stemmer()
    started = time.process_time()
    source = Source(text, text)
    assert missing_fact(text, source) == ""
    facts_of(text, source)
    assert flipped(text, [text], stemmer) == ""
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("form", ["{} ", "{} of them, ", "Ada{} ", "Ada Quill{}, ", "{} May {} "])
def test_a_run_of_different_things_takes_linear_time(form: str) -> None:
    letters = str.maketrans("0123456789", "abcdefghij")
    count = CHARACTERS // len(form.format(1000, 2000))
    made = (form.format(number, 1000 + number) for number in range(count))
    text = "".join(made if "Ada" not in form else (one.translate(letters) for one in made))
    started = time.process_time()
    assert missing_fact(text, Source(text, text)) == ""
    assert time.process_time() - started < SECONDS
