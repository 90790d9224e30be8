"""What kind of value does a question ask for, and is an answer of that kind?"""

import re
from enum import StrEnum
from functools import cache

from assistant.checking.values.quantities import Kind, Value, values
from assistant.checking.values.units import CURRENCY_CODES
from assistant.text.lexicons import lexicon
from assistant.text.phrases import finders
from assistant.text.words import words

_YEAR = re.compile(r"(?:1\d|20)\d\d")
_CURRENCIES = frozenset(CURRENCY_CODES.values())


class AskedKind(StrEnum):
    """The kind of value that a question asks for."""

    DURATION = "duration"
    MONEY = "money"
    PERCENTAGE = "percentage"
    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"


_NAMED = frozenset((AskedKind.PERSON, AskedKind.PLACE, AskedKind.ORGANISATION))
"""Kinds that are names: what is nothing but a value does not fit. A room may be a number."""


def asked_kind(question: str) -> AskedKind | None:
    """Return the kind of value that a question asks for, or None if it asks for something else.

    Of several kinds, the first one counts: "How long … when …" asks for a duration. A question word
    alone is a conjunction where the question began otherwise: "Must I pay when …", "What if … who …".
    """
    text = question.replace("’", "'").lower()
    asking = _first_question_word(text)
    matches = [
        (match.start(), line, label)
        for line, (label, pattern) in enumerate(finders("asked_kinds"))
        if (match := pattern.search(text))
        and (match.start() == asking or match[0] not in lexicon("question_words"))
    ]
    return AskedKind(min(matches)[2]) if matches else None


def _first_question_word(text: str) -> int:
    """Return where the first question word of a question is, or -1 if it asks for a yes or a no."""
    spoken = [(match.start(), match[0]) for match in re.finditer(r"\w+", text)]
    if spoken and spoken[0][1] in lexicon("auxiliaries"):
        return -1
    return next((at for at, word in spoken if word in lexicon("question_words")), -1)


def fits_kind(kind: AskedKind | None, highlight: str, sentence: str) -> bool:
    """Return whether the highlight, or else its sentence, contains a value of the kind.

    If the highlight contains values, only they count, whatever else is in the sentence.
    """
    if kind is None:
        return True
    highlighted = values(highlight)
    if kind in _NAMED:
        rest = list(highlight)
        for value in highlighted:
            if kind is not AskedKind.PLACE or not _may_be_a_room(value, highlight):
                rest[value.start : value.end] = " " * (value.end - value.start)
        shown = "".join(rest)
        return any(map(str.isalnum if kind is AskedKind.PLACE else str.isalpha, shown))
    if highlighted:
        return any(_is_of(kind, value) for value in highlighted) or _says_when(kind, highlight)
    return any(_is_of(kind, value) for value in values(sentence)) or _says_when(kind, sentence)


def _may_be_a_room(value: Value, text: str) -> bool:
    is_bare = value.kind is Kind.NUMBER and not value.dimension
    return is_bare and not _YEAR.fullmatch(text[value.start : value.end])


def _is_of(kind: AskedKind, value: Value) -> bool:
    if value.kind is Kind.LITERAL:
        return kind is AskedKind.DATE  # "the 1990s"; any other is a name
    if kind is AskedKind.DATE:
        is_year = value.kind is Kind.NUMBER and not value.dimension
        return is_year or value.kind in (Kind.DATE, Kind.TIME, Kind.ORDINAL)
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
