"""Reads the dates of a text, whole ones and parts of them, in whatever order they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.checking.values.numerals import ordinal
from assistant.checking.values.tokens import Token, is_word

_NAMES = (
    "january jan",
    "february feb",
    "march mar",
    "april apr",
    "may",
    "june jun",
    "july jul",
    "august aug",
    "september sept sep",
    "october oct",
    "november nov",
    "december dec",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
_ALSO_WORDS = ("may", "march", "mar", "jan", "sep", "dec")
_BEFORE_MONTHS = {
    *("in", "since", "until", "by", "from", "of", "before", "after", "to", "last", "next"),
    *("and", "during", "early", "late", "mid", "between"),
}
_YEAR = re.compile(r"1\d{3}|20\d{2}|21\d{2}")
_FISCAL_YEAR = re.compile(r"fy(\d{4})")


@dataclass(frozen=True, slots=True)
class Date:
    """Parts of a date; None where it does not say.

    ``is_ambiguous`` says that day and month may have changed places: 03/04/2001.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    is_ambiguous: bool = False


NO_DATE = Date()


def same_date(said: Date, source: Date) -> bool:
    """Whether a source's date has all parts of the one that was said."""
    if source.is_ambiguous:
        swapped = replace(source, day=source.month, month=source.day, is_ambiguous=False)
        return same_date(said, replace(source, is_ambiguous=False)) or same_date(said, swapped)
    if said.is_ambiguous:
        swapped = replace(said, day=said.month, month=said.day, is_ambiguous=False)
        return same_date(replace(said, is_ambiguous=False), source) or same_date(swapped, source)
    pairs = ((said.month, source.month), (said.day, source.day), (said.year, source.year))
    return all(one is None or one == other for one, other in pairs)


def read_date(tokens: Sequence[Token], at: int) -> tuple[Date, int] | None:
    """The date that begins at a token, and where to go on; a year alone is a number."""
    first = tokens[at]
    if first.kind == "iso":
        year, month, day = (int(part) for part in first.text.split("-"))
        return Date(year, month, day), at + 1
    if first.kind == "numeric":
        found = _numeric(first.text)
        return (found, at + 1) if found else None
    if match := _FISCAL_YEAR.fullmatch(first.lower):
        return Date(int(match[1])), at + 1
    day, after = _day(tokens, at)
    if day:
        after = after + 1 if is_word(tokens, after, "of") else after
        if month := _month(tokens, after, is_beside_day=True):
            year_after, end = _year(tokens, _behind_stop(tokens, after))
            return Date(year_after, month, day), end
        return None
    if month := _month(tokens, at, is_beside_day=False):
        after = _behind_stop(tokens, at)
        day, day_end = _day(tokens, after + 1 if is_word(tokens, after, "the") else after)
        year_after, end = _year(tokens, day_end) if day else _year(tokens, after)
        if not day and year_after is None:
            end = at + 1
        return Date(year_after, month, day or None), end
    return None


def _numeric(text: str) -> Date | None:
    """A date in digits, "15/06/2001" or "06/15/2001"."""
    one, other, year = (int(part) for part in re.split(r"[./]", text))
    if one > 12 or "." in text:
        day, month = one, other
    elif other > 12:
        month, day = one, other
    else:
        return Date(year, other, one, is_ambiguous=one != other)
    return Date(year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _day(tokens: Sequence[Token], at: int) -> tuple[int, int]:
    """The day of a month that a token can be, and where to go on; 0 if it can be none."""
    if at >= len(tokens):
        return 0, at
    token = tokens[at]
    if token.kind == "number" and token.text.isdigit() and len(token.text) <= 2:
        number, end = int(token.text), at + 1
    else:
        number, end = ordinal(tokens, at)
    return (number, end) if 1 <= number <= 31 else (0, at)


def _month(tokens: Sequence[Token], at: int, *, is_beside_day: bool) -> int:
    """The month that a token names; "may" and "march" are months only where a date can be."""
    if at >= len(tokens) or tokens[at].kind != "word":
        return 0
    token = tokens[at]
    month = MONTHS.get(token.lower, 0)
    if not month:
        return 0
    is_beside_year = at + 1 < len(tokens) and bool(_YEAR.fullmatch(tokens[at + 1].text))
    if not token.text[0].isupper():
        is_date = is_beside_day and token.lower not in _ALSO_WORDS
        return month if is_beside_year or is_date else 0
    if token.lower in _ALSO_WORDS and not is_beside_day:
        follows = at + 1 < len(tokens) and tokens[at + 1].kind in ("number", "ordinal")
        before = at > 0 and tokens[at - 1].lower in _BEFORE_MONTHS
        return month if follows or before else 0
    return month


def _behind_stop(tokens: Sequence[Token], at: int) -> int:
    """Where to go on behind a month: "Jun." has a full stop of its own."""
    is_short = len(tokens[at].text) <= 4 and is_word(tokens, at + 1, ".")
    is_followed = at + 2 < len(tokens) and tokens[at + 2].kind in ("number", "ordinal")
    return at + 2 if is_short and is_followed else at + 1


def _year(tokens: Sequence[Token], at: int) -> tuple[int | None, int]:
    """The year at a token, a comma before it left out, and where to go on."""
    place = at + 1 if is_word(tokens, at, ",", "of", ".") else at
    is_number = place < len(tokens) and tokens[place].kind == "number"
    if is_number and _YEAR.fullmatch(tokens[place].text):
        return int(tokens[place].text), place + 1
    return None, at
