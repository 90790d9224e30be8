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

    Rows with one cell above the names are titles. Without names the rows are those of a table.
    """
    rows = [row for row in rows if any(row[1])]
    titles, names, records = _divided(rows)
    places: list[tuple[int, int]] = []

    def written(number: int) -> None:
        places.append((outline.length, number))

    for number, texts in titles:
        written(number)
        outline.paragraph(" ".join(filter(None, texts)))
    for number, texts in records:
        named = [
            f"{name}: {text}" if name and text else text
            for name, text in zip(_names_for(names, len(texts)), texts, strict=True)
        ]
        written(number)
        outline.row([text for text in named if text] if names else list(named))
    outline.end_of_list_or_table()
    return places


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
    return all(len(name) <= _LONGEST_NAME and not _is_number(name) for name in names)


def _is_number(text: str) -> bool:
    return text.strip("-+%€$£ ").replace(".", "").replace(",", "").isdigit()


def _names_for(names: Sequence[str], width: int) -> list[str]:
    return [*names, *[""] * width][:width]
