"""Read the dates of a text, complete or partial, in any order of day, month and year."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checking.values.numerals import ordinal
from assistant.checking.values.tokens import Token, is_word
from assistant.text.lexicons import lexicon

MONTHS = {
    name: number for number, names in enumerate(lexicon("months"), 1) for name in names.split()
}
_ALSO_WORDS = lexicon("months_that_are_words")
_BEFORE_MONTHS = frozenset(lexicon("words_before_months"))
_YEAR = re.compile(r"1\d{3}|20\d{2}|21\d{2}")
_FISCAL_YEAR = re.compile(r"fy(\d{4})")


@dataclass(frozen=True, slots=True)
class Date:
    """The parts of a date, None for a missing part.

    ``is_ambiguous`` means that day and month may be swapped: 03/04/2001.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_ambiguous: bool = False


NO_DATE = Date()


def same_date(claimed: Date, source: Date) -> bool:
    """Return whether a source's date has all parts of the claimed date."""
    if source.is_ambiguous:
        swapped = replace(source, day=source.month, month=source.day, is_ambiguous=False)
        return same_date(claimed, replace(source, is_ambiguous=False)) or same_date(
            claimed, swapped
        )
    if claimed.is_ambiguous:
        swapped = replace(claimed, day=claimed.month, month=claimed.day, is_ambiguous=False)
        return same_date(replace(claimed, is_ambiguous=False), source) or same_date(swapped, source)
    pairs = ((claimed.month, source.month), (claimed.day, source.day), (claimed.year, source.year))
    return all(part is None or part == other for part, other in pairs)


def read_date(tokens: Sequence[Token], index: int) -> tuple[Date, int] | None:
    """Return the date that begins at a token, and the index after it. A year alone is a number."""
    first = tokens[index]
    if first.kind == "iso":
        year, month, day = (int(part) for part in first.text.split("-"))
        return Date(year, month, day), index + 1
    if first.kind == "numeric":
        found = _numeric(first.text)
        return (found, index + 1) if found else None
    if match := _FISCAL_YEAR.fullmatch(first.lower):
        return Date(int(match[1])), index + 1
    day, after = _day(tokens, index)
    if day:
        after = after + 1 if is_word(tokens, after, "of") else after
        if month := _month(tokens, after, is_beside_day=True):
            year_after, end = _year(tokens, _behind_stop(tokens, after))
            return Date(year_after, month, day), end
        return None
    if month := _month(tokens, index, is_beside_day=False):
        after = _behind_stop(tokens, index)
        day, day_end = _day(tokens, after + 1 if is_word(tokens, after, "the") else after)
        year_after, end = _year(tokens, day_end) if day else _year(tokens, after)
        if not day and year_after is None:
            end = index + 1
        return Date(year_after, month, day or None), end
    return None


def _numeric(text: str) -> Date | None:
    """Return a date in digits, "15/06/2001" or "06/15/2001"."""
    first, second, year = (int(part) for part in re.split(r"[./]", text))
    if first > 12 or "." in text:
        day, month = first, second
    elif second > 12:
        month, day = first, second
    else:
        return Date(year, second, first, is_ambiguous=first != second)
    return Date(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _day(tokens: Sequence[Token], index: int) -> tuple[int, int]:
    """Return the day of the month at a token, 0 if there is none, and the index after it."""
    if index >= len(tokens):
        return 0, index
    token = tokens[index]
    if token.kind == "number" and token.text.isdigit() and len(token.text) <= 2:
        number, end = int(token.text), index + 1
    else:
        number, end = ordinal(tokens, index)
    return (number, end) if 1 <= number <= 31 else (0, index)


def _month(tokens: Sequence[Token], index: int, *, is_beside_day: bool) -> int:
    """Return the month at a token, or 0. "May" and "march" are months only in the place of a date."""
    if index >= len(tokens) or tokens[index].kind != "word":
        return 0
    token = tokens[index]
    month = MONTHS.get(token.lower, 0)
    if not month:
        return 0
    is_beside_year = index + 1 < len(tokens) and bool(_YEAR.fullmatch(tokens[index + 1].text))
    if not token.text[0].isupper():
        is_date = is_beside_day and token.lower not in _ALSO_WORDS
        return month if is_beside_year or is_date else 0
    if token.lower in _ALSO_WORDS and not is_beside_day:
        follows = index + 1 < len(tokens) and tokens[index + 1].kind in ("number", "ordinal")
        before = index > 0 and tokens[index - 1].lower in _BEFORE_MONTHS
        return month if follows or before else 0
    return month


def _behind_stop(tokens: Sequence[Token], index: int) -> int:
    """Return the index after a month, and after the full stop of an abbreviation like "Jun."."""
    is_short = len(tokens[index].text) <= 4 and is_word(tokens, index + 1, ".")
    is_followed = index + 2 < len(tokens) and tokens[index + 2].kind in ("number", "ordinal")
    return index + 2 if is_short and is_followed else index + 1


def _year(tokens: Sequence[Token], index: int) -> tuple[int | None, int]:
    """Return the year at a token, after an optional comma, and the index after it."""
    place = index + 1 if is_word(tokens, index, ",", "of", ".") else index
    is_number = place < len(tokens) and tokens[place].kind == "number"
    if is_number and _YEAR.fullmatch(tokens[place].text):
        return int(tokens[place].text), place + 1
    return None, index
