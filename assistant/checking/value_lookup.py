"""Look up a value of a written sentence in a source without comparing it with every value."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.checking.negation import bound
from assistant.checking.values.dates import Date
from assistant.checking.values.quantities import Kind, Value, same


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A value of a source with its first occurrence for each limit that `bound` returns."""

    value: Value
    places: dict[int, Value]


class ValueLookup:
    """The values of a source, indexed by kind and amount.

    Building takes time in proportion to the number of values. A lookup never compares values that
    differ in kind and amount.
    """

    def __init__(self, text: str, source_values: Sequence[Value]) -> None:
        self._keyed: defaultdict[Hashable, list[Occurrences]] = defaultdict(list)
        self._found: dict[tuple[Value, bool], list[Occurrences]] = {}
        distinct: dict[Value, Occurrences] = {}
        for value in source_values:
            bare = replace(value, start=0, end=0)
            if bare not in distinct:
                distinct[bare] = Occurrences(bare, {})
                for key in _keys(bare):
                    self._keyed[key].append(distinct[bare])
            distinct[bare].places.setdefault(bound(text, value.start), value)

    def find(self, claimed: Value, *, is_one: bool) -> list[Occurrences]:
        """Return the source's values that equal the claimed one, vague ones only if it ``is_one``."""
        bare = replace(claimed, start=0, end=0)
        if (bare, is_one) not in self._found:
            self._found[bare, is_one] = list(self._equal_values(bare, is_one))
        return self._found[bare, is_one]

    def _equal_values(self, claimed: Value, is_one: bool) -> Iterator[Occurrences]:
        for key in _searched(claimed):
            for other in self._keyed.get(key, ()):
                # "three times a day" does not mean 24 hours
                if (is_one or not other.value.is_vague) and self._is_same(claimed, other.value):
                    yield other

    def _is_same(self, claimed: Value, other: Value) -> bool:
        if same(claimed, other):
            return True
        if claimed.kind is Kind.DATE is other.kind and claimed.date.year and not other.date.year:
            # "15 April" below a heading with the year 2025
            day = replace(claimed, date=Date(None, claimed.date.month, claimed.date.day))
            return same(day, other) and self._has_year(claimed.date.year)
        return False

    def _has_year(self, year: int) -> bool:
        claimed = Value(Kind.DATE, 0, 0, date=Date(year))
        return any(
            same(claimed, other.value)
            for key in _searched(claimed)
            for other in self._keyed.get(key, ())
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


def _searched(claimed: Value) -> list[Hashable]:
    """Return the keys of all source values that may equal the claimed value."""
    if claimed.kind is Kind.SCALE:
        return [Kind.SCALE]
    if claimed.kind is Kind.LITERAL:
        return [(claimed.kind, _decade(claimed.literal))]
    if claimed.kind is Kind.NUMBER:
        return [(claimed.kind, claimed.amount), ("year", claimed.amount)]
    if claimed.kind is not Kind.DATE:
        return [(claimed.kind, claimed.amount)]
    if claimed.date.year:
        return [("year", claimed.date.year), ("year", None), (Kind.NUMBER, claimed.date.year)]
    return [("part", claimed.date.day or claimed.date.month)]


def _decade(literal: str) -> str:
    """Return a decade without its century, and any other literal unchanged."""
    is_decade = len(literal) == 5 and literal.endswith("0s") and literal[:4].isdecimal()
    return literal[2:] if is_decade else literal
