from collections.abc import Sequence

from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Layer
from assistant.ingestion.formats.pdf.regions import read_layer
from tests.ingestion.formats.pdf.drawing import MILL, RESERVOIR, put_lines, shown, wrapped

Span = tuple[int, int, int, int]


def put_grid(page: Canvas, cells: Sequence[tuple[Span, str]], top: float = 700) -> None:
    """Draw cells at row, column, rows, columns, each text in the middle of its height."""
    for (row, column, rows, columns), text in cells:
        x, y, width, height = 60 + 80 * column, top - 24 * (row + rows), 80 * columns, 24 * rows
        page.rect(x, y, width, height)
        lines = wrapped(text, width - 8)
        put_lines(page, x + 4, y + height / 2 - 3 + 6 * (len(lines) - 1), lines, 11)


def test_merged_cells_between_lines_stand_in_each_row_and_column() -> None:
    cells = [
        ((0, 0, 2, 1), "Room"),
        ((0, 1, 1, 2), "Summer"),
        ((0, 3, 1, 2), "Winter"),
        *(((1, column, 1, 1), "Single" if column % 2 else "Double") for column in range(1, 5)),
        ((2, 0, 2, 1), "Sea view"),
        *(((2, column, 1, 1), str(90 + column)) for column in range(1, 5)),
        *(((3, column, 1, 1), str(50 + column)) for column in (1, 2, 4)),
        ((3, 3, 1, 1), ""),
        ((4, 0, 1, 5), "All prices with breakfast"),
    ]
    assert shown(lambda page: put_grid(page, cells)) == (
        "| Room | Summer Single | Summer Double | Winter Single | Winter Double |\n"
        "| Sea view | 91 | 92 | 93 | 94 |\n"
        "| Sea view | 51 | 52 |  | 54 |\n"
        "| All prices with breakfast |\n"
    )


def test_cells_of_several_lines_are_read_one_by_one() -> None:
    cells = [
        ((0, 0, 1, 1), "Gate of the"),
        ((0, 1, 1, 1), "Why it waits"),
        ((1, 0, 1, 1), "A1"),
        ((1, 1, 1, 1), "Fog over the whole fjord"),
        ((2, 0, 1, 1), "B4 beside the old hall"),
        ((2, 1, 1, 1), "Late"),
    ]
    text = shown(lambda page: put_grid(page, cells))
    assert "| A1 | Fog over the whole fjord |\n| B4 beside the old hall | Late |\n" in text


def test_text_around_a_table_stays_around_it() -> None:
    def draw(page: Canvas) -> None:
        put_lines(page, 60, 750, wrapped(RESERVOIR, 450))
        put_grid(
            page, [((row, column, 1, 1), f"{row}{column}") for row in (0, 1) for column in (0, 1)]
        )
        put_lines(page, 60, 630, wrapped(MILL, 450))

    assert shown(draw) == f"{RESERVOIR}\n\n| 00 | 01 |\n| 10 | 11 |\n\n{MILL}\n"


def test_a_box_across_two_columns_is_read_between_them() -> None:
    def draw(page: Canvas) -> None:
        for x, text in ((50, RESERVOIR), (310, MILL)):
            lines = wrapped(text, 230)
            put_lines(page, x, 750, lines[:4])
            put_lines(page, x, 580, lines[4:])
        page.setFillGray(0.9)
        page.rect(50, 620, 490, 70, stroke=0, fill=1)
        page.setFillGray(0)
        put_lines(
            page,
            60,
            670,
            [
                "Visits",
                "Tours leave the pier at 10:15 and 14:30, from May to September, on all days.",
                "Tickets cost 8 euros.",
            ],
            14,
        )

    text = shown(draw)
    parts = [
        text.index(part)
        for part in (
            "The reservoir",
            "The mill",
            "Visits",
            "Tours",
            "Tickets",
            "reports to",
            "today. Nobody",
        )
    ]
    assert parts == sorted(parts)


def test_a_framed_box_beside_text_comes_after_it() -> None:
    def draw(page: Canvas) -> None:
        lines = wrapped(RESERVOIR, 300)
        put_lines(page, 50, 750, lines)
        page.rect(360, 690, 150, 72)
        put_lines(page, 365, 750, ["In short", "Built in 1936", "Height 12 m", "Open to all"])

    assert shown(draw) == f"{RESERVOIR}\n\nIn short\nBuilt in 1936\nHeight 12 m\nOpen to all\n"


def test_the_shade_of_a_column_or_a_row_tears_no_table_apart() -> None:
    def draw(page: Canvas) -> None:
        page.setFillGray(0.9)
        page.rect(195, 655, 60, 60, stroke=0, fill=1)
        page.rect(50, 655, 400, 14, stroke=0, fill=1)
        page.setFillGray(0)
        for index, row in enumerate(
            (
                ("Town", "Opens", "Phone"),
                ("Hull", "8:00", "555 010"),
                ("York", "9:00", "555 020"),
                ("Bath", "7:00", "555 030"),
            )
        ):
            for x, cell in zip((50, 200, 350), row, strict=True):
                page.drawString(x, 700 - 14 * index, cell)

    assert "| York | 9:00 | 555 020 |" in shown(draw)


def test_nothing_is_read_of_an_empty_page() -> None:
    assert read_layer(Layer(0, (), 0, 0, 500, 800, rules=((0, 0, 9, 0),)), (), 0, 500) == []


def test_a_box_between_the_rows_of_a_table_stays_between_them() -> None:
    def draw(page: Canvas) -> None:
        for y, label in (
            (700, "Every week"),
            (660, "Every month"),
            (560, "Every year"),
            (520, "At last"),
        ):
            page.drawString(50, y, label)
            page.drawString(150, y, f"{label} the filter is cleaned with warm water and dried.")
        page.rect(145, 590, 330, 50)
        put_lines(page, 160, 625, ["Danger", "Pull the plug before you open the lid."])

    text = shown(draw)
    parts = ("| Every month |", "Danger", "Pull the plug", "| Every year |")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
