from decimal import Decimal

import pytest

from assistant.checking.values.numerals import (
    and_a_half,
    decade,
    fraction,
    multiple,
    ordinal,
    plural_scale,
    roman,
    scale_at,
    scaled,
    small,
    spelt,
)
from assistant.checking.values.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "amount", "count"),
    [
        ("twenty", 20, 1),
        ("twenty-seven seats", 27, 3),
        ("twenty ten", 20, 1),
        ("one hundred and twenty-seven", 127, 6),
        ("eleven hundred", 1100, 2),
        ("three hundred thousand", 300_000, 3),
        ("a dozen", 12, 2),
        ("a hundred", 100, 2),
        ("half an hour", Decimal("0.5"), 2),
        ("½", Decimal("0.5"), 1),
        ("⅓", Decimal("0.3333"), 1),
        ("five and six", 5, 1),
    ],
)
def test_a_number_in_words_is_read(text: str, amount: Decimal, count: int) -> None:
    assert spelt(tokenize(text), 0) == (amount, count)


@pytest.mark.parametrize("text", ["otters", "a", "half", "hundred", "and"])
def test_other_words_are_not_numbers(text: str) -> None:
    assert spelt(tokenize(text), 0) is None


@pytest.mark.parametrize(
    ("text", "half", "end"),
    [("3 and a half", "0.5", 4), ("3½", "0.5", 2), ("3 and more", "0", 1), ("3", "0", 1)],
)
def test_a_half_is_added_behind_a_number(text: str, half: str, end: int) -> None:
    assert and_a_half(tokenize(text), 1) == (Decimal(half), end)


@pytest.mark.parametrize(
    ("text", "is_money", "amount", "end"),
    [
        ("2 million", False, 2_000_000, 2),
        ("2 hundred thousand", False, 200_000, 3),
        ("2k", False, 2000, 2),
        ("2 m", False, 2, 1),
        ("2m", True, 2_000_000, 2),
        ("2 bn", True, 2_000_000_000, 2),
        ("2 otters", False, 2, 1),
    ],
)
def test_a_number_is_scaled(text: str, is_money: bool, amount: int, end: int) -> None:
    tokens = tokenize(text.replace("2k", "2 k").replace("2m", "2 m"))
    touching = tokenize(text) if len(tokenize(text)) == len(tokens) else tokens
    found = scaled(touching, 1, Decimal(2), is_money=is_money, is_digits=True)
    assert found == (Decimal(amount), end)


def test_the_end_of_a_text_is_not_a_scale() -> None:
    tokens = tokenize("2 dozen")
    assert (scale_at(tokens, 1), scale_at(tokens, 0), scale_at(tokens, 2)) == (12, 0, 0)


@pytest.mark.parametrize(
    ("text", "number", "end"),
    [
        ("21st", 21, 1),
        ("1,021st", 1021, 1),
        ("twenty-first", 21, 3),
        ("thirtieth", 30, 1),
        ("first", 1, 1),
        ("twenty-one", 0, 1),
        ("otters", 0, 1),
    ],
)
def test_an_ordinal_is_read(text: str, number: int, end: int) -> None:
    assert ordinal(tokenize(text), 0) == (number, end)


@pytest.mark.parametrize(
    ("text", "percent", "end"),
    [
        ("half of them", 50, 1),
        ("a quarter of it", 25, 2),
        ("three quarters", 75, 2),
        ("three-fifths", 60, 3),
    ],
)
def test_a_fraction_is_read_in_percent(text: str, percent: int, end: int) -> None:
    assert fraction(tokenize(text), 0) == (Decimal(percent), end)


@pytest.mark.parametrize(
    "text", ["half past", "a third party", "three quarter", "twenty fifths", "a"]
)
def test_other_words_are_not_fractions(text: str) -> None:
    assert fraction(tokenize(text), 0) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("twice", (2, 1)),
        ("tripled", (3, 1)),
        ("once a week", (1, 1)),
        ("once", None),
        ("fourfold", (4, 1)),
        ("30-fold", (30, 3)),
        ("thirty fold", (30, 2)),
        ("30 times", None),
    ],
)
def test_a_multiple_is_read(text: str, expected: tuple[int, int] | None) -> None:
    assert multiple(tokenize(text), 0) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [("I", 1), ("IV", 4), ("IX", 9), ("XIV", 14), ("XXXIX", 39), ("XL", 0), ("IIII", 0), ("", 0)],
)
def test_a_roman_numeral_is_read(text: str, value: int) -> None:
    assert roman(text) == value


def test_single_words_are_read() -> None:
    assert (decade("nineties"), decade("ninety")) == ("90s", "")
    assert (plural_scale("hundreds"), plural_scale("hundred")) == (Decimal(200), None)
    assert (small("twelve"), small("hundred")) == (12, 0)
