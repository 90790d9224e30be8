"""Spreadsheets (.xlsx, .xlsm, .xlsb, .xls, .ods): the values of each sheet; the only importer of python-calamine.

Values are read, not formulas. Hidden sheets are left out. Each row knows the addresses of its cells.
"""

import datetime
import io
import zipfile
from collections.abc import Sequence

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.number_formats import formatted
from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.table_records import write_records
from assistant.ingestion.formats.workbook_formats import Formats, number_formats
from assistant.ingestion.formats.zip_archives import check_archive

_MOST_CELLS = 5_000_000
_Range = tuple[tuple[int, int], tuple[int, int]]
"""The row and the column of the first cell, and of the last."""
_Value = int | float | str | bool | datetime.date | datetime.time | datetime.timedelta


def extract(content: bytes, most_bytes: int) -> Extracted:
    """Return the rows of a workbook. Raise `UnreadableFileError` if it is broken or a ZIP bomb."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        check_archive(content, most_bytes)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        outline, places = Outline(), []
        formats = number_formats(content, most_bytes)
        sheets = [sheet for sheet in workbook.sheets_metadata if _is_shown(sheet)]
        hidden = [sheet.name for sheet in workbook.sheets_metadata if not _is_shown(sheet)]
        for sheet in sheets:
            outline.heading(1, sheet.name)
            found = workbook.get_sheet_by_name(sheet.name)
            places += _write(found, formats.get(sheet.name, {}), outline)
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(f"it is not a whole workbook: {error}"[:300]) from None
    decisions = (f"left out as hidden or without cells: {', '.join(hidden)}",) if hidden else ()
    return Extracted(outline.text(), places=tuple(places), decisions=decisions)


def _is_shown(sheet: object) -> bool:
    return (
        getattr(sheet, "visible", None) == SheetVisibleEnum.Visible
        and getattr(sheet, "typ", None) == SheetTypeEnum.WorkSheet
    )


def _write(sheet: CalamineSheet, formats: Formats, outline: Outline) -> list[tuple[int, str]]:
    """Write the rows of a sheet; return where each begins in the text, and the address of its cells."""
    if sheet.total_height * sheet.total_width > _MOST_CELLS:
        raise UnreadableFileError(f"a sheet has more than {_MOST_CELLS:,} cells")
    rows = [
        [_shown(value, formats.get((number, column), "")) for column, value in enumerate(row)]
        for number, row in enumerate(sheet.to_python(skip_empty_area=False))
    ]
    merged = sheet.merged_cell_ranges or ()
    _fill_merged(rows, merged)
    _join_headers(rows, merged)
    places: list[tuple[int, str]] = []
    for first, last in _tables_side_by_side(rows):
        part = [(number, row[first:last]) for number, row in enumerate(rows, start=1)]
        for offset, number in write_records(part, outline):
            address = _address(rows[number - 1][:last], number, first)
            places.append((offset, f"{sheet.name}!{address}"))
    return places


def _join_headers(rows: list[list[str]], merged: Sequence[_Range]) -> None:
    """Write names over names in one row, where the upper ones span several columns."""
    lowest: dict[int, int] = {}
    for (top, _), (bottom, _) in merged:
        lowest[top] = max(bottom, lowest.get(top, 0))
    tops = {
        top
        for (top, left), (_, right) in merged
        if top < len(rows) and 0 < right - left + 1 < len(rows[top])
    }
    for top in tops:
        is_first = top == 0 or sum(map(bool, rows[top - 1])) < 2
        last = max(top + 1, lowest[top])
        if (
            not is_first
            or last + 1 >= len(rows)
            or not all(any(row) for row in rows[top : last + 1])
        ):
            continue
        columns = zip(*rows[top : last + 1], strict=True)
        joined = [" ".join(dict.fromkeys(filter(None, column))) for column in columns]
        rows[top : last + 1] = [[""] * len(joined)] * (last - top) + [joined]


def _tables_side_by_side(rows: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the first column and the one after the last of each table between empty columns.

    What ends in the same row is one table with a space in it.
    """
    width = max(map(len, rows), default=0)
    filled = [
        [number for number, row in enumerate(rows) if column < len(row) and row[column]]
        for column in range(width)
    ]
    spans: list[tuple[int, int]] = []
    for column, numbers in enumerate(filled):
        if numbers and spans and spans[-1][1] == column:
            spans[-1] = (spans[-1][0], column + 1)
        elif numbers:
            spans.append((column, column + 1))
    ends = {max(max(filled[column]) for column in range(*span)) for span in spans}
    begins = {min(min(filled[column]) for column in range(*span)) for span in spans}
    return spans if len(ends) == len(spans) and len(begins) == 1 else [(0, width)]


def _fill_merged(rows: list[list[str]], merged: Sequence[_Range]) -> None:
    """Write the value of merged cells into each of them, unless they are a whole row's title."""
    width = max(map(len, rows), default=0)
    for (top, left), (bottom, right) in merged:
        is_title = left == 0 and right + 1 >= width
        for row in rows[top : bottom + 1]:
            for column in range(left, min(right + 1, len(row))):
                if not (is_title and column > left):
                    row[column] = rows[top][left]


def _shown(value: _Value, code: str) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        if code and (shown := formatted(value, code)):
            return shown
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time()
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        clock = f"{minutes // 60}:{minutes % 60:02}"
        return f"{clock}:{seconds:02}" if seconds else clock
    return " ".join(str(value).split())


def _address(row: Sequence[str], number: int, start: int) -> str:
    """Return the address of the cells of a row from a column on that have a value, as "A5:C5"."""
    filled = [column for column, text in enumerate(row) if text and column >= start]
    first, last = f"{_letters(filled[0])}{number}", f"{_letters(filled[-1])}{number}"
    return first if first == last else f"{first}:{last}"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
