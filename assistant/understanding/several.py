"""Split a message that asks several things into its questions."""

import re
from collections.abc import Sequence

from assistant.text.blocks import SIMPLE_ITEM
from assistant.text.lexicons import lexicon
from assistant.text.phrases import any_of, opening
from assistant.text.words import words
from assistant.understanding.direct_questions import direct

_MOST = 4
_BETWEEN_SENTENCES = re.compile(r"(?<=[?;])\s+|\s+(?=\(?[2-9][.)]\s)")
"""Where a further question may begin that needs no word to join it: "…? …", "…; …", "… 2. …"."""
_BETWEEN_CLAUSES = re.compile(r"[\s,–—-]{1,4}(?:and|as well as|plus|&)[\s,]+", re.IGNORECASE)
"""Where a further question may begin within a sentence."""


_TAIL = re.compile(
    rf"[\s,–—-]+(?:and|&)\s+(?P<tail>(?:(?:{any_of('prepositions_before_question_words')})\s+)?"
    rf"(?:{any_of('question_words')}))[\s?.!]*$",
    re.IGNORECASE,
)
"""A question word that ends a question and asks more of the same: "Who built it and when?"."""
_LONGEST_TAIL = 60
_LONGEST_OPENING = 200
"""The number of characters in which a question must begin."""
_AUXILIARY = any_of("auxiliaries")
_SUBORDINATE = re.compile(rf"(?:when|where|why)\s+(?!(?:{_AUXILIARY})\b)", re.IGNORECASE)
"""What begins a clause of a question already begun: "What do I do when … and when it is well again?"."""


def split_questions(message: str) -> list[str]:
    """Return the two to four questions of a message, or the whole message as one.

    Each must begin with a question word or an auxiliary verb, and say what it asks. What opens a
    further question is left out, and so are the numbers of questions.

    >>> split_questions("When was the mill built, and who paid for it?")
    ['When was the mill built?', 'who paid for it?']
    >>> split_questions("1. When was it built? 2. By the way, can you tell me who paid for it?")
    ['When was it built?', 'who paid for it?']
    >>> split_questions("What is the difference between what it costs and what it is worth?")
    ['What is the difference between what it costs and what it is worth?']
    >>> split_questions("Who built the mill, and when?")
    ['Who built the mill?', 'when?']
    """
    text = " ".join(message.split())
    begun = _TAIL.search(text, max(0, len(text) - _LONGEST_TAIL))
    tail = [begun["tail"]] if begun and _is_question(text[: begun.start()], 3) else []
    whole = text[: begun.start()] if begun and tail else text
    sentences = _split(whole, _BETWEEN_SENTENCES)
    parts = [part for sentence in sentences for part in _clauses(sentence)]
    parts = [*parts, *tail] if all(map(_is_question, parts)) else []
    is_several = 1 < len(parts) <= _MOST
    return [f"{part.rstrip('?.!; ')}?" for part in parts] if is_several else [message]


def _clauses(sentence: str) -> list[str]:
    """Return the questions that a sentence joins, or the sentence as the only one."""
    parts = [direct(part) for part in _split(sentence, _BETWEEN_CLAUSES)]
    compares = not set(lexicon("comparing_words")).isdisjoint(words(sentence.lower()))
    is_one = compares or not all(_is_question(part, 3) for part in parts)
    return [sentence] if is_one or _is_one_with_clauses(sentence, parts) else parts


def _is_one_with_clauses(sentence: str, parts: Sequence[str]) -> bool:
    """Return whether the later parts go on with a clause that the first part has in it."""
    inner = words(parts[0].lower())[1:]
    has_clause = not set(lexicon("question_words")).isdisjoint(inner)
    return has_clause and any(
        f" {part}" in sentence and _SUBORDINATE.match(part) for part in parts[1:]
    )


def _split(text: str, between: re.Pattern[str]) -> list[str]:
    """Return the stretches of a text at whose borders a question begins, without their openings."""
    borders = [match.span() for match in between.finditer(text)]
    borders = [(left, right) for left, right in borders if _begins_after(text, right)]
    starts = [0, *(right for _, right in borders)]
    ends = [*(left for left, _ in borders), len(text)]
    return [_without_opening(text[start:end]) for start, end in zip(starts, ends, strict=True)]


def _begins_after(text: str, place: int) -> bool:
    return _begins(_without_opening(text[place : place + _LONGEST_OPENING]))


def _without_opening(part: str) -> str:
    """Return a question without its number and the words before it, others unchanged."""
    rest = SIMPLE_ITEM.sub("", part, count=1) if SIMPLE_ITEM.match(part) else part
    for name in ("further_questions", "openings"):
        match = opening(name).match(rest.replace("’", "'"))
        rest = rest[match.end() :] if match else rest
    return rest if _begins(rest) else part


def _is_question(part: str, fewest: int = 2) -> bool:
    spoken = words(part.lower())
    is_whole = len(spoken) >= fewest and spoken[-1] not in lexicon("question_beginnings")
    return is_whole and _begins(part)


def _begins(text: str) -> bool:
    first = next(iter(words(text.lower())), "")
    return first in lexicon("question_beginnings")
