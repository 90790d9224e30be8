"""Lay a written sentence over a sentence of its source, word by word.

A sentence that copies most of its source can be compared in place: where the two differ, one says
something else than the other. The alignment is Needleman and Wunsch's (1970), with the whole
written sentence against any stretch of the source.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from assistant.checking.names import forms, names
from assistant.checking.values.quantities import Value, same, values
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon
from assistant.text.words import STOP_WORDS

MOST_ALIGNED = 80
"""The largest number of tokens of a sentence that is compared. Time grows with their product."""
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[,;:.()—–]")


class TokenPart(IntEnum):
    """What a token is; content is greater than `FUNCTION`."""

    MARK = 0
    FUNCTION = 1
    WORD = 2
    NAME = 3
    VALUE = 4


@dataclass(frozen=True, slots=True)
class SentenceToken:
    """A word, a name, a value or a punctuation mark of a sentence.

    ``key`` is the stem of a word, and the small letters of anything else. ``forms`` contains all forms and the initials of a name.
    """

    text: str
    part: TokenPart
    key: str
    value: Value | None = None
    forms: frozenset[str] = frozenset()

    @property
    def is_content(self) -> bool:
        """Whether it is more than a function word."""
        return self.part > TokenPart.FUNCTION

    def matches(self, other: "SentenceToken") -> bool:
        """Return whether it means the same as a token of the source."""
        if self.value and other.value:
            return same(self.value, other.value)
        if self.part is TokenPart.NAME is other.part:
            return not self.forms.isdisjoint(other.forms)
        return self.key == other.key


@dataclass(frozen=True)
class Aligned:
    """The tokens of a sentence and of its source, and the pairs of indexes that stand side by side.

    A token that stands beside nothing is paired with None. ``score`` grows with what is shared.
    """

    tokens: tuple[SentenceToken, ...]
    source: tuple[SentenceToken, ...]
    pairs: tuple[tuple[int | None, int | None], ...]
    score: float

    @cached_property
    def matched(self) -> dict[int, int]:
        """The index in the source of each token of the sentence that the source shares."""
        return {
            index: place
            for index, place in self.pairs
            if index is not None
            and place is not None
            and self.tokens[index].matches(self.source[place])
        }


def tokens_of(text: str, known: frozenset[str], stemmer: Stemmer) -> tuple[SentenceToken, ...]:
    """Return the tokens of a text. ``known`` contains words, in lower case, that are names."""
    found = list(_tokens(text, known))
    stems = stemmer.stems([token.text for token in found])
    return tuple(
        SentenceToken(token.text, token.part, some[0], token.value, token.forms)
        if some and token.part in (TokenPart.FUNCTION, TokenPart.WORD)
        else token
        for token, some in zip(found, stems, strict=True)
    )


def align(tokens: Sequence[SentenceToken], source: Sequence[SentenceToken]) -> Aligned:
    """Return the best alignment of all tokens with a stretch of the source."""
    rows = [[0.0] * (len(source) + 1)]
    steps: list[list[int]] = [[_SOURCE_ALONE] * (len(source) + 1)]
    for index, token in enumerate(tokens):
        above = rows[-1]
        alone = _ALONE[token.is_content]
        row, row_steps = [above[0] - alone], [_TOKEN_ALONE]
        skipped = 0.0 if index == len(tokens) - 1 else 1.0
        for place, other in enumerate(source):
            choices = (
                above[place] + _beside(token, other),
                above[place + 1] - alone,
                row[place] - skipped * _SKIPPED[other.is_content],
            )
            best = max(choices)
            row.append(best)
            row_steps.append(choices.index(best))
        rows.append(row)
        steps.append(row_steps)
    return Aligned(
        tuple(tokens), tuple(source), tuple(_traced(steps, len(source))), rows[-1][len(source)]
    )


_SIDE_BY_SIDE, _TOKEN_ALONE, _SOURCE_ALONE = range(3)
_MATCH = {
    TokenPart.MARK: 0.2,
    TokenPart.FUNCTION: 0.8,
    TokenPart.WORD: 3.0,
    TokenPart.NAME: 3.0,
    TokenPart.VALUE: 3.0,
}
_ALONE = {True: 0.7, False: 0.1}
"""What a token costs that has nothing beside it, by whether it is content."""
_SKIPPED = {True: 0.25, False: 0.05}
"""What a token of the source costs that is left out."""
_DIFFERENT = {True: 0.6, False: 0.1}
"""What two tokens cost that stand side by side and differ, by whether they are content."""
_OPPOSITES = frozenset(
    pair
    for first, second in map(str.split, lexicon("opposites"))
    for pair in ((first, second), (second, first))
)
"""Pairs of which one may be a function word and the other not: "more" and "less"."""
_NEVER = -1e9


def _beside(token: SentenceToken, other: SentenceToken) -> float:
    """Return the score of two tokens side by side."""
    if token.matches(other):
        return _MATCH[token.part]
    if TokenPart.MARK in (token.part, other.part):
        return _NEVER
    if token.is_content != other.is_content and (token.text, other.text) in _OPPOSITES:
        return -_DIFFERENT[False]
    return -_DIFFERENT[token.is_content or other.is_content]


def _traced(steps: list[list[int]], width: int) -> list[tuple[int | None, int | None]]:
    """Return the pairs of the best way through the table, without the source around them."""
    pairs: list[tuple[int | None, int | None]] = []
    index, place = len(steps) - 1, width
    while index:
        step = steps[index][place]
        index -= step != _SOURCE_ALONE
        place -= step != _TOKEN_ALONE
        pairs.append(
            (
                index if step != _SOURCE_ALONE else None,
                place if step != _TOKEN_ALONE else None,
            )
        )
    while pairs and pairs[0][0] is None:
        pairs.pop(0)
    return pairs[::-1]


def _tokens(text: str, known: frozenset[str]) -> Iterator[SentenceToken]:
    places: list[tuple[int, int, SentenceToken]] = [
        (value.start, value.end, _value_token(text, value)) for value in values(text, known)
    ]
    covered = {index for start, end, _ in places for index in range(start, end)}
    for name in names(text, known):
        if covered.isdisjoint(range(name.start, name.end)):
            both = {form for word in name.words for form in forms(word)} | _initials(name.words)
            token = SentenceToken(
                name.text, TokenPart.NAME, name.text.lower(), None, frozenset(both)
            )
            places.append((name.start, name.end, token))
    start = 0
    for first, last, token in sorted(places, key=lambda place: place[0]):
        if first >= start:
            yield from _words(text[start:first])
            yield token
            start = last
    yield from _words(text[start:])


def _value_token(text: str, value: Value) -> SentenceToken:
    written = text[value.start : value.end]
    return SentenceToken(written, TokenPart.VALUE, written.lower(), value)


def _words(text: str) -> Iterator[SentenceToken]:
    for match in _TOKEN.finditer(text):
        word = match[0].lower().replace("’", "'")
        part = TokenPart.FUNCTION if word in STOP_WORDS else TokenPart.WORD
        yield SentenceToken(word, part if word[0].isalnum() else TokenPart.MARK, word)


def _initials(words: Sequence[str]) -> set[str]:
    """Return the initials of a name of several words: "sco" for a cooperation organization."""
    return {"".join(word[0] for word in words).lower()} if len(words) > 1 else set()
