"""Tell the shaded rows of a table, whose text belongs to the rows around, from boxes that stand apart."""

from collections.abc import Iterator, Sequence

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.gutters import columns_of
from assistant.ingestion.formats.pdf.tables import in_rows

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


def _around(
    rows: Sequence[Sequence[Segment]], others: Sequence[Sequence[Segment]]
) -> Iterator[list[Segment]]:
    """Yield what is in the next few lines above some rows, and below them."""
    first, last = rows[0][0].baseline, rows[-1][0].baseline
    above = [row for row in others if row[0].baseline < first][-_MOST_LINES_OF_ROW:]
    below = [row for row in others if row[0].baseline > last][:_MOST_LINES_OF_ROW]
    for some in (above, below):
        yield [one for row in some for one in row]
