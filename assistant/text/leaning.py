"""Tell whether a sentence or paragraph is understood by itself, or leans on what is before it."""

import re

from assistant.text.phrases import any_of


def leans(text: str) -> bool:
    """Return whether a text begins with a word for what was said before.

    >>> leans("She was born in Oslo."), leans("Ada was born in Oslo.")
    (True, False)
    """
    return _LEANING.match(text) is not None


def points_back(sentence: str) -> bool:
    """Return whether a sentence speaks of something that only those before it name.

    >>> points_back("Peace requires that these disputes are settled.")
    True
    >>> points_back("In 1904 it was replaced."), points_back("The mill was sold when it closed.")
    (True, False)
    """
    first = " ".join(sentence.split()[:_FIRST_WORDS])
    return (
        leans(sentence)
        or _POINTING.search(sentence) is not None
        or _PRONOUN.search(first) is not None
    )


_FIRST_WORDS = 5
"""Words in which a pronoun stands for what a sentence before names."""
_POINTING = re.compile(rf"\b(?:{any_of('pointing_words')})\s+[^\W\d_]", re.IGNORECASE)
_PRONOUN = re.compile(rf"\b(?:{any_of('pronouns')})\b", re.IGNORECASE)
_LEANING = re.compile(rf"\W*(?:{any_of('leaning_openings')})\b", re.IGNORECASE)
