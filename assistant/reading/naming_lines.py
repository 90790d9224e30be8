"""Find the line at the beginning of a document that says what, whom or which place it is about.

A contract names its parties and its property once, at the top. What it says of the rent below is
about them, but a reader of one passage cannot know.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from assistant.text.headings import without_heading_markup
from assistant.text.spans import each_line
from assistant.text.words import words
from assistant.types import Document

_NAME = re.compile(r"(?<=[\w,;:’'\")] )[A-Z][\w’'-]*[a-z][\w’'-]*|(?<=[\w,;:] )[A-Z]{2,}\b")
"""A capitalised word that does not begin a sentence."""
_POSSESSIVE = re.compile(r"['’]s?$")
_LINES = 12
_LONGEST = 160


def names_in(question: str) -> frozenset[str]:
    """Return the capitalised words of a question in lower case, without those that begin it.

    >>> sorted(names_in("Where does Ann's deposit for Priory Close go?"))
    ['ann', 'close', 'priory']
    """
    return frozenset(name_words(" ".join(_NAME.findall(question))))


def name_words(text: str) -> Iterator[str]:
    """Yield the words of a text in lower case, without the ending of a possessive."""
    return (_POSSESSIVE.sub("", word) for word in words(text.casefold()))


def naming_line(document: Document, names: Collection[str], passage: str) -> str:
    """Return the line at the top of a document that has most of the names that a passage lacks.

    ``names`` are in lower case. Return "" if no line has any of them.
    """
    lacking = set(names).difference(name_words(passage))
    if not lacking:
        return ""
    found = (
        (len(lacking.intersection(name_words(line))), line) for line in _opening(document.text)
    )
    count, line = max(found, key=lambda one: one[0], default=(0, ""))
    return line if count else ""


def _opening(text: str) -> Iterator[str]:
    """Yield the short ones of the first lines that are not blank: labels and titles, not prose."""
    rows = (text[row.start : min(row.end, row.start + _LONGEST + 1)] for row in each_line(text))
    for row in islice((row for row in rows if row.strip()), _LINES):
        if len(row) <= _LONGEST:
            yield without_heading_markup(row.strip())
