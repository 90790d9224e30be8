"""Reads the values of a text: numbers with their units, dates, times, versions, ordinals.

What is written differently and means the same is the same value: "1.5 million" and "1,500,000",
"twenty" and 20, "15 April" and "April 15th", "5 pm" and 17:00, "two weeks" and 14 days.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from assistant.answering.units import CURRENCY_SIGNS, UNITS, Unit
from assistant.retrieval.terms import STOP_WORDS

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_SMALL.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), 2)
}
_SCALES = {
    "hundred": 100,
    "thousand": 1000,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "dozen": 12,
}
_SHORT_SCALES = {"k": 1000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}
_ORDINAL_WORDS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_WORDS.split(), 1)}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
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
        ),
        1,
    )
    for name in names.split()
}
_OPENING = set('.!?:\n“"')
_ASIDE = {"working", "business", "calendar", "whole", "full", "more", "consecutive", "us"}
"""Words between a number and its unit."""

_TOKEN = re.compile(
    r"""
    (?P<iso>\b\d{4}-\d{2}-\d{2}\b)
  | (?P<version>\b[vV]?\d+(?:\.\d+){2,}\b)
  | (?P<time>\b\d{1,2}:\d{2}(?!\d)(?:\s*(?:[ap]m\b|[ap]\.m\.))?|\b\d{1,2}\s*(?:[ap]m\b|[ap]\.m\.))
  | (?P<decade>\b\d{3}0s\b)
  | (?P<ordinal>\b\d{1,3}(?:,\d{3})*(?:st|nd|rd|th)\b)
  | (?P<code>\b(?=[\w-]*[A-Za-z])(?=[\w-]*\d)[A-Za-z]+[\w]*(?:-\w+)*\b)
  | (?P<number>(?:(?<![\w.,−-])[−-](?=\d))?(?:(?<=\W)|^|(?<=_))\d+(?:,\d{3})*(?:\.\d+)?(?![\d])|(?<=\W)\.\d+)
  | (?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)
  | (?P<sign>[$€£¥%°²³]|[^\s\w])
    """,
    re.VERBOSE,
)


class Kind(StrEnum):
    """What a value is of; values of different kinds are never the same."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"
    LITERAL = "literal"


@dataclass(frozen=True, slots=True)
class Date:
    """Parts of a date; None where it does not say."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value as it stands at ``start:end`` of a text, and what it amounts to.

    ``amount`` is in the smallest unit of its dimension, minutes for a time of day. ``literal`` is
    for what is compared letter by letter: a version, a part number, a decade. ``is_vague`` marks a
    "one" or "a week" that may count nothing.
    """

    kind: Kind
    start: int
    end: int
    amount: Decimal = Decimal(0)
    dimension: str = ""
    date: Date = Date()
    literal: str = ""
    is_vague: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int

    @property
    def lower(self) -> str:
        return self.text.lower()


def values(text: str, designated: Collection[str] = ()) -> list[Value]:
    """The values of a text, in order; those of a range or a product take the unit behind it.

    A name with a number behind it ("Rillo 8", "Section 7") is one literal value. At the beginning
    of a sentence any word has a capital; there it is one for the ``designated`` words alone.
    """
    tokens = [
        _Token(str(match.lastgroup), match[0], match.start(), match.end())
        for match in _TOKEN.finditer(text)
    ]
    found: list[Value] = []
    at = 0
    while at < len(tokens):
        value, at = _value_at(tokens, at, designated)
        if value is not None:
            found.append(value)
    return _with_shared_units(text, found)


def same(said: Value, source: Value) -> bool:
    """Whether a source's value is the one that was said; a unit that was said must be there."""
    if said.kind is Kind.NUMBER and source.kind is Kind.DATE:
        return not said.dimension and said.amount == source.date.year
    if said.kind is Kind.DATE and source.kind is Kind.NUMBER:
        only_year = said.date.month is None and said.date.day is None
        return only_year and not source.dimension and said.date.year == source.amount
    if said.kind != source.kind:
        return False
    if said.kind is Kind.DATE:
        pairs = (
            (said.date.month, source.date.month),
            (said.date.day, source.date.day),
            (said.date.year, source.date.year),
        )
        return all(one is None or one == other for one, other in pairs)
    if said.kind is Kind.LITERAL:
        return said.literal == source.literal
    return said.amount == source.amount and said.dimension in ("", source.dimension)


def _value_at(
    tokens: Sequence[_Token], at: int, designated: Collection[str]
) -> tuple[Value | None, int]:
    """The value that begins at a token, if one does, and where to go on."""
    if found := _designator(tokens, at, designated):
        return found
    for read in (_date, _literal, _time, _ordinal, _number):
        found = read(tokens, at)
        if found is not None:
            return found
    return None, at + 1


def _date(tokens: Sequence[_Token], at: int) -> tuple[Value, int] | None:
    first = tokens[at]
    if first.kind == "iso":
        year, month, day = (int(part) for part in first.text.split("-"))
        return _dated(tokens, at, at + 1, Date(year, month, day)), at + 1
    if day := _day(first):
        after = at + 2 if _is_word(tokens, at + 1, "of") else at + 1
        if month := _month(tokens, after, beside_day=True):
            found, end = _year(tokens, after + 1)
            return _dated(tokens, at, end, Date(found, month, day)), end
        return None
    if month := _month(tokens, at, beside_day=False):
        after = at + 2 if _is_word(tokens, at + 1, "the") else at + 1
        number = _day(tokens[after]) if after < len(tokens) else 0
        year_after, end = _year(tokens, after + 1) if number else _year(tokens, at + 1)
        return _dated(tokens, at, end, Date(year_after, month, number or None)), end
    return None


def _dated(tokens: Sequence[_Token], at: int, end: int, date: Date) -> Value:
    return Value(Kind.DATE, tokens[at].start, tokens[end - 1].end, date=date)


def _day(token: _Token) -> int:
    """The day of a month that a token can be; 0 if it can be none."""
    if token.kind == "ordinal":
        number = int(re.sub(r"\D", "", token.text))
    elif token.kind == "number" and token.text.isdigit() and len(token.text) <= 2:
        number = int(token.text)
    else:
        number = _ORDINALS.get(token.lower, 0)
    return number if 1 <= number <= 31 else 0


def _month(tokens: Sequence[_Token], at: int, *, beside_day: bool) -> int:
    """The month that a token names; "may" and "march" are months only where a date can be."""
    if at >= len(tokens) or tokens[at].kind != "word" or not tokens[at].text[0].isupper():
        return 0
    token = tokens[at]
    month = _MONTHS.get(token.lower, 0)
    if token.lower in ("may", "march", "mar", "jan", "sep", "dec") and not beside_day:
        follows = at + 1 < len(tokens) and tokens[at + 1].kind in ("number", "ordinal")
        before = at > 0 and tokens[at - 1].lower in (
            *("in", "since", "until", "by", "from", "of", "before", "after", "to", "last", "next"),
            *("and", "during", "early", "late", "mid", "between"),
        )
        return month if follows or before else 0
    return month


def _year(tokens: Sequence[_Token], at: int) -> tuple[int | None, int]:
    """The year at a token, a comma before it left out, and where to go on."""
    place = at + 1 if at < len(tokens) and tokens[at].text in (",", "of", ".") else at
    if place < len(tokens):
        token = tokens[place]
        if token.kind == "number" and re.fullmatch(r"1\d{3}|20\d{2}|21\d{2}", token.text):
            return int(token.text), place + 1
    return None, at


def _designator(
    tokens: Sequence[_Token], at: int, designated: Collection[str]
) -> tuple[Value, int] | None:
    """A name with its number, "Rillo 8", as one value."""
    if at + 1 >= len(tokens):
        return None
    name, number = tokens[at], tokens[at + 1]
    opens = at == 0 or tokens[at - 1].text in _OPENING
    if (
        name.kind != "word"
        or not name.text[0].isupper()
        or (opens and name.lower not in designated)
        or name.lower in STOP_WORDS
        or name.lower in _MONTHS
        or not re.fullmatch(r"\d{1,3}(?:\.\d+)?", number.text)
        or _unit(tokens, at + 2)[0]
    ):
        return None
    literal = f"{name.lower}{number.text}"
    return Value(Kind.LITERAL, name.start, number.end, literal=literal), at + 2


def _literal(tokens: Sequence[_Token], at: int) -> tuple[Value, int] | None:
    token = tokens[at]
    if token.kind not in ("version", "decade", "code"):
        return None
    literal = re.sub(r"[^\w.]", "", token.lower)
    if token.kind == "version":
        literal = literal.lstrip("v")
    return Value(Kind.LITERAL, token.start, token.end, literal=literal), at + 1


def _time(tokens: Sequence[_Token], at: int) -> tuple[Value, int] | None:
    token = tokens[at]
    if token.kind == "time":
        hours, minutes = (int(part or 0) for part in re.findall(r"\d+", f"{token.text} 0")[:2])
        if ":" not in token.text:
            minutes = 0
        half = re.search(r"([ap])\.?m", token.lower)
        if half:
            hours = hours % 12 + (12 if half[1] == "p" else 0)
    elif token.lower in ("noon", "midday", "midnight"):
        hours, minutes = (0 if token.lower == "midnight" else 12), 0
    else:
        return None
    return Value(Kind.TIME, token.start, token.end, Decimal(hours % 24 * 60 + minutes)), at + 1


def _ordinal(tokens: Sequence[_Token], at: int) -> tuple[Value, int] | None:
    token = tokens[at]
    if token.kind == "ordinal":
        number = int(re.sub(r"\D", "", token.text))
    else:
        number = _ORDINALS.get(token.lower, 0)
    if not number:
        return None
    return Value(Kind.ORDINAL, token.start, token.end, Decimal(number)), at + 1


def _number(tokens: Sequence[_Token], at: int) -> tuple[Value, int] | None:
    """A number in digits or words, with its scale and its unit."""
    currency = CURRENCY_SIGNS.get(tokens[at].text)
    place = at + 1 if currency else at
    if place >= len(tokens):
        return None
    token = tokens[place]
    if token.kind == "number":
        amount = Decimal(re.sub(r"[,−-]", "", token.text))
        if token.text[0] in "−-" or (at and tokens[at - 1].lower == "minus"):
            amount = -amount
        place += 1
        is_vague = False
    elif (spelt := _spelt(tokens, place)) is not None:
        amount, place = spelt
        is_vague = amount == 1 and (token.lower == "one" or spelt[1] == at + 1)
    else:
        return None
    amount, place = _scaled(tokens, place, amount, bool(currency), token.kind == "number")
    unit, place = (Unit(currency, Decimal(1)), place) if currency else _unit(tokens, place)
    dimension = unit.dimension if unit else ""
    end = tokens[place - 1].end
    amount = amount * unit.factor if unit else amount
    is_vague = is_vague and (unit is None or token.lower != "one")
    return Value(Kind.NUMBER, tokens[at].start, end, amount, dimension, is_vague=is_vague), place


def _spelt(tokens: Sequence[_Token], at: int) -> tuple[Decimal, int] | None:
    """A number in words, "one hundred and twenty-seven" or "a dozen", and where to go on."""
    token = tokens[at]
    if token.lower in ("a", "an") and _scale_at(tokens, at + 1):
        return Decimal(_scale_at(tokens, at + 1)), at + 2
    if token.lower in ("a", "an") and _unit_at(tokens, at + 1):
        return Decimal(1), at + 1
    if token.lower == "half" and not _is_word(tokens, at + 1, "of"):
        if _is_word(tokens, at + 1, "an") or _is_word(tokens, at + 1, "a"):
            return Decimal("0.5"), at + 2
        return None
    if token.kind != "word" or token.lower not in _WORDS:
        return None
    total, part = 0, 0
    place = at
    while place < len(tokens):
        word = tokens[place].lower
        if word in _WORDS and (place == at or _joins(part, _WORDS[word])):
            part += _WORDS[word]
        elif word == "hundred" and 0 < part < 100:
            part *= 100
        elif word == "thousand" and part:
            total, part = total + part * 1000, 0
        elif word in ("-", "and") and _goes_on(tokens, place, part, word):
            pass
        else:
            break
        place += 1
    return Decimal(total + part), place


def _joins(part: int, value: int) -> bool:
    """Whether a number word goes on with the number so far: "twenty" with "one", not with "ten"."""
    return (part % 100 == 0 and part > 0) or (part % 100 >= 20 and part % 10 == 0 and value < 10)


def _goes_on(tokens: Sequence[_Token], place: int, part: int, word: str) -> bool:
    if place + 1 >= len(tokens) or tokens[place + 1].lower not in _WORDS:
        return False
    value = _WORDS[tokens[place + 1].lower]
    return part >= 100 if word == "and" else _joins(part, value)


def _scale_at(tokens: Sequence[_Token], at: int) -> int:
    return _SCALES.get(tokens[at].lower, 0) if at < len(tokens) else 0


def _scaled(
    tokens: Sequence[_Token], at: int, amount: Decimal, is_money: bool, is_digits: bool
) -> tuple[Decimal, int]:
    while scale := _scale_at(tokens, at):
        amount, at = amount * scale, at + 1
    if is_money and is_digits and at < len(tokens):
        touches = tokens[at].start == tokens[at - 1].end
        if tokens[at].lower in _SHORT_SCALES and (touches or tokens[at].lower != "m"):
            return amount * _SHORT_SCALES[tokens[at].lower], at + 1
    return amount, at


def _unit(tokens: Sequence[_Token], at: int) -> tuple[Unit | None, int]:
    """The unit that follows a number, and where to go on."""
    for place in range(at, min(at + 4, len(tokens))):
        token = tokens[place]
        if unit := _unit_at(tokens, place):
            return unit
        if token.lower not in _ASIDE and token.text != "-":
            break
    return None, at


def _unit_at(tokens: Sequence[_Token], at: int) -> tuple[Unit, int] | None:
    """A unit of one token or two ("°C", "per cent"), and where to go on."""
    two = "".join(token.lower for token in tokens[at : at + 2])
    for count, name in ((2, two), (1, tokens[at].text), (1, tokens[at].lower)):
        if name in UNITS and (count == 1 or len(tokens) > at + 1):
            return UNITS[name], at + count
    return None


def _is_word(tokens: Sequence[_Token], at: int, word: str) -> bool:
    return at < len(tokens) and tokens[at].lower == word


_BETWEEN = re.compile(r"\s*(?:[-–—×x/]|to|and|or|until|until up to|up to)\s*")


def _with_shared_units(text: str, found: Sequence[Value]) -> list[Value]:
    """In "10 to 200 percent" the first number takes the unit of the next, as in "18 to 21 May"."""
    shared: list[Value] = []
    for value in reversed(found):
        after = shared[-1] if shared else None
        if (
            after is not None
            and value.kind is Kind.NUMBER
            and after.kind is Kind.DATE
            and after.date.day
            and not value.dimension
            and 1 <= value.amount <= 31
            and _BETWEEN.fullmatch(text, value.end, after.start)
        ):
            date = replace(after.date, day=int(value.amount))
            value = Value(Kind.DATE, value.start, value.end, date=date)
        elif (
            after is not None
            and value.kind is after.kind is Kind.NUMBER
            and not value.dimension
            and after.dimension
            and _BETWEEN.fullmatch(text, value.end, after.start)
        ):
            factor = _factor(text[after.start : after.end], after)
            value = Value(
                Kind.NUMBER, value.start, value.end, value.amount * factor, after.dimension
            )
        shared.append(value)
    return shared[::-1]


def _factor(written: str, value: Value) -> Decimal:
    """What a value's unit was multiplied with."""
    bare = next(iter(_bare_amounts(written)), value.amount)
    return value.amount / bare if bare else Decimal(1)


def _bare_amounts(written: str) -> Iterator[Decimal]:
    for match in re.finditer(r"\d+(?:,\d{3})*(?:\.\d+)?", written):
        yield Decimal(match[0].replace(",", ""))
