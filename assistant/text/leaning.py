"""Tell whether a sentence or paragraph is understood by itself, or leans on what is before it."""

import re

from assistant.text.phrases import any_of


def leans(text: str) -> bool:
    """Return whether a text begins with a word for what was said before.

    >>> leans("She was born in Oslo."), leans("Ada was born in Oslo.")
    (True, False)
    """
    return _LEANING.match(text) is not None


_LEANING = re.compile(rf"\W*(?:{any_of('leaning_openings')})\b", re.IGNORECASE)
