"""Compares what a sentence denies, and which way it points, with its source: "not", "more", "before"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.retrieval.terms import Stemmer

_NEGATORS = {
    *("not", "no", "never", "without", "none", "neither", "nor", "cannot", "nobody", "nothing"),
    *("nowhere", "hardly", "unable", "non"),
}
_DENIALS = {
    *("refuse", "refused", "refuses", "reject", "rejected", "rejects", "deny", "denied", "denies"),
    *("fail", "failed", "fails", "lack", "lacks", "lacked", "oppose", "opposes", "opposed"),
    *("opposing", "avoid", "avoids", "against", "forbid", "forbids", "forbidden", "prohibited"),
    *("exclude", "excludes", "excluded", "except", "instead", "rather", "free", "only", "less"),
    *("stop", "stops", "removed", "despite", "unless", "false", "wrong", "ungrounded", "baseless"),
}
"""Words that deny without a "not": where a source has one, a "not" may be a paraphrase."""
_SCOPE = 6
_BORDER = re.compile(
    r"[.,;:!?()—–]|\b(?:but|because|although|while|whereas|unless|until|if|when)\b"
)
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[.,;:!?()—–]")

_OPPOSITES = """
increase increased increases increasing rise rose grow grew growing : decrease decreased decreases decreasing fall fell decline declined shrink shrank reduce reduced
more : fewer less
most : least fewest
before earlier : after later
first : last
latest newest : oldest earliest
maximum : minimum
longer : shorter
lengthens extends extend lengthen : shortens shorten
larger bigger greater higher : smaller lower
internal : external
inside indoors indoor : outside outdoors outdoor
import imports imported : export exports exported
start starts started begin begins began open opens opened : end ends ended stop stops stopped close closes closed
allow allows allowed permit permits permitted : forbid forbids forbidden prohibit prohibits prohibited
required must mandatory compulsory obligatory : optional voluntary recommended
accept accepts accepted approve approved approves : reject rejected rejects refuse refused refuses
support supports supported favour favours welcomes upholds : oppose opposes opposed rejects
include includes included including : exclude excludes excluded excluding
win won gain gained : lose lost
buy buys bought purchase purchased : sell sells sold
success succeeded successful : failure failed unsuccessful
strength strengthen strengthens strengthened enhance enhances enhanced : weaken weakens weakened undermine undermines undermined
easy easier : difficult harder
north northern : south southern
east eastern : west western
everybody everyone : nobody
unanimously : narrowly
founder founded established created inaugurated : dissolved abolished disbanded
join joins joined accession admitted : leave leaves left withdrew expelled
attract attracts : repel repels
same similar alike : different dissimilar
cheap cheaper : expensive dearer
early : late
safe : dangerous
stable stability : instability unstable
peace : war
military : civilian
bilateral : multilateral unilateral
positive : negative
fast faster quick quicker : slow slower
"""


def _opposites() -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for line, pair in enumerate(_OPPOSITES.strip().splitlines()):
        for side, words in enumerate(pair.split(":")):
            for word in words.split():
                found.setdefault(word, (line, side))
    return found


_OPPOSITE = _opposites()
_NOT_A_DENIAL = re.compile(
    r"\bnot only\b|\blast but not least\b|\bnot least\b|\bno (?:later|more|less|fewer|sooner) than\b|"
    r"\bno doubt\b|\bnot (?:more|less|fewer|later) than\b|\bnot just\b|\bnot merely\b",
    re.IGNORECASE,
)
_LOWER = re.compile(
    r"(?:more than|over|above|at least|a minimum of|no fewer than|no less than|exceed\w*|longer than|"
    r"after|since|upwards of)\s+(?:the\s+|about\s+)?$",
    re.IGNORECASE,
)
_UPPER = re.compile(
    r"(?:less than|fewer than|under|below|at most|up to|a maximum of|no more than|not more than|"
    r"shorter than|before|until)\s+(?:the\s+|about\s+)?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, and the stems of what it denies, in order."""

    word: str
    stems: tuple[str, ...]


def bound(text: str, start: int) -> int:
    """Which way the words before a value at ``start`` limit it: 1 from below, -1 from above, 0."""
    before = text[max(0, start - 24) : start]
    if _LOWER.search(before):
        return 1
    return -1 if _UPPER.search(before) else 0


def denials(text: str, stemmer: Stemmer) -> list[Denial]:
    """What a text denies: each negating word with the content words behind it."""
    tokens = _TOKEN.findall(_NOT_A_DENIAL.sub(lambda match: "x" * len(match[0]), text))
    found: list[Denial] = []
    for at, token in enumerate(tokens):
        word = token.lower().replace("’", "'")
        if word in _NEGATORS or word.endswith("n't"):
            found.append(Denial(word, tuple(_scope(tokens[at + 1 :], stemmer))))
    return found


def denies(text: str) -> bool:
    """Whether a text has any word that denies, a "not" or another."""
    words = {token.lower().replace("’", "'") for token in _TOKEN.findall(text)}
    return bool(words & (_NEGATORS | _DENIALS)) or any(word.endswith("n't") for word in words)


def flipped(said: str, carrying: Sequence[str], stemmer: Stemmer) -> str:
    """What is denied on one side alone, in words for people; empty where nothing is."""
    said_stems = set(stemmer.stems([said])[0])
    source_stems = [set(stems) for stems in stemmer.stems(carrying)]
    for denial in denials(said, stemmer):
        about = [
            text
            for text, stems in zip(carrying, source_stems, strict=True)
            if stems.intersection(denial.stems)
        ]
        if about and not any(denies(text) for text in about):
            return f"says this without “{denial.word}”"
    if denies(said):
        return ""
    for text in carrying:
        for denial in denials(text, stemmer):
            head = denial.stems[:3]
            shared = said_stems.intersection(head)
            if head and (head[0] in shared or len(shared) >= 2) and len(shared) * 2 >= len(head):
                return f"says “{denial.word}” where the sentence does not"
    return ""


def opposite(said: str, carrying: Sequence[str]) -> tuple[str, str] | None:
    """A word of the sentence and its opposite in the source, where each has only its own."""
    source: dict[tuple[int, int], str] = {}
    for text in carrying:
        source.update(_sides(text))
    mine = _sides(said)
    for (line, side), word in mine.items():
        other = (line, 1 - side)
        if other in source and other not in mine and (line, side) not in source:
            return word, source[other]
    return None


def _sides(text: str) -> dict[tuple[int, int], str]:
    tokens = (token.lower() for token in _TOKEN.findall(text))
    return {_OPPOSITE[token]: token for token in tokens if token in _OPPOSITE}


def _scope(tokens: Sequence[str], stemmer: Stemmer) -> Iterator[str]:
    reach: list[str] = []
    for token in tokens:
        if _BORDER.fullmatch(token.lower()) or len(reach) == _SCOPE:
            break
        reach.append(token)
    for stem in stemmer.stems([" ".join(reach)])[0]:
        if stem not in stemmer.stop_stems:
            yield stem
