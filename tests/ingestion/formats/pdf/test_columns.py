from collections.abc import Sequence

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.columns import TextBlock, read_in_order
from assistant.ingestion.formats.pdf.fragments import Segment
from tests.ingestion.formats.pdf.drawing import (
    BRIDGE,
    MILL,
    RESERVOIR,
    put_columns,
    put_lines,
    put_rows,
    shown,
    wrapped,
)


def in_order(text: str, *parts: str) -> bool:
    places = [text.find(part) for part in parts]
    return min(places) >= 0 and places == sorted(places)


def test_columns_held_row_by_row_are_read_one_after_the_other() -> None:
    text = shown(
        lambda page: put_columns(page, (50, 220, 390), 750, 150, (RESERVOIR, MILL, BRIDGE))
    )
    assert text == f"{RESERVOIR}\n\n{MILL}\n\n{BRIDGE}\n"


def test_a_headline_over_all_columns_comes_first_and_one_over_the_last_before_that() -> None:
    def draw(page: Canvas) -> None:
        page.setFont("Helvetica-Bold", 16)
        page.drawString(50, 780, "Mill and reservoir in danger")
        page.drawString(390, 780, "Bridge opened")
        page.setFont("Helvetica", 10)
        put_columns(page, (50, 220, 390), 750, 150, (RESERVOIR, MILL, BRIDGE))

    assert in_order(shown(draw), "in danger", RESERVOIR, MILL, "Bridge opened", BRIDGE)


def test_what_stands_below_columns_over_the_whole_page_comes_after_them() -> None:
    def draw(page: Canvas) -> None:
        y = put_columns(page, (50, 310), 780, 230, (RESERVOIR, MILL))
        put_lines(page, 50, y - 13, wrapped(BRIDGE, 490))

    assert shown(draw) == f"{RESERVOIR}\n\n{MILL}\n\n{BRIDGE}\n"


def test_a_heading_below_columns_stays_with_its_paragraph() -> None:
    def draw(page: Canvas) -> None:
        y = put_columns(page, (50, 310), 780, 230, (f"{RESERVOIR} {BRIDGE}", MILL))
        page.setFont("Helvetica-Bold", 11)
        page.drawString(50, y - 12, "Results")
        page.setFont("Helvetica", 10)
        put_lines(page, 50, y - 28, wrapped("All of them are safe. " + BRIDGE, 490))

    assert in_order(shown(draw), RESERVOIR, MILL, "Results", "All of them")


def test_columns_of_different_leading_are_read_one_after_the_other() -> None:
    def draw(page: Canvas) -> None:
        put_lines(page, 50, 780, wrapped(RESERVOIR, 220), 13)
        put_lines(page, 300, 780, wrapped(MILL, 220), 15)

    assert shown(draw) == f"{RESERVOIR}\n\n{MILL}\n"


def test_a_box_beside_text_is_read_after_the_text_that_runs_around_it() -> None:
    def draw(page: Canvas) -> None:
        narrow, wide = wrapped(MILL, 330), wrapped(f"The mill is {MILL}", 490)
        for row, line in enumerate(narrow):
            page.drawString(50, 780 - 13 * row, line)
            if row < 4:
                page.drawString(
                    400,
                    780 - 13 * row,
                    ("Key dates", "1811 Mill built", "1902 Sold", "1911 Burnt")[row],
                )
        put_lines(page, 50, 780 - 13 * len(narrow), wide)

    text = shown(draw)
    assert MILL in text
    assert text.endswith("\n\nKey dates\n1811 Mill built\n1902 Sold\n1911 Burnt\n")


def test_addresses_side_by_side_are_read_one_after_the_other() -> None:
    rows = (
        ("Plant Hull", "Plant York"),
        ("12 Dock Street", "9 Mill Lane"),
        ("Hull HU1 2AB", "York YO1 7HD"),
        ("Phone 01482 555 010", "Phone 01904 555 020"),
    )
    text = shown(lambda page: put_rows(page, (60, 230), 700, rows))
    assert text.split("\n\n") == [
        "Plant Hull\n12 Dock Street\nHull HU1 2AB\nPhone 01482 555 010",
        "Plant York\n9 Mill Lane\nYork YO1 7HD\nPhone 01904 555 020\n",
    ]


def test_lists_in_two_columns_keep_their_items() -> None:
    rows = (
        ("• Close the main valve", "• Wear gloves at all times"),
        ("• Drain the tank through the", "• Keep children away"),
        ("lower tap of the boiler", "• Call the shift leader, if"),
        ("• Replace the gasket", "the alarm rings"),
    )
    text = shown(lambda page: put_rows(page, (60, 310), 760, rows))
    assert "• Drain the tank through the lower tap of the boiler\n• Replace the gasket" in text
    assert "• Call the shift leader, if the alarm rings" in text


def test_a_line_with_wide_gaps_is_no_column() -> None:
    def draw(page: Canvas) -> None:
        page.drawString(50, 760, "Memo")
        page.drawRightString(540, 760, "12 May 2020")
        put_lines(page, 50, 740, wrapped(RESERVOIR, 490))

    assert shown(draw) == f"Memo 12 May 2020\n\n{RESERVOIR}\n"


def segment(text: str, left: float, baseline: float) -> Segment:
    return Segment(text, left, left + 5 * len(text), baseline, 10, "F")


def test_nothing_has_no_blocks_and_a_line_is_one() -> None:
    assert list(read_in_order([], 0, 100)) == []
    line = segment("one", 50, 100)
    assert list(read_in_order([line], 0, 100)) == [TextBlock((line,), 0, 100)]


def put_table(
    canvas: Canvas, y: float, lefts: Sequence[float], rows: Sequence[Sequence[str]]
) -> None:
    for number, row in enumerate(rows):
        for left, cell in zip(lefts, row, strict=True):
            canvas.drawString(left, y - 20 * number, cell)


SALARIES = (
    ("Employee", "Title", "Salary"),
    ("Adams, Ruth", "Director", "37,499.96"),
    ("Baker, Tom", "Correspondent", "21,000.00"),
    ("Carver, Lily", "Intern", "446.87"),
)


@pytest.mark.parametrize("lefts", [(60, 200, 350), (60, 180, 400)])
def test_a_table_below_columns_keeps_its_rows_though_the_gutter_goes_on(
    lefts: tuple[float, ...],
) -> None:
    def put(canvas: Canvas) -> None:
        put_lines(canvas, 60, 780, wrapped(MILL, 220))
        put_lines(canvas, 320, 780, wrapped(BRIDGE, 220))
        put_table(canvas, 600, lefts, SALARIES)

    rows = "\n".join(f"| {' | '.join(row)} |" for row in SALARIES)
    assert shown(put) == f"{MILL}\n\n{BRIDGE}\n\n{rows}\n"


def test_columns_that_go_on_below_a_wide_gap_are_read_one_after_the_other() -> None:
    def put(canvas: Canvas) -> None:
        put_lines(canvas, 60, 780, wrapped(MILL, 220))
        put_lines(canvas, 320, 780, wrapped(BRIDGE, 220))
        put_lines(canvas, 60, 500, wrapped(RESERVOIR, 220))
        put_lines(canvas, 320, 500, wrapped(MILL, 220))

    text = shown(put)
    places = [text.index(part[:40]) for part in (MILL, RESERVOIR, BRIDGE)]
    assert places == sorted(places)
