"""Answer from the row or item that a question names, and not from the one beside it.

"The single fare up to 3 miles" is in the row "Up to 3 miles", whichever row the reader takes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.reading.selection import Candidate
from assistant.text.blocks import LIST_ITEM, blocks
from assistant.text.spans import Span
from assistant.text.table_structure import TableRow, table_rows
from assistant.text.words import words
from assistant.types import Passage

_LABEL_END = re.compile(r"[:：](?=\s)|\s[–—-]\s")
_LONGEST = 80
"""Characters of the longest label of a list item."""


@dataclass(frozen=True, slots=True)
class _LabelledEntry:
    """A row or an item: what is quoted of it, its label, and the name of the label's column, in words."""

    span: Span
    label: tuple[str, ...]
    column: tuple[str, ...] = ()

    def is_named_in(self, asked: Sequence[str]) -> bool:
        """Return whether the words of a question contain the label, which must be telling.

        A single word is if it is a year or a code, or after the name of its column ("week 11"). A
        question has a small number for other reasons.
        """
        is_code = any(len(word) > 2 and not word.isalpha() for word in self.label)
        is_telling = len(self.label) > 1 or is_code
        named = bool(self.column and self.label) and _contains(asked, self.column + self.label)
        return named or (is_telling and _contains(asked, self.label))


def with_named_rows(question: str, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates, those of a row beside one that the question names replaced by that.

    The label of a row is its first cell, that of an item what is before a colon or a dash. It must
    be in the question word for word.
    """
    asked = words(question.casefold())
    return [named for one in candidates for named in _named(asked, one)]


def _named(asked: Sequence[str], candidate: Candidate) -> list[Candidate]:
    passage, chunk = candidate.passage, candidate.hit.chunk
    text = passage.document.text
    for entries in _lists(text, Span(chunk.start, chunk.end)):
        own = [one for one in entries if one.span.start <= passage.start < one.span.end]
        if not own or passage.end > own[0].span.end:
            continue
        if own[0].is_named_in(asked):
            return [replace(candidate, is_named=True)]
        named = [one.span for one in entries if one.is_named_in(asked)]
        rows = [Passage(passage.document, span.start, span.end) for span in named]
        found = [replace(candidate, passage=row, evidence=None, is_named=True) for row in rows]
        return found or [candidate]
    return [candidate]


def _lists(text: str, within: Span) -> Iterator[list[_LabelledEntry]]:
    """Yield the rows of each table and the items of each list."""
    rows = {row.span: row for row in table_rows(text, within.start, within.end)}
    entries = [
        _of_row(text, rows[block]) if block in rows else _of_item(text, block)
        for block in blocks(text, within.start, within.end)
    ]
    for is_entry, group in groupby(entries, key=lambda one: one is not None):
        if is_entry:
            yield [one for one in group if one is not None]


def _of_row(text: str, row: TableRow) -> _LabelledEntry:
    first = "" if row.is_head else text[row.cells[0].start : row.cells[0].end]
    column = text[row.names[0].start : row.names[0].end] if row.names else ""
    return _LabelledEntry(row.span, *(tuple(words(one.casefold())) for one in (first, column)))


def _of_item(text: str, block: Span) -> _LabelledEntry | None:
    marker = LIST_ITEM.match(text, block.start, block.end)
    if marker is None:
        return None
    item = Span(marker.end(), block.end)
    end = _LABEL_END.search(text, item.start, min(item.end, item.start + _LONGEST))
    label = text[item.start : end.start()] if end else ""
    return _LabelledEntry(item, tuple(words(label.casefold())))


def _contains(asked: Sequence[str], label: tuple[str, ...]) -> bool:
    length = len(label)
    places = range(len(asked) - length + 1)
    return any(tuple(asked[place : place + length]) == label for place in places)
