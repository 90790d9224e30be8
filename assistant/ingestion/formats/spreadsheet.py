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
    _fill_merged(rows, sheet.merged_cell_ranges or ())
    places = write_records(list(enumerate(rows, start=1)), outline)
    return [
        (offset, f"{sheet.name}!{_address(rows[number - 1], number)}") for offset, number in places
    ]


def _fill_merged(
    rows: list[list[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    """Write the value of merged cells into each of them, unless they are a whole row's title."""
    for (top, left), (bottom, right) in merged:
        is_title = left == 0 and right + 1 >= max(map(len, rows), default=0)
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
    return " ".join(str(value).split())


def _address(row: Sequence[str], number: int) -> str:
    """Return the address of the cells of a row that have a value, as "A5:C5"."""
    filled = [column for column, text in enumerate(row) if text]
    first, last = f"{_letters(filled[0])}{number}", f"{_letters(filled[-1])}{number}"
    return first if first == last else f"{first}:{last}"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
