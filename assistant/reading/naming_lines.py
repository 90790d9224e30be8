"""Find the line at the beginning of a document that says what, whom or which place it is about.

A contract names its parties and its property once, at the top. What it says of the rent below is
about them, but a reader of one passage cannot know.
"""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from assistant.text.headings import has_headings, is_heading, without_heading_markup
from assistant.text.spans import each_line
from assistant.text.words import words
from assistant.types import Document

_NAME = re.compile(r"(?<=[\w,;:’'\")] )[A-Z][\w’'-]*[a-z][\w’'-]*|(?<=[\w,;:] )[A-Z]{2,}\b")
"""A capitalised word that does not begin a sentence."""
_SENTENCE_BORDER = re.compile(r"[a-z]{2}[.!?]\s+[A-Z]")
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
    found = ((len(lacking.intersection(name_words(line))), line) for line in _opening(document))
    count, line = max(found, key=lambda one: one[0], default=(0, ""))
    return line if count else ""


def _opening(document: Document) -> Iterator[str]:
    """Yield the short ones of the first lines that are not blank: labels and titles, not prose.

    The heading of a section says what that section is about, and not the others. What is above all
    sections may be prose.
    """
    text, has_marks = document.text, has_headings(document.media_type)
    filled = (row for row in each_line(text) if text[row.start : row.end].strip())
    is_in_section = not has_marks
    for number, row in enumerate(islice(filled, _LINES)):
        line = text[row.start : min(row.end, row.start + _LONGEST + 1)]
        is_section = number > 0 and has_marks and is_heading(document, row)
        is_in_section |= is_section
        is_prose = is_in_section and _SENTENCE_BORDER.search(line) is not None
        if len(line) <= _LONGEST and not is_section and not is_prose:
            yield without_heading_markup(line.strip())
