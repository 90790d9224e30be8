"""Compares what a sentence denies, and which way it points, with its source: "not", "more", "before"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.storage.stemming import Stemmer

_NEGATORS = {
    *("not", "no", "never", "without", "none", "neither", "nor", "cannot", "nobody", "nothing"),
    *("nowhere", "hardly", "non"),
}
_DENIALS = {
    *("refuse", "reject", "deny", "fail", "lack", "oppose", "avoid", "forbid", "forbidden"),
    *("prohibit", "exclude", "except", "overlook", "miss", "forget", "ignore", "false", "wrong"),
    *("ungrounded", "baseless", "optional", "unable", "impossible", "stop", "remove", "withdraw"),
    *("withdrawn", "abstain", "abstention", "prevent", "against", "instead"),
}
"""Words that deny without a "not": where a source has one, a "not" may be a paraphrase."""
_PREFIXED = re.compile(r"(?:un|non|dis)\w{2,}")
"""Stems that may deny by their prefix: "unused"."""
_SCOPE = 6
_NO_HEADS = {"longer", "necessary", "only", "yet", "ever", "need", "able"}
"""Words that come with a "not" and are not what it denies."""
_BORDER = re.compile(
    r"[.,;:!?()—–]|\b(?:but|because|although|while|whereas|unless|until|if|when)\b"
)
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
    r"\bnot only\b|\blast but not least\b|\bnot least\b|\bno (?:later|more|less|fewer|sooner) than\b|"
    r"\bno doubt\b|\bnot (?:more|less|fewer|later) than\b|\bnot just\b|\bnot merely\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?P<denied>\b(?:no|not|never)\s+|n['’]t\s+)?\b(?:"
    r"(?P<lower>more than|over|above|at least|a minimum of|exceed\w*|longer than|after|since|upwards of)|"
    r"(?P<upper>less than|fewer than|under|below|at most|up to|a maximum of|shorter than|before|until)"
    r")\s+(?:the\s+|about\s+)?$",
    re.IGNORECASE,
)
_NEAR = 40
"""Characters before a value in which the words that limit it are looked for."""


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, the stems of what it denies, in order, and those before it in the clause."""

    word: str
    stems: tuple[str, ...]
    before: tuple[str, ...] = ()


def bound(text: str, start: int) -> int:
    """Which way the words before a value at ``start`` limit it: 1 from below, -1 from above, 0."""
    found = _BOUND.search(text, max(0, start - _NEAR), start)
    if not found:
        return 0
    return 1 if bool(found["lower"]) != bool(found["denied"]) else -1


def denials(text: str, stemmer: Stemmer) -> list[Denial]:
    """What a text denies: each negating word with the content words behind it."""
    tokens = _TOKEN.findall(_NOT_A_DENIAL.sub(lambda match: "x" * len(match[0]), text))
    words = [token.lower().replace("’", "'") for token in tokens]
    places = [at for at, word in enumerate(words) if word in _NEGATORS or word.endswith("n't")]
    reaches = [
        _reach(words, among)
        for at in places
        for among in (range(at + 1, len(words)), range(at - 1, -1, -1))
    ]
    found = [
        tuple(stem for stem in stems if stem not in stemmer.stop_stems)
        for stems in stemmer.stems(reaches)
    ]
    return [
        Denial(words[at], stems, before)
        for at, stems, before in zip(places, found[::2], found[1::2], strict=True)
    ]


def flipped(said: str, carrying: Sequence[str], stemmer: Stemmer) -> str:
    """What is denied on one side alone, in words for people; empty where nothing is."""
    mine = denials(said, stemmer)
    theirs = [denial for text in carrying for denial in denials(text, stemmer)]
    denied_by_me, denied_by_them = _Denied(mine), _Denied(theirs)
    said_stems = set(stemmer.stems([said])[0])
    source_stems = {stem for stems in stemmer.stems(carrying) for stem in stems}
    # "refuses" may stand for "does not accept"; where both have the word it stands for nothing
    news = said_stems - source_stems
    only_mine = (_denying(stemmer) & news) or {stem for stem in news if _PREFIXED.match(stem)}
    only_theirs = _denying(stemmer) & (source_stems - said_stems)
    for denial in mine:
        head = denial.stems[:1]
        is_said = bool(head) and source_stems.issuperset(head) and not only_theirs
        if is_said and not denied_by_them.has(denial):
            return f"says this without “{denial.word}”"
    for denial in theirs:
        head = denial.stems[:3]
        shared = said_stems.intersection(head)
        is_said = bool(head) and len(shared) >= min(2, len(head)) and not only_mine
        if is_said and not denied_by_me.has(denial):
            return f"says “{denial.word}” where the sentence does not"
    return ""


def opposite(said: str, carrying: Sequence[str], stemmer: Stemmer) -> tuple[str, str] | None:
    """A word of the sentence and its opposite in the source, where each has only its own."""
    mine = _sides(said, stemmer)
    source: dict[tuple[int, int], str] = {}
    for text in carrying:
        source.update(_sides(text, stemmer))
    for (line, side), word in mine.items():
        other = (line, 1 - side)
        if other in source and other not in mine and (line, side) not in source:
            return word, source[other]
    return None


class _Denied:
    """What a text denies, gathered so that each denial of another text is looked up once.

    Two denials deny the same, as far as words tell, where the stems behind one are around the
    other. A "without" that has nothing behind it is matched by another "without" alone.
    """

    def __init__(self, found: Sequence[Denial]) -> None:
        self._has_without = any(one.word == "without" for one in found)
        self._has_bare_without = any(one.word == "without" and not one.stems for one in found)
        self._scoped = _Around([one for one in found if one.stems])
        self._others = _Around([one for one in found if one.word != "without"])
        self._any = _Around([one for one in found if one.stems or one.word != "without"])

    def has(self, denial: Denial) -> bool:
        if denial.word != "without":
            return (self._any if denial.stems else self._others).meets(denial)
        if not denial.stems:
            return self._has_without
        return self._has_bare_without or self._scoped.meets(denial)


class _Around:
    """The stems behind some denials, and those around them."""

    def __init__(self, found: Sequence[Denial]) -> None:
        self._behind = {stem for one in found for stem in one.stems}
        self._around = self._behind | {stem for one in found for stem in one.before}

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
    found: dict[str, tuple[int, int]] = {}
    for line, pair in enumerate(_OPPOSITES.strip().splitlines()):
        for side, words in enumerate(stemmer.stems(pair.split(":"))):
            for word in words:
                found.setdefault(word, (line, side))
    return found


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
    """Return the words from a denial on, forward or backward, that it can be about."""
    reach: list[str] = []
    for at in among:
        word = words[at]
        if _BORDER.fullmatch(word) or len(reach) == _SCOPE or word in _NEGATORS:
            break
        if word not in _NO_HEADS:
            reach.append(word)
    return " ".join(reach)
