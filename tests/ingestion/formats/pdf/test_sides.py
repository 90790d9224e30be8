import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.sides import borders, goes_on, reading_regions
from tests.ingestion.formats.pdf.drawing import (
    BRIDGE,
    RESERVOIR,
    put_lines,
    put_rows,
    shown,
    wrapped,
)

FACTS = (("Opened", "1878"), ("Arches", "5"), ("Length", "310 m"), ("Owner", "the county"))


def segment(text: str, left: float, baseline: float) -> Segment:
    return Segment(text, left, left + 5 * len(text), baseline, 10, "F")


def column(left: float, *texts: str) -> list[Segment]:
    return [segment(text, left, 100 + 13 * row) for row, text in enumerate(texts)]


NAMES = column(50, "Hull", "York", "Derby")
PLANTS = column(150, "31 men", "28 men", "22 men")
TEXT = column(
    300, "The mill was bought by a", "family in 1902 and burnt", "down in 1911, as it was"
)


def test_columns_of_a_table_are_one_region_and_text_beside_it_another() -> None:
    regions = reading_regions([NAMES, PLANTS, TEXT])
    assert [len(region) for region in regions] == [6, 3]
    assert [one.text for one in regions[0][:2]] == ["Hull", "31 men"]


def test_gaps_in_two_lines_of_a_text_mean_nothing() -> None:
    left, right = column(50, "one of", "and the"), column(86, "the two", "other is")
    assert reading_regions([left, right]) == []


def test_borders_of_a_column() -> None:
    assert borders(NAMES) == (50, 75)


def test_facts_in_a_box_beside_text_are_a_table_and_the_text_is_whole() -> None:
    for leading in (13, 16):

        def draw(page: Canvas, leading: int = leading) -> None:
            put_lines(page, 50, 765, wrapped(f"{BRIDGE} {RESERVOIR}", 300))
            put_rows(page, (390, 460), 765, FACTS, leading)

        text = shown(draw)
        assert f"{BRIDGE} {RESERVOIR}" in text
        assert "| Opened | 1878 |\n| Arches | 5 |\n| Length | 310 m |" in text


def test_lists_under_lead_ins_are_read_one_after_the_other() -> None:
    rows = (("Bring:", "Leave at home:"), ("a lamp", "dogs"), ("two ropes", "radios"))
    text = shown(lambda page: put_rows(page, (60, 310), 760, rows))
    assert text == "Bring:\na lamp\ntwo ropes\n\nLeave at home:\ndogs\nradios\n"


def test_whether_a_line_goes_on_in_the_next() -> None:
    full = segment("a line that is as wide as", 50, 100)
    assert goes_on(full, segment("its column", 50, 112), (50, 180))
    assert goes_on(full, segment("its column", 50, 112), (50, 400)) is False
    assert goes_on(full, segment("Its column", 50, 112), (50, 180)) is None


def test_a_line_that_ends_in_a_divided_word_goes_on_though_it_is_short() -> None:
    above = Segment("the refriger-", 0, 60, 0, 10, "")
    assert goes_on(above, Segment("ation of it", 0, 50, 12, 10, ""), (0, 150))
    assert not goes_on(above, Segment("Ation of it", 0, 50, 12, 10, ""), (0, 150))
    assert not goes_on(
        Segment("KX-2-", 0, 60, 0, 10, ""), Segment("ation", 0, 50, 12, 10, ""), (0, 150)
    )


@pytest.mark.parametrize("gap", [26, 40])
def test_labels_above_values_are_read_with_them(gap: int) -> None:
    def draw(page: Canvas) -> None:
        for row, cells in enumerate(
            (
                (("Invoice no.", "2024-0917"), ("Date", "1 May 2024"), ("Due", "30 May 2024")),
                (("Customer", "Mill Books"), ("VAT ID", "GB 118 22"), ("Total", "77.20")),
            )
        ):
            for x, (label, value) in zip((60, 220, 380), cells, strict=True):
                page.setFont("Helvetica-Bold", 9)
                page.drawString(x, 700 - gap * row, label)
                page.setFont("Helvetica", 10)
                page.drawString(x, 687 - gap * row, value)

    assert shown(draw) == (
        "| Invoice no. | 2024-0917 |\n| Date | 1 May 2024 |\n| Due | 30 May 2024 |\n\n"
        "| Customer | Mill Books |\n| VAT ID | GB 118 22 |\n| Total | 77.20 |\n"
    )


def test_an_invoice_is_its_address_its_numbers_and_the_table_of_its_items() -> None:
    def draw(page: Canvas) -> None:
        put_lines(page, 60, 740, ["Plant Hull", "12 Dock Street", "Hull HU1 2AB"], 13)
        for row, (label, value) in enumerate(
            (("Invoice number", "A-2291"), ("Invoice date", "3 June 2024"), ("Due date", "1 July"))
        ):
            page.drawString(350, 740 - 14 * row, label)
            page.drawRightString(540, 740 - 14 * row, value)
        for row, cells in enumerate(
            (
                ("Item", "Pieces", "Price", "Amount"),
                ("Brass pump", "2", "118.00", "236.00"),
                ("Seal", "10", "4.10", "41.00"),
            )
        ):
            page.drawString(60, 640 - 16 * row, cells[0])
            for x, cell in zip((340, 430, 520), cells[1:], strict=True):
                page.drawRightString(x, 640 - 16 * row, cell)

    assert shown(draw) == (
        "Plant Hull\n12 Dock Street\nHull HU1 2AB\n\n"
        "| Invoice number | A-2291 |\n| Invoice date | 3 June 2024 |\n| Due date | 1 July |\n\n"
        "| Item | Pieces | Price | Amount |\n| Brass pump | 2 | 118.00 | 236.00 |\n"
        "| Seal | 10 | 4.10 | 41.00 |\n"
    )
