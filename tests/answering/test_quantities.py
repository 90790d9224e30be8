import pytest

from assistant.answering.quantities import Kind, same, values


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
    ],
)
def test_another_value_or_unit_is_not_the_same(said: str, source: str) -> None:
    assert not stands(f"of {said}", source)


def test_may_and_one_are_no_values_where_they_only_look_like_some() -> None:
    assert values("You may ask") == []
    (one,) = values("one of the members")
    assert one.is_vague


def test_a_value_knows_where_it_stands() -> None:
    text = "It cost more than $22 billion in 2018."
    assert [text[value.start : value.end] for value in values(text)] == ["$22 billion", "2018"]
    assert all(value.kind is Kind.NUMBER for value in values(text))
