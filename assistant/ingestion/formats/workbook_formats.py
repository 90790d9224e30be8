"""Find the formats in which an Open XML workbook shows its numbers; python-calamine gives bare values."""

import io
import re
from typing import Any

from lxml import etree

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.open_xml import Package

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    37: "#,##0;(#,##0)",
    38: "#,##0;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
}
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})$")

Formats = dict[tuple[int, int], str]
"""The format of each cell that has one, by row and column from 0."""


def number_formats(content: bytes, most_bytes: int) -> dict[str, Formats]:
    """Return the formats of the numbers of each sheet, by its name; none of a workbook of another kind."""
    try:
        package = Package(content, most_bytes)
        part = package.main_part("xl/workbook.xml")
        workbook, relations = package.xml(part), package.relations(part)
        if workbook is None:
            return {}
        styles = next(map(package.xml, package.related(part, "styles")), None)
        codes = _codes(styles) if styles is not None else {}
        found = {}
        for sheet in workbook.iter("{*}sheet"):
            relation = relations.get(str(sheet.get(_RELATION)))
            xml = None if relation is None else package.bytes(relation.target)
            if xml and codes:
                found[str(sheet.get("name"))] = _formats(xml, codes)
    except (UnreadableFileError, etree.XMLSyntaxError):
        return {}
    return found


def _codes(styles: Any) -> dict[int, str]:
    """Return the number formats that cells refer to, by the number of their style."""
    own = {
        str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in styles.iter("{*}numFmt")
    }
    codes: dict[int, str] = {}
    for cells in styles.iter("{*}cellXfs"):
        for number, one in enumerate(cells.iterchildren("{*}xf")):
            identifier = str(one.get("numFmtId", "0"))
            code = own.get(
                identifier, _BUILT_IN.get(int(identifier), "") if identifier.isdigit() else ""
            )
            if code:
                codes[number] = code
    return codes


def _formats(xml: bytes, codes: dict[int, str]) -> Formats:
    formats: Formats = {}
    cells = etree.iterparse(io.BytesIO(xml), tag="{*}c", resolve_entities=False, no_network=True)
    for _, cell in cells:
        style, address = str(cell.get("s", "")), _ADDRESS.match(str(cell.get("r", "")))
        if address and cell.get("t", "n") == "n" and style.isdigit() and int(style) in codes:
            formats[int(address[2]) - 1, _column(address[1])] = codes[int(style)]
        cell.clear()
    return formats


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1
