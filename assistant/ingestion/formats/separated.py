"""Files with separated values (.csv, .tsv): each row as a record."""

import csv
import io

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.plain import decode
from assistant.ingestion.formats.records import write_records

_DELIMITERS = ",;\t|"
_SAMPLE = 20_000
_LONGEST_FIELD = 1_000_000


def extract(content: bytes, delimiter: str = "") -> Extracted:
    """Return the rows as text; the delimiter is found where none is given.

    Raise `UnreadableFileError` for what is not text.
    """
    source = decode(content)
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(source, newline=""), delimiter=delimiter or _delimiter(source))
    rows = []
    line = 1
    for cells in reader:
        rows.append((line, [" ".join(cell.split()) for cell in cells]))
        line = reader.line_num + 1
    outline = Outline()
    places = write_records(rows, outline)
    return Extracted(
        outline.text(), places=tuple((offset, f"line {number}") for offset, number in places)
    )


def _delimiter(source: str) -> str:
    """Return the sign that divides most of the first lines into the same number of fields."""
    lines = [line for line in source[:_SAMPLE].splitlines()[:50] if line.strip()]

    def fit(delimiter: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) if usual > 1 else 0), usual

    return max(_DELIMITERS, key=fit)
