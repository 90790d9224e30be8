"""Find records in a list of short lines: addresses, contacts, each with lines of the same kinds."""

import re
from collections.abc import Sequence

_DIGIT = re.compile(r"\d")
_LONGEST = 10

Kind = tuple[bool, bool, bool]


def records(lines: Sequence[str]) -> list[list[str]]:
    """Return the lines of each record, after what stands before the first; all in one if there are none.

    The kinds of lines repeat from record to record: "12 Dock Street" is of one kind with "9 Mill
    Lane", which begin with a number.
    """
    kinds = [_kind(line) for line in lines]
    for length in range(2, min(_LONGEST, len(lines) // 2) + 1):
        count = _repeats(kinds, length)
        if count > 1:
            first = len(lines) - count * length
            starts = [*([0] if first else []), *range(first, len(lines), length)]
            ends = [*starts[1:], len(lines)]
            return [list(lines[start:end]) for start, end in zip(starts, ends, strict=True)]
    return [list(lines)]


def _kind(line: str) -> Kind:
    return line[0].isdigit(), _DIGIT.search(line) is not None, "@" in line or line.endswith(":")


def _repeats(kinds: Sequence[Kind], length: int) -> int:
    """Return how often the last lines repeat up to there; 0 if much stands before, or all are of one kind."""
    last = list(kinds[-length:])
    count = 1
    while kinds[-length * (count + 1) : -length * count or None] == last:
        count += 1
    rest = len(kinds) - count * length
    return count if len(set(last)) > 1 and rest < length else 0
