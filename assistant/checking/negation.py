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

_OPPOSITES = """
increase rise rose grow grew growing extend expand : decrease fall fell decline shrink shrank reduce
more : fewer less
most : least fewest
before earlier prior : after later
first : last
latest newest : oldest earliest
above : below
maximum : minimum
longer lengthen : shorter shorten
larger bigger greater higher : smaller lower
internal : external
inside indoor : outside outdoor
import : export
start begin began open : end stop close
allow permit : forbid forbidden prohibit ban
required must mandatory compulsory obligatory : optional voluntary recommended
accept approve : reject refuse
support favour favor welcome uphold : oppose
include : exclude
win won gain : lose lost
buy bought purchase : sell sold
success succeed : failure fail
strengthen enhance : weaken undermine
easy easier : difficult hard harder
north northern : south southern
east eastern : west western
everybody everyone : nobody
found establish create inaugurate : dissolve abolish disband
join accession admit : leave left withdraw withdrew expel
attract : repel
same similar alike identical : different dissimilar
cheap cheaper : expensive dear dearer
wet : dry
early : late
safe : dangerous
stable stability : instability unstable
peace peaceful : war
military militarily : civilian
bilateral : multilateral unilateral
positive : negative
fast faster quick quicker : slow slower
lock : unlock
connect : disconnect
permanent : temporary
restrict limit hamper hinder curb impede : liberalize liberalise facilitate ease
accelerate speed quicken : slow delay
encourage : discourage
praise : criticize criticise condemn
agree : disagree
improve : worsen deteriorate
majority : minority
public : private
urban : rural
domestic : foreign
victory : defeat
arrive arrival : depart departure
hire recruit : dismiss
borrow : lend
profit : loss
surplus : deficit
demand : supply
teacher : student pupil
winner : loser
employer : employee
often frequently usually : rarely seldom
strong stronger : weak weaker
narrow : wide broad
legal lawful : illegal unlawful
possible : impossible
sufficient adequate : insufficient inadequate
complete : incomplete
direct : indirect
formal : informal
official : unofficial
active : inactive passive
automatic automatically : manual manually
enable activate : disable deactivate
install : uninstall remove
attach : detach
upload : download
credit : debit
optimistic optimism : pessimistic pessimism
advantage benefit : disadvantage drawback
confirm : deny
protect preserve : destroy
upper : lower
warm warmer hot hotter : cold colder cool cooler
"""


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


def opposite(sentence: str, carrying: Sequence[str], stemmer: Stemmer) -> tuple[str, str] | None:
    """Return a word of the sentence and its opposite in the source, where each has only its own."""
    sentence_sides = _sides(sentence, stemmer)
    source: dict[tuple[int, int], str] = {}
    for text in carrying:
        source.update(_sides(text, stemmer))
    for (line, side), word in sentence_sides.items():
        other = (line, 1 - side)
        if other in source and other not in sentence_sides and (line, side) not in source:
            return word, source[other]
    return None


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


@lru_cache(maxsize=4)
def _opposite_stems(stemmer: Stemmer) -> dict[str, tuple[int, int]]:
    """Stems with the line and the side on which they stand."""
    sides: dict[str, tuple[int, int]] = {}
    for line, pair in enumerate(_OPPOSITES.strip().splitlines()):
        for side, words in enumerate(stemmer.stems(pair.split(":"))):
            for word in words:
                sides.setdefault(word, (line, side))
    return sides


def _sides(text: str, stemmer: Stemmer) -> dict[tuple[int, int], str]:
    known = _opposite_stems(stemmer)
    tokens = [token.lower() for token in _TOKEN.findall(text) if token[0].isalpha()]
    stems = stemmer.stems(tokens)
    return {
        known[stem[0]]: token
        for token, stem in zip(tokens, stems, strict=True)
        if stem and stem[0] in known
    }


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
