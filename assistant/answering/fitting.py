"""Does an answer fit its question? An answer that does not is shown as possible, never as certain.

Two things must fit: the kind of value (a length of time is not an amount of money), and the exact
terms that the question contains (a version, a year, an identifier).
"""

import re
from enum import StrEnum
from functools import cache

from assistant.checking.values.quantities import Kind, Value, values
from assistant.checking.values.units import CURRENCY_CODES
from assistant.text.lexicons import lexicon
from assistant.text.words import words
from assistant.understanding.phrases import finders

_EXACT = re.compile(r"(?<![\w.])(?=[\w./-]*\d)(?=[\w./-]*(?:[A-Za-z]|\d[./-]\d|\d{4}))[\w./-]*\w")
"""A word with a digit and a letter, a sign between digits, or four digits in a row."""
_CURRENCIES = frozenset(CURRENCY_CODES.values())


class AskedKind(StrEnum):
    """The kind of value that a question asks for."""

    DURATION = "duration"
    MONEY = "money"
    PERCENTAGE = "percentage"
    NUMBER = "number"
    DATE = "date"


def asked_kind(question: str) -> AskedKind | None:
    """Return the kind of value that a question asks for, or None if it asks for something else.

    Of several kinds, the first one counts: "How long … when …" asks for a duration.
    """
    text = question.replace("’", "'").lower()
    matches = [
        (match.start(), line, label)
        for line, (label, pattern) in enumerate(finders("asked_kinds"))
        if (match := pattern.search(text))
    ]
    return AskedKind(min(matches)[2]) if matches else None


def fits_kind(kind: AskedKind | None, highlight: str, sentence: str) -> bool:
    """Return whether the highlight, or else its sentence, contains a value of the kind.

    If the highlight contains values, only they count, whatever else is in the sentence.
    """
    if kind is None:
        return True
    highlighted = values(highlight)
    if highlighted:
        return any(_is_of(kind, value) for value in highlighted) or _says_when(kind, highlight)
    return any(_is_of(kind, value) for value in values(sentence)) or _says_when(kind, sentence)


def exact_terms(question: str) -> tuple[str, ...]:
    """Return the identifiers, versions and years in a question, in lower case.

    >>> exact_terms("What changed in v2.1 of the TX-40 after 2019, by 3 people?")
    ('v2.1', 'tx-40', '2019')
    """
    return tuple(dict.fromkeys(match[0].lower() for match in _EXACT.finditer(question)))


def has_exact_terms(terms: tuple[str, ...], text: str) -> bool:
    """Return whether a text contains every term, and not only as part of a longer term."""
    lowered = text.lower()
    return all(re.search(rf"(?<![\w.-]){re.escape(term)}(?![\w-]|\.\d)", lowered) for term in terms)


def _is_of(kind: AskedKind, value: Value) -> bool:
    if kind is AskedKind.DATE:
        is_year = value.kind is Kind.NUMBER and not value.dimension
        return is_year or value.kind in (Kind.DATE, Kind.TIME, Kind.ORDINAL, Kind.LITERAL)
    if kind is AskedKind.DURATION:
        # "How long" may also ask for a length
        return value.dimension not in _CURRENCIES | {"percent"}
    if kind is AskedKind.MONEY:
        return value.dimension in _CURRENCIES | {""} and value.kind is not Kind.DATE
    if kind is AskedKind.PERCENTAGE:
        return value.dimension in ("percent", "points", "") and value.kind is not Kind.DATE
    return value.kind is not Kind.DATE


def _says_when(kind: AskedKind, text: str) -> bool:
    """Return whether the text gives a time without a number: "on Tuesdays", "until the lease ends"."""
    if kind not in (AskedKind.DATE, AskedKind.DURATION):
        return False
    return not _time_words().isdisjoint(words(text.lower()))


@cache
def _time_words() -> frozenset[str]:
    return frozenset(lexicon("times"))
