"""Split a message that asks several things into its questions."""

import re

from assistant.text.lexicons import lexicon
from assistant.text.words import words

_MOST = 3
_FEWEST_WORDS = 3
_BETWEEN = re.compile(r"(?<=[?])\s+|,?\s+(?:and|and also)\s+", re.IGNORECASE)
"""Where a second question may begin."""


def split_questions(message: str) -> list[str]:
    """Return the two or three questions of a message, or the whole message as one.

    Each must begin with a question word or an auxiliary verb, and say what it asks.

    >>> split_questions("When was the mill built, and who paid for it?")
    ['When was the mill built?', 'who paid for it?']
    >>> split_questions("What is the difference between what it costs and what it is worth?")
    ['What is the difference between what it costs and what it is worth?']
    """
    text = " ".join(message.split())
    borders = [match.span() for match in _BETWEEN.finditer(text) if _begins(text[match.end() :])]
    parts, start = [], 0
    for left, right in borders:
        parts.append(text[start:left])
        start = right
    parts.append(text[start:])
    is_several = 1 < len(parts) <= _MOST and all(_is_question(part) for part in parts)
    return [f"{part.rstrip('?.! ')}?" for part in parts] if is_several else [message]


def _is_question(part: str) -> bool:
    spoken = words(part.lower())
    compares = not set(lexicon("comparing_words")).isdisjoint(spoken)
    is_whole = len(spoken) >= _FEWEST_WORDS and spoken[-1] not in lexicon("question_beginnings")
    return is_whole and _begins(part) and not compares


def _begins(text: str) -> bool:
    first = next(iter(words(text.lower())), "")
    return first in lexicon("question_beginnings")
