"""Read the values of a text: numbers with their units, dates, times, versions, ordinals.

Different spellings of the same value are equal: "1.5 million" and "1,500,000", "twenty" and 20,
"15 April" and "April 15th", "5 pm" and 17:00, "two weeks" and 14 days.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from assistant.checking.values.dates import MONTHS, NO_DATE, Date, read_date, same_date
from assistant.checking.values.numerals import (
    and_a_half,
    decade,
    fraction,
    multiple,
    ordinal,
    plural_scale,
    roman,
    scale_at,
    scaled,
    small,
    spelt,
)
from assistant.checking.values.tokens import Token, is_word, tokenize
from assistant.checking.values.units import CURRENCY_CODES, CURRENCY_SIGNS, UNITS, Unit
from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS

_OPENING = set('.!?:\n“"')
_ASIDE = frozenset(lexicon("words_before_units"))
"""Words that may come between a number and its unit."""
_NUMBERED = frozenset(lexicon("numbered_words"))
"""Words that may be followed by a Roman numeral of a single letter."""


class Kind(StrEnum):
    """The kind of a value. Values of different kinds are never equal, apart from years and scales."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    DATE = "date"
    TIME = "time"
    LITERAL = "literal"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Value:
    """A value at ``start:end`` of a text, and its amount.

    ``amount`` is in the smallest unit of its dimension, in minutes for a time of day, and the
    smallest possible amount for a scale like "hundreds". ``literal`` is compared letter by letter:
    a version, a part number, a decade. ``is_vague`` marks a "one" or "a week" that may not be a
    count.
    """

    kind: Kind
    start: int
    end: int
    amount: Decimal = Decimal(0)
    dimension: str = ""
    date: Date = NO_DATE
    literal: str = ""
    is_vague: bool = False


@lru_cache(maxsize=2048)
def values(text: str, designated: frozenset[str] = frozenset()) -> tuple[Value, ...]:
    """Return the values of a text in order. All values of a range or product get its unit.

    A name followed by a number ("Rillo 8", "Section 7", "Chapter IV") is one literal value. At the
    beginning of a sentence, where every word has a capital, only ``designated`` words form names.
    """
    tokens = tokenize(text)
    read_values: list[Value] = []
    index = 0
    while index < len(tokens):
        value, index = _value_at(tokens, index, designated)
        if value is not None:
            read_values.append(value)
    return tuple(_with_shared_units(text, _with_whole_years(text, read_values)))


def same(claimed: Value, source: Value) -> bool:
    """Return whether a source's value equals the claimed value. A claimed unit must match."""
    if claimed.kind is Kind.SCALE:
        return source.kind in (Kind.NUMBER, Kind.SCALE) and source.amount >= claimed.amount
    if claimed.kind is Kind.NUMBER and source.kind is Kind.DATE:
        return not claimed.dimension and claimed.amount == source.date.year
    if claimed.kind is Kind.DATE and source.kind is Kind.NUMBER:
        only_year = claimed.date.month is None and claimed.date.day is None
        return only_year and not source.dimension and claimed.date.year == source.amount
    if claimed.kind != source.kind:
        return False
    if claimed.kind is Kind.DATE:
        return same_date(claimed.date, source.date)
    if claimed.kind is Kind.LITERAL:
        return claimed.literal == source.literal or _same_decade(claimed.literal, source.literal)
    # "three times a day" equals "three start times", but not three percent
    is_counted = claimed.dimension == "times" and not source.dimension
    is_alike = is_counted or claimed.dimension in ("", source.dimension)
    return claimed.amount == source.amount and is_alike


def _same_decade(claimed: str, source: str) -> bool:
    """Return whether two decades are equal apart from the century: "90s" and "1990s"."""
    short, long = sorted((claimed, source), key=len)
    return (
        re.fullmatch(r"\d0s", short) is not None and re.fullmatch(rf"\d\d{short}", long) is not None
    )


def _value_at(
    tokens: Sequence[Token], index: int, designated: Collection[str]
) -> tuple[Value | None, int]:
    """Return the value that begins at a token, or None, and the index after it."""
    if result := _designator(tokens, index, designated):
        return result
    for read in (_date, _literal, _time, _multiple, _fraction, _ordinal, _number, _scale):
        result = read(tokens, index)
        if result is not None:
            return result
    return None, index + 1


def _date(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    if result := read_date(tokens, index):
        date, end = result
        return Value(Kind.DATE, tokens[index].start, tokens[end - 1].end, date=date), end
    return None


def _designator(
    tokens: Sequence[Token], index: int, designated: Collection[str]
) -> tuple[Value, int] | None:
    """Return a name with its number, "Rillo 8" or "World War II", as one value."""
    if index + 1 >= len(tokens):
        return None
    name, number = tokens[index], tokens[index + 1]
    opens = index == 0 or tokens[index - 1].text in _OPENING
    if (
        name.kind != "word"
        or not name.text[0].isupper()
        or (opens and name.lower not in designated and name.lower not in _NUMBERED)
        or name.lower in STOP_WORDS
        or name.lower in MONTHS
        or name.text in CURRENCY_CODES
        or not (written := _designation(name, number))
        or _unit(tokens, index + 2)[0]
    ):
        return None
    literal = f"{name.lower}{written}"
    return Value(Kind.LITERAL, name.start, number.end, literal=literal), index + 2


def _designation(name: Token, number: Token) -> str:
    """Return the number after a name, in digits, or an empty string if there is none."""
    if re.fullmatch(r"\d{1,3}(?:\.\d+)?", number.text):
        return number.text
    if (len(number.text) > 1 or name.lower in _NUMBERED) and (value := roman(number.text)):
        return str(value)
    is_name_too = number.text[0].isupper() and not number.text.isupper()
    return str(small(number.lower) or "") if is_name_too else ""


def _literal(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    token = tokens[index]
    if token.kind in ("ordinal", "word") and is_word(tokens, index + 1, "quarter"):
        number, end = ordinal(tokens, index)
        if 1 <= number <= 4 and is_word(tokens, end, "quarter"):
            return Value(Kind.LITERAL, token.start, tokens[end].end, literal=f"q{number}"), end + 1
    if literal := decade(token.lower):
        return Value(Kind.LITERAL, token.start, token.end, literal=literal), index + 1
    is_long = token.kind in ("number", "thousands", "ordinal") and not token.is_amount
    if token.kind not in ("version", "decade", "code") and not is_long:
        return None
    literal = re.sub(r"[^\w.]", "", token.lower)
    if token.kind == "version":
        literal = literal.lstrip("v")
    return Value(Kind.LITERAL, token.start, token.end, literal=literal), index + 1


def _time(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    token = tokens[index]
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
    return Value(Kind.TIME, token.start, token.end, Decimal(hours % 24 * 60 + minutes)), index + 1


def _multiple(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    if result := multiple(tokens, index):
        count, end = result
        start, last = tokens[index].start, tokens[end - 1].end
        return Value(Kind.NUMBER, start, last, Decimal(count), "times"), end
    return None


def _fraction(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    if result := fraction(tokens, index):
        percent, end = result
        start, last = tokens[index].start, tokens[end - 1].end
        return Value(Kind.NUMBER, start, last, percent, "percent"), end
    return None


def _ordinal(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    number, end = ordinal(tokens, index)
    if not number:
        return None
    return Value(Kind.ORDINAL, tokens[index].start, tokens[end - 1].end, Decimal(number)), end


def _scale(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    """Return a quantity without a number: "hundreds of", "several dozen"."""
    least = plural_scale(tokens[index].lower)
    if least is None and is_word(tokens, index - 1, "several", "many", "few"):
        least = Decimal(scale_at(tokens, index)) or None
    if least is None:
        return None
    return Value(Kind.SCALE, tokens[index].start, tokens[index].end, least), index + 1


def _number(tokens: Sequence[Token], index: int) -> tuple[Value, int] | None:
    """Return a number in digits or words, with its scale and its unit."""
    currency, place = _currency(tokens, index)
    if place >= len(tokens):
        return None
    token = tokens[place]
    is_digits = token.kind in ("number", "thousands") and token.is_amount
    is_vague = False
    if is_digits:
        amount, place = Decimal(_digits(token)), place + 1
    elif (result := spelt(tokens, place)) is not None:
        amount, place = result
        is_vague = token.lower == "one" and amount == 1
    elif token.lower in ("a", "an") and _unit_at(tokens, place + 1):
        amount, place = Decimal(1), place + 1
        is_vague = not is_word(tokens, place, "fortnight")
    else:
        return None
    if is_word(tokens, index - 1, "minus"):
        amount = -amount
    half, place = and_a_half(tokens, place)
    amount, place = scaled(
        tokens, place, amount + half, is_money=bool(currency), is_digits=is_digits
    )
    unit, place = (Unit(currency, Decimal(1)), place) if currency else _unit(tokens, place)
    half_unit, place = (half, place) if half else and_a_half(tokens, place)
    if half_unit and not half:
        amount, is_vague = amount + half_unit, False  # "an hour and a half"
    end = tokens[place - 1].end
    amount = amount * unit.factor if unit else amount
    is_vague = is_vague and (unit is None or token.lower != "one")
    dimension = unit.dimension if unit else ""
    return Value(Kind.NUMBER, tokens[index].start, end, amount, dimension, is_vague=is_vague), place


def _currency(tokens: Sequence[Token], index: int) -> tuple[str, int]:
    """Return the currency before a number ("$", "US$", "EUR"), and the index of the number."""
    if sign := CURRENCY_SIGNS.get(tokens[index].text):
        return sign, index + 1
    is_code = index + 1 < len(tokens) and tokens[index + 1].kind == "number"
    code = CURRENCY_CODES.get(tokens[index].text, "") if is_code else ""
    return (code, index + 1) if code else ("", index)


def _digits(token: Token) -> str:
    """Return a number in digits in Python's notation."""
    minus = "-" if token.text[0] in "−-" else ""
    marks = r"[,.−-]|\s" if token.kind == "thousands" else r"[,−-]|\s"
    return minus + re.sub(marks, "", token.text)


def _unit(tokens: Sequence[Token], index: int) -> tuple[Unit | None, int]:
    """Return the unit that follows a number, or None, and the index after it."""
    for place in range(index, min(index + 4, len(tokens))):
        token = tokens[place]
        if unit := _unit_at(tokens, place):
            return unit
        if token.lower not in _ASIDE and token.text != "-":
            break
    return None, index


def _unit_at(tokens: Sequence[Token], index: int) -> tuple[Unit, int] | None:
    """Return a unit of one or two tokens ("°C", "per cent") and the index after it, or None."""
    if index >= len(tokens):
        return None
    two = "".join(token.lower for token in tokens[index : index + 2])
    for count, name in ((2, two), (1, tokens[index].text), (1, tokens[index].lower)):
        if name in UNITS and (count == 1 or len(tokens) > index + 1):
            return UNITS[name], index + count
    return None


_SHORT_YEAR = re.compile(r"(1[89]|20)(\d\d)\s*[–/-]\s*(\d\d)(?!\d)")


def _with_whole_years(text: str, read_values: Sequence[Value]) -> list[Value]:
    """Return the values with short years completed: in "2001–03", the second number is 2003."""
    years = {
        match.start(3): int(match[1] + match[3])
        for match in _SHORT_YEAR.finditer(text)
        if match[3] > match[2]
    }
    return [
        replace(value, amount=Decimal(years[value.start])) if value.start in years else value
        for value in read_values
    ]


_BETWEEN = re.compile(r"\s*(?:[-–—×x/]|to|and|or|until|until up to|up to)\s*")


def _with_shared_units(text: str, read_values: Sequence[Value]) -> list[Value]:
    """Return the values with shared units: in "10 to 200 percent", both numbers are percentages.

    The same goes for the month in "18 to 21 May".
    """
    shared: list[Value] = []
    for value in reversed(read_values):
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
    """Return the factor by which a value's unit multiplied its number."""
    bare = next(iter(_bare_amounts(written)), value.amount)
    return value.amount / bare if bare else Decimal(1)


def _bare_amounts(written: str) -> Iterator[Decimal]:
    for match in re.finditer(r"\d+(?:,\d{3})*(?:\.\d+)?", written):
        yield Decimal(match[0].replace(",", ""))
