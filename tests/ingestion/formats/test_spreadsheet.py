import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.spreadsheet import extract
from tests.ingestion.formats.files import sheet_row, workbook, zipped

MOST = 10_000_000


def test_the_rows_of_each_sheet_that_is_shown_are_records_with_addresses() -> None:
    content = workbook(
        {
            "Prices": (
                "visible",
                sheet_row(1, "Room prices") + sheet_row(3, "Room", "Single", "Double")
                + sheet_row(4, "Sea view", 95.5, ("B4*2", 191)) + sheet_row(5, "Garden", None, 80),
            ),
            "Secret": ("hidden", sheet_row(1, "hidden")),
            "Empty": ("visible", ""),
        }
    )  # fmt: skip
    found = extract(content, MOST)
    assert found.text == (
        "# Prices\n\nRoom prices\n\n| Room: Sea view | Single: 95.5 | Double: 191 |\n"
        "| Room: Garden | Double: 80 |\n\n# Empty\n"
    )
    assert [name for _, name in found.places] == ["Prices!A1", "Prices!A4:C4", "Prices!A5:C5"]
    offset = found.places[2][0]
    assert found.text[offset:].lstrip().startswith("| Room: Garden")


def test_a_merged_value_is_in_each_row_and_column_of_it() -> None:
    rows = (
        sheet_row(1, "Season", "Room", "Price") + sheet_row(2, "Summer", "Single", 95)
        + sheet_row(3, None, "Double", 140)
    )  # fmt: skip
    merged = '<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells>'
    text = extract(workbook({"P": ("visible", rows)}, merged), MOST).text
    assert "| Season: Summer | Room: Double | Price: 140 |" in text


def test_names_over_names_are_joined() -> None:
    rows = (
        sheet_row(1, "Price list") + sheet_row(2, "Model", "Price", None, "Since")
        + sheet_row(3, None, "net", "gross", None) + sheet_row(4, "KX-7", 118, 141, "May")
    )  # fmt: skip
    ranges = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"))
    merged = f'<mergeCells count="4">{ranges}</mergeCells>'
    text = extract(workbook({"P": ("visible", rows)}, merged), MOST).text
    assert text == (
        "# P\n\nPrice list\n\n| Model: KX-7 | Price net: 118 | Price gross: 141 | Since: May |\n"
    )


def test_cells_that_are_merged_below_the_last_value_are_no_trouble() -> None:
    ranges = '<mergeCells count="1"><mergeCell ref="A9:B9"/></mergeCells>'
    rows = sheet_row(1, "Room", "Price") + sheet_row(2, "Single", 95)
    text = extract(workbook({"P": ("visible", rows)}, ranges), MOST).text
    assert text == "# P\n\n| Room: Single | Price: 95 |\n"


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    rows = (
        sheet_row(1, "Contact", "Phone", None, "Town", "Shops")
        + sheet_row(2, "Ada", "555 010", None, "Hull", 3) + sheet_row(3, "Tom", "555 020")
    )  # fmt: skip
    found = extract(workbook({"P": ("visible", rows)}), MOST)
    assert found.text == (
        "# P\n\n| Contact: Ada | Phone: 555 010 |\n| Contact: Tom | Phone: 555 020 |\n\n"
        "| Town: Hull | Shops: 3 |\n"
    )
    assert [name for _, name in found.places] == ["P!A2:B2", "P!A3:B3", "P!D2:E2"]


def test_a_table_with_an_empty_column_is_one() -> None:
    rows = sheet_row(1, "Model", None, "Price") + sheet_row(2, "KX-7", None, 118)
    text = extract(workbook({"P": ("visible", rows)}), MOST).text
    assert text == "# P\n\n| Model: KX-7 | Price: 118 |\n"


def test_an_open_document_is_read() -> None:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    row = "<table:table-row>{}</table:table-row>"
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = "".join(
        row.format("".join(map(cell.format, texts)))
        for texts in (("Plan", "Price"), ("Plus", "9 €"))
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="Rates">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    assert extract(zipped(parts), MOST).text == "# Rates\n\n| Plan: Plus | Price: 9 € |\n"


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", zipped({"a": "b"}), b"\xd0\xcf\x11\xe0" + b"\0" * 600]
)
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        extract(content, MOST)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UnreadableFileError, match="would unpack"):
        extract(workbook({"P": ("visible", sheet_row(1, "x" * 5_000))}), 1_000)
