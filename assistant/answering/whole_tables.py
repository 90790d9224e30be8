"""Answer with a whole table where a question asks about all of its rows.

A reader that finds its answer in every row takes the first one. Where the question has no word of
that row, nothing tells that it is meant more than the others.
"""

from dataclasses import replace

from assistant.reading.answer_units import table_around
from assistant.reading.selection import Candidate
from assistant.text.spans import Span
from assistant.text.table_structure import TableRow, row_cells, table_rows
from assistant.text.words import are_alike, telling_words, words
from assistant.types import Passage


def with_whole_table(question: str, candidate: Candidate) -> Candidate:
    """Return the candidate of a table's first row with the whole table, unless the row is named."""
    passage = candidate.passage
    text, row = passage.document.text, Span(passage.start, passage.end)
    table = table_around(passage.document, row)
    if table is None:
        return candidate
    rows = [one for one in table_rows(text, table.start, table.end) if not one.is_head]
    is_first = len(rows) > 1 and rows[0].span.start <= passage.start < rows[0].span.end
    if not is_first or passage.end > rows[0].span.end or _is_named(question, text, rows):
        return candidate
    whole = Passage(passage.document, table.start, table.end)
    return replace(candidate, passage=whole, evidence=None)


def _is_named(question: str, text: str, rows: list[TableRow]) -> bool:
    """Return whether a question has a word of the first row that is not in every row."""
    asked = telling_words(question)
    first, *others = [_row_words(text, one.span) for one in rows]
    own = [word for word in first if not all(word in other for other in others)]
    return any(are_alike(word, other) for word in asked for other in own)


def _row_words(text: str, row: Span) -> set[str]:
    cells = row_cells(text, row)
    return {word for cell in cells for word in words(text[cell.start : cell.end].casefold())}
