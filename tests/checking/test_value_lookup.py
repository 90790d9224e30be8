from dataclasses import replace

import pytest

from assistant.checking.value_lookup import ValueLookup
from assistant.checking.values.quantities import same, values

SOURCE = (
    "At least 20 members met on 15 April 2025, and 20 left before 16 May at 17:00. In the 1990s "
    "there were three hundred of them, in Rillo 8; one of them paid 5 dollars a day."
)


def found(said: str, source: str = SOURCE, *, is_one: bool = False) -> list[str]:
    (value,) = values(said)
    occurrences = ValueLookup(source, values(source)).find(value, is_one=is_one)
    places = [place for one in occurrences for place in one.places.values()]
    return [source[place.start : place.end] for place in places]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("of 20", ["20", "20"]),
        ("of 21", []),
        ("in 2025", ["15 April 2025"]),
        ("on April 15th", ["15 April 2025"]),
        ("in May", ["16 May"]),
        ("on 16 May 2025", ["16 May"]),
        ("on 16 May 2024", []),
        ("at 5 pm", ["17:00"]),
        ("in the nineties", ["1990s"]),
        ("the Rillo 8", ["Rillo 8"]),
        ("hundreds", ["three hundred"]),
        ("five dollars", ["5 dollars"]),
        ("five euros", []),
    ],
)
def test_the_values_that_are_the_same_are_found(said: str, expected: list[str]) -> None:
    assert found(said) == expected


def test_a_vague_value_is_found_only_where_a_single_thing_is_meant() -> None:
    assert found("a day", is_one=False) == []
    assert found("a day", is_one=True) == ["a day"]


def test_places_are_told_apart_by_their_bound() -> None:
    (value,) = values("of 20")
    (twenty,) = ValueLookup(SOURCE, values(SOURCE)).find(value, is_one=False)
    assert set(twenty.places) == {0, 1}
    assert twenty.places[1].start == SOURCE.index("20")


def test_it_finds_what_a_comparison_with_each_value_finds() -> None:
    said = (
        "20, 300, 3, 2025, 1990, hundreds, dozens, May, 15 April, 16 May 2025, 5 pm, 90s, 5 dollars"
    )
    lookup = ValueLookup(SOURCE, values(SOURCE))
    for value in values(said):
        compared = {
            replace(other, start=0, end=0) for other in values(SOURCE) if same(value, other)
        }
        assert compared <= {one.value for one in lookup.find(value, is_one=True)}, value
