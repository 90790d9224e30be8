"""Find the short forms that a text defines: "Shanghai Cooperation Organization (SCO)".

Schwartz, Hearst: A Simple Algorithm for Identifying Abbreviation Definitions in Biomedical Text.
Pacific Symposium on Biocomputing 2003. Finds both orders in parentheses. Beside them, "X, known as
Y" and "X, or Y for short" are found, and lines such as "Y: X" and "X – Y": these only where the
initials agree.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.text.phrases import any_of

_PARENTHESIS = re.compile(r"\(([^()\n]{2,120})\)")
_WORDS_BEFORE = re.compile(r"\S+")
_SHORT = re.compile(r"(?=[^\W_]*[A-Z])[^\W_][\w.&/-]{1,9}")
_CAPITALS = r"[A-Z][A-Z&/-]{1,8}"
_CALLED = re.compile(
    rf"(?<=[,(\s])(?:{any_of('words_before_short_forms')})\s+(?:the\s+)?[\"“]?(?P<short>{_CAPITALS})\b",
)
_OF_LINE = r"^[ \t|*+•‣◦–-]{0,12}"
_SHORT_FIRST = re.compile(
    rf"{_OF_LINE}(?P<short>{_CAPITALS})(?:[ \t]{{0,4}}[:=|–—]|[ \t]{{1,4}}-)[ \t]{{1,4}}(?P<long>[^\n|:;,.(]{{4,100}})",
    re.MULTILINE,
)
_SHORT_LAST = re.compile(
    rf"{_OF_LINE}(?P<long>[^\n|:;,.(]{{4,100}}?)[ \t]{{1,4}}[|–—-][ \t]{{1,4}}(?P<short>{_CAPITALS})[ \t|]{{0,4}}$",
    re.MULTILINE,
)
_QUOTES = "\"'“”‘’ "
_AROUND = 200
"""The number of characters before a parenthesis that are searched for the long form."""


@dataclass(frozen=True, slots=True, order=True)
class Abbreviation:
    """A short form and the long form that a text gives for it, as written."""

    short: str
    long: str


def abbreviations(text: str) -> list[Abbreviation]:
    """Return the distinct definitions of short forms in a text, in order.

    >>> abbreviations("The Halden Compact (HC) met. The HC is small.")
    [Abbreviation(short='HC', long='Halden Compact')]
    """
    return list(dict.fromkeys(_definitions(text)))


def _definitions(text: str) -> Iterator[Abbreviation]:
    for match in _PARENTHESIS.finditer(text):
        inside = re.split(r"[;,:]", match[1])[0].strip(_QUOTES)
        before = text[max(0, match.start() - _AROUND) : match.start()].rstrip().rpartition("\n")[2]
        if _SHORT.fullmatch(inside):
            long = _long_form(inside, _last_words(before, inside))
            if long:
                yield Abbreviation(inside, long)
        elif words := _WORDS_BEFORE.findall(before):
            short = words[-1].strip(_QUOTES)
            if _SHORT.fullmatch(short) and short.upper() == short:
                long = _long_form(short, inside)
                if long == inside:
                    yield Abbreviation(short, long)

    yield from _definitions_without_parentheses(text)


def _definitions_without_parentheses(text: str) -> Iterator[Abbreviation]:
    for match in _CALLED.finditer(text):
        before = text[max(0, match.start() - _AROUND) : match.start()].rpartition("\n")[2]
        before = before.rstrip(" \t,(")
        if long := _with_initials(match["short"], _last_words(before, match["short"])):
            yield Abbreviation(match["short"], long)
    for pattern in (_SHORT_FIRST, _SHORT_LAST):
        for match in pattern.finditer(text):
            long = " ".join(match["long"].split())
            if _has_initials(match["short"], long):
                yield Abbreviation(match["short"], long)


def _has_initials(short: str, long: str) -> bool:
    """Return whether the words of a long form, in any case, begin with the letters of the short form.

    Short words such as "of" may be left out.
    """
    letters = [letter for letter in short.lower() if letter.isalnum()]
    initials = [word[0].lower() for word in re.findall(r"[^\W_][\w'’]*", long)]
    telling = [word[0].lower() for word in re.findall(r"[^\W_][\w'’]{3,}", long)]
    return len(letters) > 1 and letters in (initials, telling)


def _last_words(before: str, short: str) -> str:
    """Return the words before a parenthesis that may be the long form."""
    letters = sum(1 for character in short if character.isalnum())
    most = min(letters + 5, letters * 2)
    words = list(_WORDS_BEFORE.finditer(before))[-most:]
    return before[words[0].start() :] if words else ""


def _long_form(short: str, candidate: str) -> str:
    """Return the end of the candidate whose letters make up the short form, or an empty string.

    Prefer capitals that begin words ("Falkenried Institute for Conflict Studies" is FICS).
    Otherwise match letters from the right, of which the first must begin a word.
    """
    if long := _with_initials(short, candidate):
        return long
    index = len(candidate) - 1
    for letter_index in range(len(short) - 1, -1, -1):
        letter = short[letter_index].lower()
        if not letter.isalnum():
            continue
        while index >= 0 and (
            candidate[index].lower() != letter
            or (letter_index == 0 and index > 0 and candidate[index - 1].isalnum())
        ):
            index -= 1
        if index < 0:
            return ""
        index -= 1
    start = index + 1
    long = candidate[start:].strip(_QUOTES)
    is_longer = len(long) > len(short) and len(long.split()) > 1
    return long if is_longer and short.lower() not in long.lower().split() else ""


def _with_initials(short: str, candidate: str) -> str:
    """Return the end of the candidate whose capitalised words begin with the short form's letters."""
    left = [letter for letter in short.upper() if letter.isalnum()]
    for match in reversed(list(re.finditer(r"[^\W_][\w'’]*", candidate))):
        initial = match[0][0]
        if not initial.isupper():
            continue
        if not left or left.pop() != initial:
            return ""
        if not left:
            return candidate[match.start() :].strip(_QUOTES)
    return ""
