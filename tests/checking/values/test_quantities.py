import pytest

from assistant.checking.values.quantities import Kind, same, values


def stands(said: str, source: str) -> bool:
    (value,) = values(said)
    return any(same(value, other) for other in values(source))


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("1,500,000", "about 1.5 million people"),
        ("twenty", "20 seats"),
        ("127", "one hundred and twenty-seven projects"),
        ("24 hours", "twenty-four hours"),
        ("two weeks", "within 14 days"),
        ("24 months", "2 years"),
        ("half an hour", "30 minutes"),
        ("10 percent", "10%"),
        ("10 per cent", "from 10 to 200 percent"),
        ("22 billion dollars", "$22 billion"),
        ("$22bn", "22 billion US dollars"),
        ("€4.90", "4.90 euros"),
        ("84 euros", "from 84 to 89 euros"),
        ("5 pm", "at 17:00"),
        ("noon", "until 12:00"),
        ("April 15th", "15 April 2025"),
        ("2025-04-15", "on April 15, 2025"),
        ("18 September", "from 18 to 21 September"),
        ("2003", "in May 2003"),
        ("May", "the 3rd of May"),
        ("the 18th meeting", "the eighteenth meeting"),
        ("Rillo 8", "the Rillo 8 controller"),
        ("1.8 m", "a 180 cm cable"),
        ("IP65", "class IP65"),
        ("−20 °C", "from −20 to 50 °C"),
        ("minus five degrees Celsius", "−5 °C"),
        ("twenty-six", "26 countries"),
        ("three hundred thousand", "300,000"),
        ("eleven hundred", "1,100"),
        ("three and a half million", "3.5 million"),
        ("an hour and a half", "90 minutes"),
        ("1½ kg", "1.5 kg"),
        ("2.5bn", "2.5 billion"),
        ("300k", "300,000"),
        ("1.000.000 euros", "1,000,000 euros"),
        ("USD 2.5 billion", "$2.5bn"),
        ("EUR 20", "20 euros"),
        ("five per cent", "5%"),
        ("a quarter of it", "25 percent"),
        ("two thirds", "two-thirds of the land"),
        ("half of them", "half the members"),
        ("the 21st", "the twenty-first century"),
        ("the twenty-second", "the 22nd"),
        ("the third quarter", "Q3 2018"),
        ("15/06/2001", "15 June 2001"),
        ("06/15/2001", "15 June 2001"),
        ("03/04/2001", "April 3, 2001"),
        ("15.06.2001", "June 15th, 2001"),
        ("Jun. 15, 2001", "15 June 2001"),
        ("may 2020", "in May 2020"),
        ("2018", "in FY2018"),
        ("the nineties", "in the 1990s"),
        ("World War II", "the World War Two"),
        ("Chapter 4", "in Chapter IV"),
        ("twice", "two times"),
        ("tripled", "a threefold rise"),
        ("30-fold", "30 times"),
        ("three times", "three start times"),
        ("hundreds", "some 1,200 people"),
        ("two weeks", "a fortnight"),
    ],
)
def test_the_same_value_written_differently_is_the_same(said: str, source: str) -> None:
    assert stands(said if said[0].islower() else f"of {said}", source)


@pytest.mark.parametrize(
    ("said", "source"),
    [
        ("2004", "in 2003"),
        ("20 seconds", "20 minutes"),
        ("22 billion euros", "$22 billion"),
        ("12 percent", "12 units"),
        ("15 April", "15 May 2025"),
        ("15 April 2024", "15 April 2025"),
        ("the Rillo 4", "the Rillo 8 has 4 screws"),
        ("4 zones", "the Rillo 4"),
        ("5 am", "17:00"),
        ("IP20", "IP65"),
        ("3.0.4", "3.0.3"),
        ("20 °C", "−20 °C"),
        ("22 million", "22 billion"),
        ("the third member", "three members"),
        ("twenty-seven", "26 countries"),
        ("2.5bn", "2.5 million"),
        ("USD 20", "20 euros"),
        ("six per cent", "5%"),
        ("a third of it", "two thirds"),
        ("the twenty-second", "the 21st"),
        ("15/06/2001", "15 July 2001"),
        ("03/04/2001", "5 April 2001"),
        ("the eighties", "in the 1990s"),
        ("1995", "in the 1990s"),
        ("World War I", "World War II"),
        ("Chapter V", "in Chapter IV"),
        ("twice", "three times"),
        ("tripled", "it doubled"),
        ("fourfold", "it tripled"),
        ("20 times", "20 percent"),
        ("hundreds", "eight members"),
        ("dozens", "a dozen"),
        ("¼ kg", "½ kg"),
    ],
)
def test_another_value_or_unit_is_not_the_same(said: str, source: str) -> None:
    assert not stands(f"of {said}", source)


def test_the_second_year_of_a_range_may_be_short() -> None:
    assert [value.amount for value in values("from 2001–03, or rooms 12-14")] == [
        2001,
        2003,
        12,
        14,
    ]


def test_may_and_one_are_no_values_where_they_only_look_like_some() -> None:
    assert values("You may ask") == ()
    (one,) = values("one of the members")
    assert one.is_vague


def test_a_value_knows_where_it_stands() -> None:
    text = "It cost more than $22 billion in 2018."
    assert [text[value.start : value.end] for value in values(text)] == ["$22 billion", "2018"]
    assert all(value.kind is Kind.NUMBER for value in values(text))


@pytest.mark.parametrize(
    ("text", "amounts"), [("Vitamin A", []), ("an", []), ("a_b", []), ("It grew by 1 and a", [1])]
)
def test_a_text_may_end_with_an_article(text: str, amounts: list[int]) -> None:
    assert [value.amount for value in values(text)] == amounts


NINES = "9" * 5_000
"""More digits than Python makes an integer of."""


@pytest.mark.parametrize(
    "text",
    [NINES, f"{NINES}th", f"{NINES}-fold", f"{NINES} percent", f"${NINES}", f"1{',999' * 2000}th"],
)
def test_a_number_of_very_many_digits_is_compared_digit_by_digit(text: str) -> None:
    (value, *_) = values(f"of {text}")
    assert value.kind is Kind.LITERAL
    assert same(value, values(f"about {text}")[0])
    assert not same(value, values(f"about {text.replace('9', '8', 1)}")[0])


def test_two_long_numbers_that_differ_in_the_last_digit_are_not_the_same() -> None:
    assert not stands(f"of 1{'0' * 40}1", f"of 1{'0' * 40}2")


def test_no_run_of_scales_makes_a_number_that_overflows() -> None:
    (value,) = values("of 5" + " trillion" * 100)
    assert value.amount < 10**41
