import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.stripes import is_stripe, is_within_text
from tests.ingestion.formats.pdf.drawing import MILL, RESERVOIR, put_lines, shown, wrapped


def test_the_rows_of_a_table_with_shaded_lines_stay_one_table() -> None:
    def draw(page: Canvas) -> None:
        rows = (
            ("Part", "Use", "Price"),
            ("KX-1", "Pump for cold water", "18.00"),
            ("KX-2", "Valve of brass", "31.50"),
            ("KX-3", "Seal", "4.10"),
        )
        for index, row in enumerate(rows):
            page.setFillGray(1 if index % 2 else 0.8)
            page.rect(50, 695 - 16 * index, 450, 16, stroke=0, fill=1)
            page.setFillGray(0)
            for x, cell in zip((60, 200, 400), row, strict=True):
                page.drawString(x, 700 - 16 * index, cell)

    assert shown(draw) == (
        "| Part | Use | Price |\n| KX-1 | Pump for cold water | 18.00 |\n"
        "| KX-2 | Valve of brass | 31.50 |\n| KX-3 | Seal | 4.10 |\n"
    )


def test_a_shaded_row_with_a_cell_of_two_lines_is_a_row() -> None:
    uses = (
        "Pump for cold water, used in cellars and in ships",
        "Valve of brass with a long thread that fits pumps",
        "Seal for pumps that are older than ten years or so",
    )

    def draw(page: Canvas) -> None:
        put_row(page, 700, ("Part", ["Use"], "Price"))
        for index, use in enumerate(uses):
            top = 672 - 36 * index
            if index % 2:
                page.setFillGray(0.8)
                page.rect(50, top - 20, 450, 36, stroke=0, fill=1)
                page.setFillGray(0)
            put_row(page, top - 6, (f"KX-{index}", wrapped(use, 150), f"{index}.50"))

    text = shown(draw)
    for index, use in enumerate(uses):
        assert f"| KX-{index} | {use} | {index}.50 |" in text


def put_row(page: Canvas, y: float, cells: tuple[str, list[str], str]) -> None:
    """Draw a row in three columns, the lines of the middle cell around its height."""
    first, lines, last = cells
    page.drawString(60, y, first)
    put_lines(page, 200, y + 6 * (len(lines) - 1), lines, 12)
    page.drawString(400, y, last)


def test_a_shaded_note_between_the_lines_of_a_text_stays_apart() -> None:
    def draw(page: Canvas) -> None:
        y = put_lines(page, 50, 750, wrapped(RESERVOIR, 450))
        page.setFillGray(0.9)
        page.rect(50, y - 34, 450, 40, stroke=0, fill=1)
        page.setFillGray(0)
        put_lines(page, 60, y - 8, ["Opening times", "Monday to Friday from 9 to 17"])
        put_lines(page, 50, y - 50, wrapped(MILL, 450))

    assert shown(draw).startswith(
        f"{RESERVOIR}\n\nOpening times\nMonday to Friday from 9 to 17\n\n"
    )


def test_a_box_with_nothing_around_it_is_no_row() -> None:
    row = [Segment(text, left, left + 40, 100, 10, "") for text, left in (("a", 50), ("b", 200))]
    assert not is_stripe([row], [])


@pytest.mark.parametrize(("first", "count"), [(2, 3), (3, 2), (5, 2)])
def test_a_frame_around_lines_of_a_running_text_parts_no_sentence(first: int, count: int) -> None:
    def draw(page: Canvas) -> None:
        put_lines(page, 50, 750, wrapped(f"{RESERVOIR} {MILL}", 300))
        page.rect(45, 750 - 13 * (first + count - 1) - 4, 320, 13 * count + 1)

    assert shown(draw) == f"{RESERVOIR} {MILL}\n"


def test_a_line_that_goes_on_above_a_box_is_its_own() -> None:
    above, inside = (
        Segment(text, 50, 200, y, 10, "") for text, y in (("it was", 90), ("built", 103))
    )
    assert is_within_text([[inside]], [above])
    assert not is_within_text([[inside]], [])
