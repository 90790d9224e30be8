"""Looks up where a value of a written sentence stands in a source, without comparing it with all."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.checking.negation import bound
from assistant.checking.values.dates import Date
from assistant.checking.values.quantities import Kind, Value, same


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A value of a source with the first of its places for each bound, as `bound` tells it."""

    value: Value
    places: dict[int, Value]


class ValueLookup:
    """The values of a source by what they amount to.

    Building it takes time in proportion to the values, finding one hardly more than to read it:
    what differs in kind and amount is never compared.
    """

    def __init__(self, text: str, found: Sequence[Value]) -> None:
        self._keyed: defaultdict[Hashable, list[Occurrences]] = defaultdict(list)
        self._found: dict[tuple[Value, bool], list[Occurrences]] = {}
        distinct: dict[Value, Occurrences] = {}
        for value in found:
            bare = replace(value, start=0, end=0)
            if bare not in distinct:
                distinct[bare] = Occurrences(bare, {})
                for key in _keys(bare):
                    self._keyed[key].append(distinct[bare])
            distinct[bare].places.setdefault(bound(text, value.start), value)

    def find(self, said: Value, *, is_one: bool) -> list[Occurrences]:
        """Return the values that are the one that was said; vague ones only where it ``is_one``."""
        bare = replace(said, start=0, end=0)
        if (bare, is_one) not in self._found:
            self._found[bare, is_one] = list(self._standing(bare, is_one))
        return self._found[bare, is_one]

    def _standing(self, said: Value, is_one: bool) -> Iterator[Occurrences]:
        for key in _searched(said):
            for other in self._keyed.get(key, ()):
                # "three times a day" says nothing of 24 hours
                if (is_one or not other.value.is_vague) and self._is_same(said, other.value):
                    yield other

    def _is_same(self, said: Value, other: Value) -> bool:
        if same(said, other):
            return True
        if said.kind is Kind.DATE is other.kind and said.date.year and not other.date.year:
            # "15 April" under a heading that says 2025
            day = replace(said, date=Date(None, said.date.month, said.date.day))
            return same(day, other) and self._has_year(said.date.year)
        return False

    def _has_year(self, year: int) -> bool:
        said = Value(Kind.DATE, 0, 0, date=Date(year))
        return any(
            same(said, other.value) for key in _searched(said) for other in self._keyed.get(key, ())
        )


def _keys(value: Value) -> list[Hashable]:
    """Return the keys under which a value of a source is found."""
    if value.kind is Kind.DATE:
        parts = dict.fromkeys((value.date.month, value.date.day))
        return [("year", value.date.year), *(("part", part) for part in parts if part)]
    if value.kind is Kind.LITERAL:
        return [(value.kind, _decade(value.literal))]
    if value.kind in (Kind.NUMBER, Kind.SCALE):
        return [(value.kind, value.amount), Kind.SCALE]
    return [(value.kind, value.amount)]


def _searched(said: Value) -> list[Hashable]:
    """Return the keys of all values of a source that may be the one that was said."""
    if said.kind is Kind.SCALE:
        return [Kind.SCALE]
    if said.kind is Kind.LITERAL:
        return [(said.kind, _decade(said.literal))]
    if said.kind is Kind.NUMBER:
        return [(said.kind, said.amount), ("year", said.amount)]
    if said.kind is not Kind.DATE:
        return [(said.kind, said.amount)]
    if said.date.year:
        return [("year", said.date.year), ("year", None), (Kind.NUMBER, said.date.year)]
    return [("part", said.date.day or said.date.month)]


def _decade(literal: str) -> str:
    """Return a decade without its century, any other literal as it is."""
    is_decade = len(literal) == 5 and literal.endswith("0s") and literal[:4].isdecimal()
    return literal[2:] if is_decade else literal
