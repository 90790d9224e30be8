from assistant.ingestion.formats.spreadsheet import extract
from assistant.ingestion.formats.workbook_formats import number_formats
from tests.ingestion.formats.files import sheet_row, with_part, workbook

MOST = 1_000_000
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{SHEETS}"><numFmts><numFmt numFmtId="164" formatCode="0.00 &quot;€&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def styled() -> bytes:
    rows = sheet_row(1, "Plan", "Tax", "Price") + sheet_row(2, "Plus", 0.19, 9.5)
    rows = rows.replace('r="B2"', 'r="B2" s="1"').replace('r="C2"', 'r="C2" s="2"')
    content = workbook({"P": ("visible", rows)})
    relations = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for name, kind, target in (
            ("s1", "worksheet", "worksheets/s1.xml"),
            ("st", "styles", "styles.xml"),
        )
    )
    relations = f'<Relationships xmlns="{RELATIONS}">{relations}</Relationships>'
    content = with_part(content, "xl/_rels/workbook.xml.rels", relations.encode())
    return with_part(content, "xl/styles.xml", STYLES.encode())


def test_the_formats_of_the_numbers_of_each_sheet_are_found() -> None:
    assert number_formats(styled(), MOST) == {"P": {(1, 1): "0%", (1, 2): '0.00 "€"'}}


def test_a_number_is_stored_as_it_is_shown() -> None:
    assert extract(styled(), MOST).text == "# P\n\n| Plan: Plus | Tax: 19% | Price: 9.50 € |\n"


def test_a_workbook_of_another_kind_or_a_broken_one_has_none() -> None:
    assert number_formats(b"no archive", MOST) == {}
    assert number_formats(with_part(styled(), "xl/styles.xml", b"<broken"), MOST) == {}
