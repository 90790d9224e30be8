"""The units of numbers, and their size in the smallest unit of their dimension."""

from dataclasses import dataclass
from decimal import Decimal

from assistant.text.lexicons import lexicon


@dataclass(frozen=True, slots=True)
class Unit:
    """The dimension that a unit measures, and its size in the dimension's smallest unit."""

    dimension: str
    factor: Decimal


UNITS = {
    name: Unit(dimension, Decimal(factor))
    for dimension, factor, *names in (line.split() for line in lexicon("units"))
    for name in names
}
"""Units by name, in lower case except where only the case tells units apart ("V", "A", "W")."""
CURRENCY_SIGNS = dict(line.split() for line in lexicon("currency_signs"))
CURRENCY_CODES = dict(line.split() for line in lexicon("currency_codes"))
"""Currency codes that come before a number. "US$" is recognized by its sign."""
