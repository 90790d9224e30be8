"""Compares what belongs to what: a number and what it counts, a name and its value, who does it to whom.

Each value and name of a sentence may stand in its source, and yet be another one's there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.checking.names import Name, forms, names
from assistant.checking.values.quantities import Kind, Value, same, values
from assistant.storage.stemming import Stemmer
from assistant.text.sentences import sentences
from assistant.text.words import STOP_WORDS

_COUNTED = 3
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\s\w]|\d+")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A value with the words that name what it counts, or with the name it belongs to."""

    value: Value
    text: str
    words: frozenset[str]


def misbound(said: str, source: str, known: frozenset[str], stemmer: Stemmer) -> str:
    """What the source binds otherwise than the sentence, in words for people; empty where nothing."""
    return (
        _counted_otherwise(said, source, known, stemmer)
        or _owned_otherwise(said, source, known)
        or _turned_round(said, source, known, stemmer)
    )


def _counted_otherwise(said: str, source: str, known: frozenset[str], stemmer: Stemmer) -> str:
    theirs = list(_counts(source, known, stemmer))
    for mine in _counts(said, known, stemmer):
        least = min(2, len(mine.words))
        same_value = [one for one in theirs if same(mine.value, one.value)]
        if not same_value or any(one.words & mine.words for one in same_value):
            continue
        for one in theirs:
            if len(one.words & mine.words) >= least and not same(mine.value, one.value):
                return f"says “{one.text}”, not “{mine.text}”"
    return ""


def _counts(text: str, known: frozenset[str], stemmer: Stemmer) -> Iterator[_Pair]:
    """Numbers without a unit, with the stems of the words right behind them that they count."""
    found = [one for one in values(text, known) if one.kind is Kind.NUMBER]
    for value in found:
        if value.dimension or value.is_vague:
            continue
        end = value.end
        counted: list[str] = []
        for match in _WORD.finditer(text, value.end):
            word = match[0].lower()
            if not word[0].isalpha() or word in STOP_WORDS or len(counted) == _COUNTED:
                break
            counted.append(word)
            end = match.end()
        stems = frozenset(stemmer.stems([" ".join(counted)])[0]) if counted else frozenset()
        if stems:
            yield _Pair(value, " ".join(text[value.start : end].split()), stems)


def _owned_otherwise(said: str, source: str, known: frozenset[str]) -> str:
    theirs = [
        pair for span in sentences(source) for pair in _owners(source[span.start : span.end], known)
    ]
    for mine in _owners(said, known):
        owners = [one for one in theirs if same(mine.value, one.value)]
        if not owners or any(one.words & mine.words for one in owners):
            continue
        for one in theirs:
            is_alike = (one.value.kind, one.value.dimension) == (
                mine.value.kind,
                owners[0].value.dimension,
            )
            if is_alike and one.words & mine.words and not same(mine.value, one.value):
                return f"says “{one.text}”, not “{mine.text}”"
    return ""


def _owners(text: str, known: frozenset[str]) -> Iterator[_Pair]:
    """Values with the nearest name before them in their sentence."""
    found = values(text, known)
    owners = [
        (one.start, one.end, frozenset({one.literal})) for one in found if one.kind is Kind.LITERAL
    ]
    owners.extend((name.start, name.end, _forms(name)) for name in names(text, known))
    for value in found:
        if value.kind in (Kind.LITERAL, Kind.SCALE, Kind.ORDINAL) or value.is_vague:
            continue
        before = [owner for owner in owners if owner[1] <= value.start]
        if before:
            start, _, words = max(before, key=lambda owner: owner[:2])
            written = " ".join(text[start : value.end].split())
            yield _Pair(value, written, words)


def _forms(name: Name) -> frozenset[str]:
    return frozenset(form for word in name.words for form in forms(word))


def _turned_round(said: str, source: str, known: frozenset[str], stemmer: Stemmer) -> str:
    """Whether one name does to another what in the source the other does to it.

    Names that follow one another, with the same words between them: "by" turns them round once more.
    """
    theirs = [
        pair
        for span in sentences(source)
        for pair in _neighbours(source[span.start : span.end], known, stemmer)
    ]
    for one, other, doing, is_passive in _neighbours(said, known, stemmer):
        alike = [pair for pair in theirs if 2 * len(pair[2] & doing) >= max(1, len(doing))]
        turned = {
            (bool(_forms(a) & _forms(other) and _forms(b) & _forms(one)), passive)
            for a, b, _, passive in alike
            if _forms(a) & _forms(one) or _forms(a) & _forms(other)
        }
        if (True, is_passive) in turned and not turned & {
            (False, is_passive),
            (True, not is_passive),
        }:
            return f"says it of “{other.text}” and “{one.text}” the other way round"
    return ""


def _neighbours(
    text: str, known: frozenset[str], stemmer: Stemmer
) -> Iterator[tuple[Name, Name, set[str], bool]]:
    """Names that follow one another, the stems between them, and whether a "by" is among those."""
    for one, other in pairwise(names(text, known)):
        between = text[one.end : other.start]
        stems = set(stemmer.stems([between])[0]) - stemmer.stop_stems
        if stems:
            yield one, other, stems, re.search(r"\bby\b", between) is not None
