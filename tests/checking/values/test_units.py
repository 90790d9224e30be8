from decimal import Decimal

import pytest

from assistant.checking.values.units import CURRENCY_CODES, CURRENCY_SIGNS, UNITS


@pytest.mark.parametrize(
    ("one", "count", "other"),
    [
        ("hour", 60, "minutes"),
        ("fortnight", 2, "weeks"),
        ("decade", 10, "years"),
        ("km", 1000, "m"),
        ("kg", 1000, "grams"),
        ("GHz", 1000, "MHz"),
        ("m²", 1_000_000, "mm²"),
        ("percent", 1, "%"),
        ("eur", 1, "euros"),
    ],
)
def test_a_unit_amounts_to_so_many_of_another(one: str, count: int, other: str) -> None:
    assert UNITS[one].dimension == UNITS[other].dimension
    assert UNITS[one].factor == count * UNITS[other].factor


@pytest.mark.parametrize(
    ("one", "other"),
    [("days", "months"), ("miles", "km"), ("lb", "pounds"), ("percent", "points"), ("V", "A")],
)
def test_units_of_different_dimensions_are_not_comparable(one: str, other: str) -> None:
    assert UNITS[one].dimension != UNITS[other].dimension


def test_every_dimension_has_a_smallest_unit() -> None:
    smallest: dict[str, Decimal] = {}
    for unit in UNITS.values():
        smallest[unit.dimension] = min(unit.factor, smallest.get(unit.dimension, unit.factor))
    hertz = smallest.pop("hertz")
    assert hertz == 1_000_000  # megahertz is the least that has a name here
    assert set(smallest.values()) == {Decimal(1)}


def test_currencies_are_dimensions_of_units() -> None:
    dimensions = {unit.dimension for unit in UNITS.values()}
    assert {*CURRENCY_SIGNS.values(), *CURRENCY_CODES.values()} <= dimensions
