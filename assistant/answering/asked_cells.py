"""Do the row and the column of a table that an answer is taken from fit the question?"""

from collections.abc import Iterable

from assistant.text.spans import Span
from assistant.text.table_structure import TableRow, table_rows
from assistant.text.words import are_alike, telling_words
from assistant.types import Passage


def is_any_row(question: str, passage: Passage) -> bool:
    """Return whether a quote is one of several rows of a table, with no word of the question in its cells.

    The names of the columns say what is asked for, and not of which row.
    """
    row = _row(passage)
    if row is None:
        return False
    asked = telling_words(question)
    return not _shares(asked, _words(passage, row.cells)) and _has_others(passage, row)


def is_of_another_column(question: str, passage: Passage) -> bool:
    """Return whether the words that answer are in a cell of another column than the question names.

    The first column says what a row is about, and may answer whatever else is named.
    """
    row = _row(passage)
    if row is None or passage.highlight is None or not row.names:
        return False
    at = next((n for n, cell in enumerate(row.cells) if _is_within(passage.highlight, cell)), 0)
    asked = telling_words(question)
    named = [
        number for number, name in enumerate(row.names) if _shares(asked, _words(passage, [name]))
    ]
    others = [number for number in named if number > 0]
    return at > 0 and bool(others) and at not in named


def _row(passage: Passage) -> TableRow | None:
    """Return the only row that a quote is in, or None."""
    rows = table_rows(passage.document.text, passage.start, passage.end)
    near = [row for row in rows if not row.is_head]
    is_within = len(near) == 1 and near[0].span.start <= passage.start
    return near[0] if is_within and passage.end <= near[0].span.end else None


def _has_others(passage: Passage, row: TableRow) -> bool:
    """Return whether a table has another row right above or below a row, which is no head."""
    text = passage.document.text
    start = max(0, text.rfind("\n", 0, max(0, row.span.start - 1)))
    end = text.find("\n", row.span.end + 1)
    around = table_rows(text, start, end if end >= 0 else len(text))
    return sum(not one.is_head for one in around) > 1


def _is_within(highlight: tuple[int, int], cell: Span) -> bool:
    return cell.start <= highlight[0] and highlight[1] <= cell.end


def _words(passage: Passage, cells: Iterable[Span]) -> set[str]:
    text = passage.document.text
    return telling_words(" ".join(text[cell.start : cell.end] for cell in cells))


def _shares(asked: set[str], present: set[str]) -> bool:
    return any(are_alike(one, other) for one in asked for other in present)
