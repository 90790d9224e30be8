import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Segment
from assistant.ingestion.formats.pdf.tables import in_rows, padded_rows, table_rows
from tests.ingestion.formats.pdf.drawing import (
    BRIDGE,
    MILL,
    RESERVOIR,
    put_lines,
    put_rows,
    shown,
    wrapped,
)

FAULTS = (
    ("fault", "cause of it", "what to do"),
    ("pump does not start", "fuse has blown", "put in a new fuse"),
    ("pump runs but is loud", "air in the hose", "open the small valve"),
    ("water drips from lid", "gasket is worn", "fit the brass gasket"),
)
OFFICES = (
    ("Office", "Holder", "Town of birth"),
    ("Lord Mayor of York", "Alice Brown Smith", "Kingston upon Hull"),
    ("Sheriff of the City", "Robert Miller Green", "Newcastle upon Tyne"),
    ("Keeper of the Seals", "Margaret Ann Fisher", "Berwick upon Tweed"),
)
FRUIT = (
    ("Region", "Product", "Price", "Stock"),
    ("North", "Apples", "3.10", "12"),
    ("", "Pears", "4.20", ""),
    ("South", "Apples", "2.80", "7"),
    ("Total", "", "", "19"),
)
PAIRS = (
    ("Name:", "Ada Quill", "Date:", "3 May 2020"),
    ("Street:", "3 Fern Way", "Room:", "12"),
    ("Town:", "Whitby", "Rate:", "45.00"),
)


@pytest.mark.parametrize("rows", [FAULTS, OFFICES, FRUIT, PAIRS])
def test_each_row_is_a_line_with_its_cells(rows: tuple[tuple[str, ...], ...]) -> None:
    text = shown(lambda page: put_rows(page, (60, 190, 320, 420), 760, rows))
    assert text.splitlines() == [f"| {' | '.join(row)} |" for row in rows]


def test_labels_that_the_file_has_before_all_values_are_beside_their_values() -> None:
    def draw(page: Canvas) -> None:
        put_lines(page, 60, 700, ("Name", "Street", "Town", "Born"), 20)
        put_lines(page, 200, 700, ("Ada Quill", "3 Fern Way", "Whitby", "4 May 1961"), 20)

    assert "| Street | 3 Fern Way |\n| Town | Whitby |" in shown(draw)


def test_values_at_the_right_margin_are_beside_their_labels() -> None:
    def draw(page: Canvas) -> None:
        for row, (label, value) in enumerate((("Net", "349.50"), ("VAT 20 %", "69.90"))):
            page.drawString(60, 700 - 14 * row, label)
            page.drawRightString(540, 700 - 14 * row, value)
        put_lines(page, 60, 640, wrapped(RESERVOIR, 470))

    assert shown(draw) == f"| Net | 349.50 |\n| VAT 20 % | 69.90 |\n\n{RESERVOIR}\n"


def test_prices_close_to_long_names_are_cells_too() -> None:
    rows = (("Adult day ticket with boat", "12.50"), ("Child ticket", "6.00"), ("Dog", "1.50"))

    def draw(page: Canvas) -> None:
        for row, (name, price) in enumerate(rows):
            page.drawString(60, 700 - 13 * row, name)
            page.drawRightString(215, 700 - 13 * row, price)

    assert shown(draw) == "".join(f"| {name} | {price} |\n" for name, price in rows)


@pytest.mark.parametrize("label_line", [0.0, 0.5])
def test_a_cell_of_several_lines_is_one(label_line: float) -> None:
    def draw(page: Canvas) -> None:
        y = 760.0
        for label, text in (("4.1", RESERVOIR), ("4.2", MILL), ("4.3", BRIDGE)):
            lines = wrapped(text, 300)
            page.drawString(60, y - label_line * 12 * (len(lines) - 1), label)
            y = put_lines(page, 150, y, lines, 12) - 10

    assert shown(draw) == f"| 4.1 | {RESERVOIR} |\n| 4.2 | {MILL} |\n| 4.3 | {BRIDGE} |\n"


def test_tables_far_apart_are_two_with_columns_of_their_own() -> None:
    def draw(page: Canvas) -> None:
        y = put_rows(
            page, (60, 200), 760, (("Site", "Depth"), ("Hallam", "11 m"), ("Selby", "7 m"))
        )
        put_rows(page, (60, 120, 300), y - 30, (("A", "1", "x"), ("B", "2", "y"), ("C", "3", "z")))

    assert shown(draw).split("\n\n") == [
        "| Site | Depth |\n| Hallam | 11 m |\n| Selby | 7 m |",
        "| A | 1 | x |\n| B | 2 | y |\n| C | 3 | z |\n",
    ]


def test_a_heading_and_a_note_are_not_rows() -> None:
    def draw(page: Canvas) -> None:
        page.drawString(60, 774, "Depths")
        y = put_rows(
            page, (60, 200), 760, (("Hallam", "11 m"), ("Selby", "7 m"), ("Dunmore", "4 m"))
        )
        page.drawString(60, y, "Measured in 1999")

    assert shown(draw) == (
        "Depths\n\n| Hallam | 11 m |\n| Selby | 7 m |\n| Dunmore | 4 m |\n\nMeasured in 1999\n"
    )


def segment(text: str, left: float, baseline: float) -> Segment:
    return Segment(text, left, left + 5 * len(text), baseline, 10, "F")


def test_baselines_of_a_row_may_differ_a_little() -> None:
    rows = in_rows([segment("b", 90, 101), segment("a", 50, 100), segment("c", 50, 112)])
    assert [[one.text for one in row] for row in rows] == [["a", "b"], ["c"]]


def test_the_rest_of_a_cell_is_no_row() -> None:
    names = [segment("Pump", 50, 100), segment("Hose", 50, 124)]
    notes = [
        segment("of brass and", 150, 100),
        segment("of iron", 150, 112),
        segment("5 m", 150, 124),
    ]
    assert [row.cells for row in table_rows([names, notes])] == [
        ("Pump", "of brass and of iron"),
        ("Hose", "5 m"),
    ]


def test_rows_are_padded_or_not() -> None:
    names = [segment("Pump", 50, 106), segment("Hose", 50, 140)]
    notes = [segment("of brass", 150, 100), segment("and iron", 150, 112), segment("5 m", 150, 140)]
    rows = padded_rows([names, notes])
    assert rows is not None
    assert [len(row) for row in rows] == [3, 2]
    assert padded_rows([names[:1], notes[:1]]) is None


def test_cells_that_go_on_side_by_side_are_one_row_where_others_have_one_line() -> None:
    def draw(page: Canvas) -> None:
        y = 700.0
        for row in (
            (("Site",), ("Manager",), ("Output",)),
            (("Hull",), ("A. Brook",), ("12,400",)),
            (("Leeds and", "Bradford"), ("L. Carver, then I.", "Foster"), ("3,020",)),
            (("York",), ("T. Baker",), ("8,150",)),
        ):
            ends = [
                put_lines(page, x, y, cell, 12) for x, cell in zip((50, 150, 350), row, strict=True)
            ]
            y = min(ends) - 6

    assert shown(draw) == (
        "| Site | Manager | Output |\n| Hull | A. Brook | 12,400 |\n"
        "| Leeds and Bradford | L. Carver, then I. Foster | 3,020 |\n| York | T. Baker | 8,150 |\n"
    )
