import pytest

from assistant.checking.values.dates import Date, read_date, same_date
from assistant.checking.values.tokens import tokenize


@pytest.mark.parametrize(
    ("text", "date", "count"),
    [
        ("2001-06-15", Date(2001, 6, 15), 1),
        ("15/06/2001", Date(2001, 6, 15), 1),
        ("06/15/2001", Date(2001, 6, 15), 1),
        ("03.04.2001", Date(2001, 4, 3), 1),
        ("03/04/2001", Date(2001, 4, 3, is_ambiguous=True), 1),
        ("04/04/2001", Date(2001, 4, 4), 1),
        ("FY2018", Date(2018), 1),
        ("15 June 2001", Date(2001, 6, 15), 3),
        ("15th of June, 2001", Date(2001, 6, 15), 5),
        ("June 15, 2001", Date(2001, 6, 15), 4),
        ("June the 15th", Date(None, 6, 15), 3),
        ("Jun. 15", Date(None, 6, 15), 3),
        ("June 2001 was", Date(2001, 6), 2),
        ("June was", Date(None, 6), 1),
        ("twenty-first of June", Date(None, 6, 21), 5),
        ("may 2020", Date(2020, 5), 2),
    ],
)
def test_a_date_is_read_with_the_tokens_it_takes(text: str, date: Date, count: int) -> None:
    assert read_date(tokenize(text), 0) == (date, count)


@pytest.mark.parametrize(
    "text",
    ["2001", "32 June", "15 otters", "may ask", "May we ask", "march on", "13/14/2001", "Dec"],
)
def test_other_texts_are_not_dates(text: str) -> None:
    assert read_date(tokenize(text), 0) is None


def test_a_month_that_is_also_a_word_is_one_behind_a_preposition() -> None:
    assert read_date(tokenize("in May"), 1) == (Date(None, 5), 2)


@pytest.mark.parametrize(
    ("said", "source", "expected"),
    [
        (Date(2001), Date(2001, 6, 15), True),
        (Date(2001, 6, 15), Date(2001), False),
        (Date(2001, 6), Date(2001, 7), False),
        (Date(2001, 4, 3), Date(2001, 4, 3, is_ambiguous=True), True),
        (Date(2001, 3, 4), Date(2001, 4, 3, is_ambiguous=True), True),
        (Date(2001, 4, 3, is_ambiguous=True), Date(2001, 3, 4), True),
        (Date(2001, 4, 3, is_ambiguous=True), Date(2001, 3, 5), False),
    ],
)
def test_a_source_must_have_all_parts_that_were_said(
    said: Date, source: Date, expected: bool
) -> None:
    assert same_date(said, source) is expected
