"""The words of a text, and those of a question that keyword search looks for."""

import re

from assistant.text.lexicons import lexicon

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST_WORDS = 64

STOP_WORDS = frozenset(lexicon("stop_words"))
"""Function words of English: they say how a question asks, not what it is about."""


def words(text: str) -> list[str]:
    """The words of a text in order, as they stand."""
    return _WORD.findall(text)


def query_words(question: str) -> list[str]:
    """The distinct content words of a question; all its words if it has nothing else.

    At most 64, the first ones, so that a pasted page is still a query.
    """
    found = list(dict.fromkeys(word.casefold().replace("’", "'") for word in words(question)))
    content = [word for word in found if word not in STOP_WORDS]
    return (content or found)[:_MOST_WORDS]
