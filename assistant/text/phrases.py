"""Compile the phrases of a lexicon to regular expressions.

A phrase is a line of words in lower case. ``(a|b)`` is a choice, ``[a|b]`` is optional, ``{name}``
is any phrase of ``lexicon/name.txt``, ``{name+}`` the same and the plural of each, and ``*name``
is any words, captured under that name.
Alternatives may consist of several words and contain further groups.
"""

import re
from dataclasses import dataclass
from functools import cache

from assistant.text.lexicons import lexicon
from assistant.text.words import plural

_PART = re.compile(r"\s+|[()\[\]|]|\{\w+\+?\}|\*\w+|[^\s()\[\]|{}]+")
_BLANK = r"[\s,;:]+"
_SEPARATOR = r"[\s,;:.!?–-]+"
_MARKED_SEPARATOR = r"\s*[,;:.!?–-][\s,;:.!?–-]*"
_EDGE = r"[\s!.,?…)(:;'\"“”-]*"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A pattern for a whole message, and the label at the beginning of its line."""

    label: str
    pattern: re.Pattern[str]

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match of the whole text, or None. Case and kind of apostrophe are ignored."""
        return self.pattern.fullmatch(text.replace("’", "'"))


@cache
def phrases(name: str) -> tuple[Phrase, ...]:
    """Return the phrases of a lexicon in order. A line may begin with ``label:``."""
    parsed = []
    for line in lexicon(name):
        label, separator, phrase = line.partition(": ")
        if not separator:
            label, phrase = "", line
        pattern = re.compile(_EDGE + compiled(phrase, captures=True) + _EDGE, re.IGNORECASE)
        parsed.append(Phrase(label, pattern))
    return tuple(parsed)


@cache
def opening(name: str) -> re.Pattern[str]:
    """Return a pattern that matches any run of a lexicon's phrases at the beginning of a text.

    A phrase with the label ``apart`` is followed by a punctuation mark.
    """
    joined = "|".join(rf"(?:{one})\b{gap}" for one, gap in _with_gaps(name))
    return re.compile(rf"\W*(?:{joined})+", re.IGNORECASE)


@cache
def closing(name: str) -> re.Pattern[str]:
    """Return a pattern that finds a run of a lexicon's phrases at the end of a text.

    A phrase with the label ``apart`` follows a punctuation mark.
    """
    joined = "|".join(rf"{gap}(?:{one})" for one, gap in _with_gaps(name))
    return re.compile(rf"(?:{joined})+{_EDGE}\Z", re.IGNORECASE)


def _with_gaps(name: str) -> list[tuple[str, str]]:
    """Return the patterns of a lexicon's phrases, each with that of what divides it from a text."""
    lines = sorted(lexicon(name), key=len, reverse=True)
    gaps = {"apart: ": _MARKED_SEPARATOR, "": _SEPARATOR}
    return [
        (
            compiled(line.removeprefix("apart: ")),
            gaps["apart: " if line.startswith("apart: ") else ""],
        )
        for line in lines
    ]


@cache
def finders(name: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the labels of a lexicon's phrases, with patterns that find them anywhere in a text."""
    patterns = []
    for line in lexicon(name):
        label, _, phrase = line.partition(": ")
        patterns.append((label, re.compile(rf"\b(?:{compiled(phrase)})\b", re.IGNORECASE)))
    return tuple(patterns)


def compiled(phrase: str, *, captures: bool = False) -> str:
    """Return the regular expression of a phrase. Raise `ValueError` for unbalanced groups."""
    pattern, rest = _sequence(_PART.findall(phrase), captures)
    if rest:
        raise ValueError(f"The phrase {phrase!r} closes a group that it does not open.")
    return pattern


def _sequence(parts: list[str], captures: bool) -> tuple[str, list[str]]:
    """Return the pattern up to the end of a group, and the parts after it."""
    alternatives: list[str] = []
    pattern, has_required = "", False
    while parts:
        part, *parts = parts
        if part in (")", "]"):
            parts = [part, *parts]
            break
        if part.isspace():
            continue
        if part == "|":
            alternatives.append(pattern)
            pattern, has_required = "", False
            continue
        element, is_optional, parts = _element(part, parts, captures)
        if is_optional:
            piece = f"(?:{_BLANK}{element})?" if has_required else f"(?:{element}{_BLANK})?"
        else:
            piece = f"{_BLANK}{element}" if has_required else element
            has_required = True
        pattern += piece
    alternatives.append(pattern)
    return "|".join(alternatives), parts


def _element(part: str, parts: list[str], captures: bool) -> tuple[str, bool, list[str]]:
    """Return the pattern of one element, whether it is optional, and the parts after it."""
    if part in ("(", "["):
        inside, parts = _sequence(parts, captures)
        closing = ")" if part == "(" else "]"
        if parts[:1] != [closing]:
            raise ValueError(f"A phrase lacks {closing!r}.")
        return f"(?:{inside})", part == "[", parts[1:]
    if part.startswith("{"):
        name = part.strip("{+}")
        return f"(?:{any_of(name, with_plurals='+' in part)})", False, parts
    if part.startswith("*"):
        is_word = part == "*noun"
        if is_word:
            return r"[\w'-]+", False, parts
        return (f"(?P<{part[1:]}>.+?)" if captures else ".+?"), False, parts
    return re.escape(part), False, parts


@cache
def any_of(name: str, *, with_plurals: bool = False) -> str:
    """Return a pattern for any phrase of a lexicon, the longest first, and for their plurals."""
    plurals = map(plural, lexicon(name)) if with_plurals else ()
    entries = sorted({*lexicon(name), *plurals}, key=lambda entry: (-len(entry), entry))
    return "|".join(compiled(entry) for entry in entries)
