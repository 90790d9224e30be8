"""Write out every form of a lexicon's phrases, independently of the patterns they compile to."""

import re
from itertools import product

from assistant.text.lexicons import lexicon
from assistant.text.words import plural

_PART = re.compile(r"[()\[\]|]|[^\s()\[\]|]+")


def expansions(phrase: str) -> list[str]:
    """Return all forms of a phrase. ``*noun`` is written "help".

    >>> expansions("[a|the] (report|book)")
    ['report', 'book', 'a report', 'a book', 'the report', 'the book']
    """
    parts = _PART.findall(phrase)
    forms = _alternatives(parts)
    assert not parts
    return [" ".join(form.split()) for form in forms]


def _alternatives(parts: list[str]) -> list[str]:
    found, sequence = [], [""]
    while parts and parts[0] not in ")]":
        part = parts.pop(0)
        if part == "|":
            found += sequence
            sequence = [""]
        else:
            choices = _choices(part, parts)
            sequence = [f"{before} {after}" for before, after in product(sequence, choices)]
    return found + sequence


def _choices(part: str, parts: list[str]) -> list[str]:
    if part in "([":
        inside = _alternatives(parts)
        parts.pop(0)
        return ["", *inside] if part == "[" else inside
    if part.startswith("{"):
        entries = lexicon(part.strip("{+}"))
        forms = [form for entry in entries for form in expansions(entry)]
        return [*forms, *map(plural, forms)] if "+" in part else forms
    return ["help"] if part == "*noun" else [part]
