"""Compare negations and directions in a sentence with its source: "not", "more than", "before"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon

_NEGATORS = frozenset(lexicon("negators"))
_DENIALS = frozenset(lexicon("denying_words"))
"""Words that deny without "not". If a source contains one, a "not" may paraphrase it."""
_PREFIXED = re.compile(r"(?:un|non|dis)\w{2,}")
"""Stems that may deny by their prefix: "unused"."""
_SCOPE = 6
_NO_HEADS = frozenset(lexicon("words_after_not"))
"""Words that follow a "not" without being what it denies."""
_BORDER = re.compile(rf"[.,;:!?()—–]|\b(?:{'|'.join(lexicon('clause_openers'))})\b")
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.,;:!?()—–]")

_NOT_A_DENIAL = re.compile(
    rf"\b(?:{'|'.join(lexicon('not_denials'))})\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?P<denied>\b(?:no|not|never)\s+|n['’]t\s+)?\b(?:"
    rf"(?P<lower>{'|'.join(lexicon('lower_limits'))}|exceed\w*)|"
    rf"(?P<upper>{'|'.join(lexicon('upper_limits'))})"
    r")\s+(?:the\s+|about\s+)?$",
    re.IGNORECASE,
)
_NEAR = 40
"""The number of characters before a value that are searched for words that limit it."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A negating word, the stems of what it denies, in order, and the stems before it."""

    word: str
    stems: tuple[str, ...]
    before: tuple[str, ...] = ()


def bound(text: str, start: int) -> int:
    """Return how the words before ``start`` limit a value: 1 from below, -1 from above, 0 not."""
    match = _BOUND.search(text, max(0, start - _NEAR), start)
    if not match:
        return 0
    return 1 if bool(match["lower"]) != bool(match["denied"]) else -1


def denials(text: str, stemmer: Stemmer) -> list[Denial]:
    """Return the denials of a text: each negating word with the content words after it."""
    tokens = _TOKEN.findall(_NOT_A_DENIAL.sub(lambda match: "x" * len(match[0]), text))
    words = [token.lower().replace("’", "'") for token in tokens]
    negators = [
        index for index, word in enumerate(words) if word in _NEGATORS or word.endswith("n't")
    ]
    reaches = [
        _reach(words, among)
        for index in negators
        for among in (range(index + 1, len(words)), range(index - 1, -1, -1))
    ]
    reached = [
        tuple(stem for stem in stems if stem not in stemmer.stop_stems)
        for stems in stemmer.stems(reaches)
    ]
    return [
        Denial(words[index], stems, before)
        for index, stems, before in zip(negators, reached[::2], reached[1::2], strict=True)
    ]


def flipped(sentence: str, carrying: Sequence[str], stemmer: Stemmer) -> str:
    """Return a reason if only the sentence or only its source denies something, else an empty string."""
    sentence_denials = denials(sentence, stemmer)
    source_denials = [denial for text in carrying for denial in denials(text, stemmer)]
    denied_by_sentence, denied_by_source = _Denied(sentence_denials), _Denied(source_denials)
    sentence_stems = set(stemmer.stems([sentence])[0])
    source_stems = {stem for stems in stemmer.stems(carrying) for stem in stems}
    # "refuses" may paraphrase "does not accept", unless both texts contain the word
    new_stems = sentence_stems - source_stems
    only_in_sentence = (_denying(stemmer) & new_stems) or {
        stem for stem in new_stems if _PREFIXED.match(stem)
    }
    only_in_source = _denying(stemmer) & (source_stems - sentence_stems)
    for denial in sentence_denials:
        head = denial.stems[:1]
        is_affirmed = bool(head) and source_stems.issuperset(head) and not only_in_source
        if is_affirmed and not denied_by_source.has(denial):
            return f"says this without “{denial.word}”"
    for denial in source_denials:
        head = denial.stems[:3]
        shared = sentence_stems.intersection(head)
        is_affirmed = bool(head) and len(shared) >= min(2, len(head)) and not only_in_sentence
        if is_affirmed and not denied_by_sentence.has(denial):
            return f"says “{denial.word}” where the sentence does not"
    return ""


class _Denied:
    """The denials of a text, indexed so that looking up another text's denial takes one step.

    Two denials match if the stems after one occur around the other. A "without" with nothing after
    it matches only another "without".
    """

    def __init__(self, denials: Sequence[Denial]) -> None:
        self._has_without = any(denial.word == "without" for denial in denials)
        self._has_bare_without = any(
            denial.word == "without" and not denial.stems for denial in denials
        )
        self._scoped = _Around([denial for denial in denials if denial.stems])
        self._others = _Around([denial for denial in denials if denial.word != "without"])
        self._any = _Around(
            [denial for denial in denials if denial.stems or denial.word != "without"]
        )

    def has(self, denial: Denial) -> bool:
        if denial.word != "without":
            return (self._any if denial.stems else self._others).meets(denial)
        if not denial.stems:
            return self._has_without
        return self._has_bare_without or self._scoped.meets(denial)


class _Around:
    """The stems after some denials, and the stems around them."""

    def __init__(self, denials: Sequence[Denial]) -> None:
        self._behind = {stem for denial in denials for stem in denial.stems}
        self._around = self._behind | {stem for denial in denials for stem in denial.before}

    def meets(self, denial: Denial) -> bool:
        return not (
            self._around.isdisjoint(denial.stems) and self._behind.isdisjoint(denial.before)
        )


@lru_cache(maxsize=4)
def _denying(stemmer: Stemmer) -> frozenset[str]:
    return frozenset(stem for stems in stemmer.stems(sorted(_DENIALS)) for stem in stems)


def _reach(words: Sequence[str], among: range) -> str:
    """Return the words after or before a denial that it can refer to."""
    reach: list[str] = []
    for index in among:
        word = words[index]
        if _BORDER.fullmatch(word) or len(reach) == _SCOPE or word in _NEGATORS:
            break
        if word not in _NO_HEADS:
            reach.append(word)
    return " ".join(reach)
