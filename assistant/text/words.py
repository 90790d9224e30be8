"""Split a text into words, and choose the words of a question for keyword search."""

import re

from assistant.text.lexicons import lexicon

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_MOST_WORDS = 64

STOP_WORDS = frozenset(lexicon("stop_words"))
"""Function words of English, which shape a question without saying what it is about."""


def words(text: str) -> list[str]:
    """Return the words of a text in order, unchanged."""
    return _WORD.findall(text)


def query_words(question: str) -> list[str]:
    """Return the distinct content words of a question, or all its words if it has no others.

    Only the first 64 are returned, so that a pasted page is still a query.
    """
    distinct = list(dict.fromkeys(word.casefold().replace("’", "'") for word in words(question)))
    content = [word for word in distinct if word not in STOP_WORDS]
    return (content or distinct)[:_MOST_WORDS]
