"""Every entry of the word lists for values is read as its list says."""

import pytest

from assistant.checking.values.dates import Date, read_date
from assistant.checking.values.quantities import values
from assistant.checking.values.tokens import tokenize
from assistant.checking.values.units import UNITS
from assistant.text.lexicons import lexicon


def test_there_are_twelve_months() -> None:
    assert len(lexicon("months")) == 12


@pytest.mark.parametrize(("number", "line"), list(enumerate(lexicon("months"), 1)))
def test_a_month_is_read_in_each_form(number: int, line: str) -> None:
    for name in line.split():
        tokens = tokenize(f"15 {name.title()} 2001")
        assert read_date(tokens, 0) == (Date(2001, number, 15), 3)


@pytest.mark.parametrize("word", lexicon("months_that_are_words"))
def test_a_month_that_is_a_word_needs_a_date_around_it(word: str) -> None:
    assert read_date(tokenize(f"{word.title()} otters"), 0) is None


@pytest.mark.parametrize("word", lexicon("words_before_months"))
def test_a_preposition_makes_a_month_of_a_word(word: str) -> None:
    assert read_date(tokenize(f"{word} May"), 1) == (Date(None, 5), 2)


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_is_read_after_a_number(name: str) -> None:
    (value,) = values(f"It was 7 {name}")
    assert value.dimension == UNITS[name].dimension
    assert value.amount == 7 * UNITS[name].factor


@pytest.mark.parametrize("line", [*lexicon("currency_signs"), *lexicon("currency_codes")])
def test_a_currency_is_read_before_a_number(line: str) -> None:
    written, dimension = line.split()
    (value,) = values(f"It cost {written} 5.")
    assert value.amount == 5
    assert value.dimension == dimension


@pytest.mark.parametrize("word", lexicon("words_before_units"))
def test_a_word_may_come_between_a_number_and_its_unit(word: str) -> None:
    (value,) = values(f"It took 5 {word} days.")
    assert value.dimension == "seconds"


@pytest.mark.parametrize("word", lexicon("numbered_words"))
def test_a_numbered_word_takes_a_roman_numeral_of_one_letter(word: str) -> None:
    (value,) = values(f"They read {word.title()} V.")
    assert value.literal == f"{word}5"
