"""Checks the values and names of a sentence one by one: each must stand in the source."""

import re
from collections.abc import Iterator
from functools import cached_property

from assistant.checking.names import NamesOf, names
from assistant.checking.negation import bound
from assistant.checking.value_lookup import ValueLookup
from assistant.checking.values.quantities import Kind, Value, values

_LONGEST_SHOWN = 60
ABSENT = "does not stand in it"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_NEAREST = 80
"""Characters before a value in which the words before it are looked for."""
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+$")
_WORDS_BEFORE = re.compile(r"(?:\S+\s+){1,2}$")
_ONE = re.compile(r"(?:1|one|an?|single)\b", re.IGNORECASE)


class Source:
    """What a sentence may rest on: the text of passages with their headings.

    ``document_text`` is searched for nothing but what acronyms stand for and which words are
    names.
    """

    def __init__(self, text: str, document_text: str) -> None:
        self.text = text
        self.names = NamesOf(text, document_text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values of the text; a "Rillo 8" at a beginning of a sentence is one as well."""
        return values(self.text, self.designated)

    @cached_property
    def lookup(self) -> ValueLookup:
        """The values of the text by what they amount to."""
        return ValueLookup(self.text, self.values)

    @cached_property
    def designated(self) -> frozenset[str]:
        """The words, in lower case, that are names somewhere in the source or its document."""
        return self.names.capitalised_in_document | self.names.capitalised


def missing_fact(sentence: str, source: Source) -> str:
    """Why the source does not have a value or name of a sentence; empty where it has all."""
    return next(_missing_values(sentence, source), "") or next(_missing_names(sentence, source), "")


def facts_of(sentence: str, source: Source) -> str:
    """The words of a sentence that are its values and names."""
    places = [(value.start, value.end) for value in values(sentence, source.designated)]
    places += [(name.start, name.end) for name in names(sentence, source.designated)]
    return " ".join(sentence[start:end] for start, end in places)


def _missing_values(sentence: str, source: Source) -> Iterator[str]:
    for value in values(sentence, source.designated):
        if value.is_vague:
            continue
        text = sentence[value.start : value.end]
        found = source.lookup.find(value, is_one=bool(_ONE.match(text)))
        if found:
            mine = bound(sentence, value.start)
            if mine and all(other.places.keys() == {-mine} for other in found):
                first = min((other.places[-mine] for other in found), key=lambda one: one.start)
                yield _limited(sentence, value, source.text, first)
        elif not _stands_as_written(sentence, value, source.text):
            yield _absent(text, value, source)


def _missing_names(sentence: str, source: Source) -> Iterator[str]:
    for address in _EMAIL.findall(sentence):
        if address.casefold() not in source.text.casefold():
            yield f"“{shortened(address)}” {ABSENT}"
    for name in names(sentence, source.designated):
        if not source.names.has(name):
            lacking = shortened(source.names.missing(name))
            yield f"“{lacking}” {ABSENT}"


def _stands_as_written(sentence: str, value: Value, source: str) -> bool:
    """Whether the value stands in the source with the word before it, however it was understood."""
    if value.dimension:
        return False
    nearest = max(0, value.start - _NEAREST)
    before = _WORD_BEFORE.search(sentence, nearest, value.start)
    written = sentence[before.start(1) if before else value.start : value.end]
    if value.kind is Kind.LITERAL and " " in sentence[value.start : value.end]:
        written = sentence[value.start : value.end]
    elif value.kind is not Kind.NUMBER or before is None:
        return False
    pattern = r"\s+".join(re.escape(part) for part in written.split())
    return re.search(rf"\b{pattern}(?![\w.,]*\d)(?!\w)", source, re.IGNORECASE) is not None


def _absent(text: str, value: Value, source: Source) -> str:
    """Why a value does not stand in the source: with what it stands there, if that can be told."""
    bare = re.match(r"\D*([\d.,]*\d)", text)
    if value.kind is Kind.NUMBER and value.dimension and bare:
        for other in source.values:
            written = source.text[other.start : other.end]
            if other.dimension and re.match(rf"\D*{re.escape(bare[1])}(?![\d.,]*\d)", written):
                return f"it says “{shortened(written)}”, not “{shortened(text)}”"
    return f"“{shortened(text)}” {ABSENT}"


def _limited(sentence: str, value: Value, source: str, other: Value) -> str:
    said = sentence[_word_before(sentence, value.start) : value.end]
    stands = source[_word_before(source, other.start) : other.end]
    return f"it says “{shortened(stands)}”, not “{shortened(said)}”"


def _word_before(text: str, start: int) -> int:
    """Where the two words before a place begin."""
    nearest = max(0, start - _NEAREST)
    found = _WORDS_BEFORE.search(text, nearest, start)
    return found.start() if found else start


def shortened(text: str) -> str:
    """A text of one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"
