"""Check the values and names of a sentence one by one: each must appear in the source."""

import re
from collections.abc import Iterator
from functools import cached_property

from assistant.checking.names import NamesOf, names
from assistant.checking.negation import bound
from assistant.checking.value_lookup import ValueLookup
from assistant.checking.values.quantities import Kind, Value, values

_LONGEST_SHOWN = 60
ABSENT = "does not appear in it"
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")
_NEAREST = 80
"""The number of characters before a value that are searched for the words before it."""
_WORD_BEFORE = re.compile(r"([^\W\d_]+)\s+$")
_WORDS_BEFORE = re.compile(r"(?:\S+\s+){1,2}$")
_ONE = re.compile(r"(?:1|one|an?|single)\b", re.IGNORECASE)


class Source:
    """The text that may support a sentence: passages with their headings.

    ``document_text`` only tells what acronyms stand for and which words are names.
    """

    def __init__(self, text: str, document_text: str) -> None:
        self.text = text
        self.names = NamesOf(text, document_text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The values of the text, including a "Rillo 8" at the beginning of a sentence."""
        return values(self.text, self.designated)

    @cached_property
    def lookup(self) -> ValueLookup:
        """The values of the text, indexed by kind and amount."""
        return ValueLookup(self.text, self.values)

    @cached_property
    def designated(self) -> frozenset[str]:
        """The words, in lower case, that are names anywhere in the source or its document."""
        return self.names.capitalised_in_document | self.names.capitalised


def missing_fact(sentence: str, source: Source) -> str:
    """Return which value or name of a sentence is missing from the source, or an empty string."""
    return next(_missing_values(sentence, source), "") or next(_missing_names(sentence, source), "")


def facts_of(sentence: str, source: Source) -> str:
    """Return the values and names of a sentence as text."""
    places = [(value.start, value.end) for value in values(sentence, source.designated)]
    places += [(name.start, name.end) for name in names(sentence, source.designated)]
    return " ".join(sentence[start:end] for start, end in places)


def _missing_values(sentence: str, source: Source) -> Iterator[str]:
    for value in values(sentence, source.designated):
        if value.is_vague:
            continue
        text = sentence[value.start : value.end]
        occurrences = source.lookup.find(value, is_one=bool(_ONE.match(text)))
        if occurrences:
            limit = bound(sentence, value.start)
            if limit and all(other.places.keys() == {-limit} for other in occurrences):
                opposite = (other.places[-limit] for other in occurrences)
                first = min(opposite, key=lambda place: place.start)
                yield _limited_otherwise(sentence, value, source.text, first)
        elif not _appears_as_written(sentence, value, source.text):
            yield _absent(text, value, source)


def _missing_names(sentence: str, source: Source) -> Iterator[str]:
    for address in _EMAIL.findall(sentence):
        if address.casefold() not in source.text.casefold():
            yield f"“{shortened(address)}” {ABSENT}"
    for name in names(sentence, source.designated):
        if not source.names.has(name):
            yield f"“{shortened(source.names.missing(name))}” {ABSENT}"


def _appears_as_written(sentence: str, value: Value, source: str) -> bool:
    """Return whether the source contains the value with the word before it, letter by letter."""
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
    """Return the reason for a missing value, naming the unit that the source has, if there is one."""
    bare = re.match(r"\D*([\d.,]*\d)", text)
    if value.kind is Kind.NUMBER and value.dimension and bare:
        for other in source.values:
            written = source.text[other.start : other.end]
            if other.dimension and re.match(rf"\D*{re.escape(bare[1])}(?![\d.,]*\d)", written):
                return f"it says “{shortened(written)}”, not “{shortened(text)}”"
    return f"“{shortened(text)}” {ABSENT}"


def _limited_otherwise(sentence: str, value: Value, source: str, other: Value) -> str:
    """Return the reason for a value that the source limits from the other side."""
    claimed = sentence[_start_of_words_before(sentence, value.start) : value.end]
    written = source[_start_of_words_before(source, other.start) : other.end]
    return f"it says “{shortened(written)}”, not “{shortened(claimed)}”"


def _start_of_words_before(text: str, start: int) -> int:
    """Return the offset at which the two words before an offset begin."""
    nearest = max(0, start - _NEAREST)
    match = _WORDS_BEFORE.search(text, nearest, start)
    return match.start() if match else start


def shortened(text: str) -> str:
    """Return a text on one line, cut off if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"
