"""Tell boxes that stand apart from those around what belongs to the text around: rows, running lines."""

from collections.abc import Iterator, Sequence

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.gutters import columns_of
from assistant.ingestion.formats.pdf.paragraphs import goes_on
from assistant.ingestion.formats.pdf.tables import in_rows

_NEXT_LINE = 1.8
"""The next line of a text is at most so many sizes of type below."""
_MOST_LINES_OF_ROW = 3
"""The row of a table in which no cell has but one line has at most so many."""


def is_stripe(rows: Sequence[Sequence[Segment]], rest: Sequence[Segment]) -> bool:
    """Return whether the lines in a box are a row of a table whose other rows are outside of it.

    Its columns go on in the lines above or below.
    """
    inside = [one for row in rows for one in row]
    columns = columns_of(inside)
    is_row = len(rows) <= _MOST_LINES_OF_ROW or min(map(len, columns)) == 1
    return (
        len(columns) > 1
        and is_row
        and any(
            len(columns_of(some)) > 1 and len(columns_of([*inside, *some])) >= len(columns)
            for some in _around(rows, in_rows(rest))
        )
    )


def is_within_text(rows: Sequence[Sequence[Segment]], rest: Sequence[Segment]) -> bool:
    """Return whether a sentence goes on from the line above a box into it, or from it to the line below."""
    others = in_rows(rest)
    first, last = rows[0][0], rows[-1][0]
    above = [row[0] for row in others if row[0].baseline < first.baseline][-1:]
    below = [row[0] for row in others if row[0].baseline > last.baseline][:1]
    pairs = [*((one, first) for one in above), *((last, one) for one in below)]
    return any(
        lower.baseline - upper.baseline < _NEXT_LINE * lower.size
        and abs(lower.left - upper.left) < lower.size
        and goes_on(upper.text, lower.text)
        for upper, lower in pairs
    )


def _around(
    rows: Sequence[Sequence[Segment]], others: Sequence[Sequence[Segment]]
) -> Iterator[list[Segment]]:
    """Yield what is in the next few lines above some rows, and below them."""
    first, last = rows[0][0].baseline, rows[-1][0].baseline
    above = [row for row in others if row[0].baseline < first][-_MOST_LINES_OF_ROW:]
    below = [row for row in others if row[0].baseline > last][:_MOST_LINES_OF_ROW]
    for some in (above, below):
        yield [one for row in some for one in row]
