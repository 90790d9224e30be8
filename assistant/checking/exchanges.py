"""Find what a sentence says in the place of something else.

A sentence that keeps the words of its source can still exchange them: "127 areas and 11 projects"
for "11 areas and 127 projects", "before" for "after", another subject for the same predicate.
Every word then has its ground, but not in its place.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, takewhile

from assistant.checking.alignment import (
    MOST_ALIGNED,
    Aligned,
    SentenceToken,
    TokenPart,
    align,
    tokens_of,
)
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon

Exchange = tuple[str, str]
"""Words of a sentence, and the words of its source that they replace."""
NOTHING = ("", "")
_LEAST_SHARED = 0.5
"""The share of a sentence's content that its source must have for the two to be compared."""
_LONGEST_SOURCE = 3 * MOST_ALIGNED
_ARTICLES = frozenset(("a", "an", "the"))
_PRONOUNS = frozenset(("he", "she", "it", "they", "we", "i", "you", "who", "which", "that"))
_OPPOSITES = tuple(line.split() for line in lexicon("opposites"))
_DENYING_PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")


def exchanged(
    sentence: str,
    carrying: Sequence[str],
    passage: str,
    known: frozenset[str],
    stemmer: Stemmer,
) -> Exchange:
    """Return the words of a sentence that replace others of its source, and those others.

    Both are empty if nothing is exchanged. ``carrying`` contains the sentences that support it,
    ``passage`` all text that may, and ``known`` words that are names.
    """
    tokens = _without_last_mark(tokens_of(sentence, known, stemmer))
    if not 2 <= len(tokens) <= MOST_ALIGNED:
        return NOTHING
    sources = [tokens_of(text, known, stemmer) for text in carrying]
    copied = [
        one
        for one in (align(tokens, source) for source in sources if len(source) <= _LONGEST_SOURCE)
        if _is_copy(one)
    ]
    joined = tuple(chain.from_iterable(sources))
    whole = copied
    if len(sources) > 1 and len(joined) <= _LONGEST_SOURCE:
        whole = [one for one in (*copied, align(tokens, joined)) if _is_copy(one)]
    if not whole:
        return NOTHING
    around = tokens_of(passage, known, stemmer)
    best = max(whole, key=lambda one: one.score)
    ends = (found for one in copied for found in _other_ends(one, around))
    return next(chain(_replacements(best, around, stemmer), ends), NOTHING)


def _without_last_mark(tokens: tuple[SentenceToken, ...]) -> tuple[SentenceToken, ...]:
    while tokens and tokens[-1].part is TokenPart.MARK:
        tokens = tokens[:-1]
    return tokens


def _is_copy(aligned: Aligned) -> bool:
    """Return whether a source has most of a sentence's content, and at least two words of it."""
    content = [index for index, token in enumerate(aligned.tokens) if token.is_content]
    shared = sum(index in aligned.matched for index in content)
    return shared >= 2 and shared >= _LEAST_SHARED * len(content)


def _replacements(
    aligned: Aligned, around: Sequence[SentenceToken], stemmer: Stemmer
) -> Iterator[Exchange]:
    """Yield the tokens that stand between the same neighbours as others of the source."""
    opposites = _stemmed_opposites(stemmer)
    for row, (index, place) in enumerate(aligned.pairs):
        if index is None or place is None or index in aligned.matched:
            continue
        token, other = aligned.tokens[index], aligned.source[place]
        sides = {_agrees(aligned, row, -1), _agrees(aligned, row, 1)}
        if False in sides or True not in sides:
            continue
        within = aligned.source if None in sides else around
        is_exchange = (
            _is_other_fact(token, other)
            or _is_opposite(token, other, opposites)
            or _is_moved(token, other, aligned.tokens, within)
        )
        if is_exchange and not _stands_so_elsewhere(aligned.tokens, index, around):
            yield token.text, other.text


def _other_ends(aligned: Aligned, around: Sequence[SentenceToken]) -> Iterator[Exchange]:
    """Yield what a sentence puts before or after a stretch that it copies whole.

    It comes from elsewhere in the passage, and the source goes on with something of its own.
    """
    content = [index for index, token in enumerate(aligned.tokens) if token.is_content]
    shared = [index for index in content if index in aligned.matched]
    first, last = (aligned.matched[index] for index in (shared[0], shared[-1]))
    copied = {aligned.matched[index] for index in shared}
    if any(
        aligned.source[place].is_content and place not in copied for place in range(first, last)
    ):
        return
    before, after = _clause_around(aligned.source, first, last)
    if shared == content[-len(shared) :] and not any(token.text in _PRONOUNS for token in before):
        yield from _from_elsewhere(aligned, content[: -len(shared)], before, around)
    rest = content[len(shared) :]
    linking = aligned.tokens[shared[-1] + 1 : next(iter(rest), None)]
    is_continued = shared == content[: len(shared)] and len(rest) < len(shared)
    if is_continued and _opening(linking) == _opening(after):
        yield from _from_elsewhere(aligned, rest, after, around)


def _from_elsewhere(
    aligned: Aligned,
    indexes: Sequence[int],
    own: Sequence[SentenceToken],
    around: Sequence[SentenceToken],
) -> Iterator[Exchange]:
    """Yield tokens of a sentence that only other sentences of the passage have, for a source's own."""
    tokens = [aligned.tokens[index] for index in indexes]
    replaced = [token.text for token in own if token.is_content]
    is_from_elsewhere = all(
        _has(around, token) and not _has(aligned.source, token) for token in tokens
    )
    if tokens and replaced and is_from_elsewhere:
        yield " ".join(token.text for token in tokens), " ".join(replaced)


def _clause_around(
    source: Sequence[SentenceToken], first: int, last: int
) -> tuple[list[SentenceToken], list[SentenceToken]]:
    """Return the tokens before and after a stretch of the source, up to a punctuation mark."""
    before = list(takewhile(_is_inside, reversed(source[:first])))[::-1]
    return before, list(takewhile(_is_inside, source[last + 1 :]))


def _is_inside(token: SentenceToken) -> bool:
    return token.part is not TokenPart.MARK


def _opening(tokens: Sequence[SentenceToken]) -> list[str]:
    """Return the function words with which tokens begin, without articles."""
    opening = takewhile(lambda token: not token.is_content, tokens)
    return [token.text for token in opening if token.text not in _ARTICLES]


def _agrees(aligned: Aligned, row: int, step: int) -> bool | None:
    """Return whether a sentence and its source agree beside a row; None at the edge of a clause.

    Articles that only one of them has do not count.
    """
    row += step
    while 0 <= row < len(aligned.pairs):
        index, place = aligned.pairs[row]
        if index is not None and place is not None:
            return index in aligned.matched
        alone = aligned.tokens[index] if index is not None else aligned.source[place or 0]
        if alone.part is TokenPart.MARK:
            return None
        if alone.text not in _ARTICLES:
            return False
        row += step
    return None


def _is_other_fact(token: SentenceToken, other: SentenceToken) -> bool:
    """Return whether two tokens are values of one kind, or names."""
    if token.value and other.value:
        is_vague = token.value.is_vague and not token.value.dimension
        return token.value.kind == other.value.kind and not (is_vague or other.value.is_vague)
    return token.part is TokenPart.NAME is other.part


def _is_opposite(
    token: SentenceToken, other: SentenceToken, opposites: frozenset[frozenset[str]]
) -> bool:
    """Return whether a word is the opposite of another, by the lexicon or by its prefix."""
    if TokenPart.NAME in (token.part, other.part):
        return False
    pair = frozenset((token.key, other.key))
    longer, shorter = sorted((token.text, other.text), key=len, reverse=True)
    return pair in opposites or any(longer == prefix + shorter for prefix in _DENYING_PREFIXES)


def _is_moved(
    token: SentenceToken,
    other: SentenceToken,
    tokens: Sequence[SentenceToken],
    around: Sequence[SentenceToken],
) -> bool:
    """Return whether both words are in the sentence and in its source, but change places."""
    are_words = token.part is TokenPart.WORD is other.part
    return are_words and _has(tokens, other) and _has(around, token)


def _has(tokens: Sequence[SentenceToken], wanted: SentenceToken) -> bool:
    return any(wanted.matches(token) for token in tokens)


def _stands_so_elsewhere(
    tokens: Sequence[SentenceToken], index: int, around: Sequence[SentenceToken]
) -> bool:
    """Return whether the passage has a token between the same words somewhere.

    These are the nearest content words on both sides, or two on one side at the edge.
    """
    content = [place for place, token in enumerate(tokens) if token.is_content]
    before = [place for place in content if place < index]
    after = [place for place in content if place > index]
    first = before[-1 if after else -2 :][0] if before else index
    last = after[: 1 if before else 2][-1] if after else index
    wanted = tokens[first : last + 1]
    return any(
        all(map(SentenceToken.matches, wanted, around[place : place + len(wanted)]))
        for place in range(len(around) - len(wanted) + 1)
    )


@lru_cache(maxsize=4)
def _stemmed_opposites(stemmer: Stemmer) -> frozenset[frozenset[str]]:
    stems = stemmer.stems([word for pair in _OPPOSITES for word in pair])
    keys = [some[0] for some in stems]
    return frozenset(map(frozenset, zip(keys[::2], keys[1::2], strict=True)))
