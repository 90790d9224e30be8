"""Rows of spreadsheets and of files with separated values as records: each value with the name of its column.

A row is often far from the names of its columns, so each row has them: "| Plan: Plus | Price: 9 |".
"""

from collections.abc import Sequence

from assistant.ingestion.formats.outline import Outline

Row = tuple[int, Sequence[str]]
"""The number of a row in its file, from 1, and the texts of its cells."""

_LONGEST_NAME = 60
_MOST_TITLE_ROWS = 5


def write_records(rows: Sequence[Row], outline: Outline) -> list[tuple[int, int]]:
    """Write the rows; return where each begins in the text, and its number.

    Rows with one cell above the names are titles. Without names the rows are those of a table. Below
    an empty row another table may begin, and one cell alone is a remark.
    """
    places: list[tuple[int, int]] = []
    names: Sequence[str] = ()
    titles: Sequence[Row]
    records: Sequence[Row]
    for part in _parts(rows):
        if names and not _begins_table(part):
            count = next((at for at, row in enumerate(part) if _width(row) > 1), len(part))
            titles, records = part[:count], part[count:]
        else:
            titles, names, records = _divided(part)
        _write_titles(titles, outline, places)
        _write_rows(records, names, outline, places)
    return places


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows between empty ones; titles and names of columns are one with what is below them."""
    parts: list[list[Row]] = [[]]
    for row in rows:
        if any(row[1]):
            parts[-1].append(row)
        elif sum(_width(one) > 1 for one in parts[-1]) > 1:
            parts.append([])
    return [part for part in parts if part]


def _width(row: Row) -> int:
    return sum(map(bool, row[1]))


def _begins_table(rows: Sequence[Row]) -> bool:
    """Return whether the first row of several cells names columns, one of which has numbers alone."""
    _, names, records = _divided(rows)
    for index, name in enumerate(names):
        below = [texts[index] for _, texts in records if index < len(texts) and texts[index]]
        if name and below and all(map(_is_number, below)):
            return True
    return False


def _write_titles(rows: Sequence[Row], outline: Outline, places: list[tuple[int, int]]) -> None:
    for number, texts in rows:
        places.append((outline.length, number))
        outline.paragraph(" ".join(filter(None, texts)))


def _write_rows(
    rows: Sequence[Row], names: Sequence[str], outline: Outline, places: list[tuple[int, int]]
) -> None:
    for number, texts in rows:
        named = [
            f"{name}: {text}" if name and text else text
            for name, text in zip(_names_for(names, len(texts)), texts, strict=True)
        ]
        places.append((outline.length, number))
        outline.row([text for text in named if text] if names else list(named))
    outline.end_of_list_or_table()


def _divided(rows: Sequence[Row]) -> tuple[Sequence[Row], Sequence[str], Sequence[Row]]:
    """Return the titles, the names of the columns and the records."""
    for count, (_, texts) in enumerate(rows[: _MOST_TITLE_ROWS + 1]):
        filled = [text for text in texts if text]
        if len(filled) > 1:
            has_names = count + 1 < len(rows) and _are_names(texts, rows[count + 1 :])
            return (
                (rows[:count], texts, rows[count + 1 :])
                if has_names
                else (rows[:count], (), rows[count:])
            )
    return (), (), rows


def _are_names(texts: Sequence[str], below: Sequence[Row]) -> bool:
    """Return whether a row names the columns: short, distinct words, where data is below."""
    names = [text for text in texts if text]
    width = max(sum(map(bool, row)) for _, row in below)
    if len(set(names)) < len(names) or len(names) * 2 <= width:
        return False
    values = [row[1] for _, row in below if len(row) > 1 and row[1]]
    if len(texts) == 2 and len(set(map(_is_number, values))) > 1:
        return False  # labels with their values
    return all(len(name) <= _LONGEST_NAME and not _is_number(name) for name in names)


def _is_number(text: str) -> bool:
    """Return whether a text is a number, a date or the number of a telephone: digits and no letters."""
    return any(map(str.isdigit, text)) and not any(map(str.isalpha, text))


def _names_for(names: Sequence[str], width: int) -> list[str]:
    return [*names, *[""] * width][:width]
