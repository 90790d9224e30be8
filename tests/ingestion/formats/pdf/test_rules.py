import pypdfium2
import pytest
from reportlab.lib.colors import white
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.rules import Drawing, read_drawing
from tests.ingestion.formats.pdf.drawing import drawn, shown


def drawing_of(draw: object) -> Drawing:
    with pypdfium2.PdfDocument(drawn(draw)) as document:  # type: ignore[arg-type]
        return read_drawing(document[0])


def test_lines_boxes_and_frames_are_told_apart() -> None:
    def draw(page: Canvas) -> None:
        page.line(50, 700, 150, 700)
        page.rect(50, 600, 100, 40, stroke=0, fill=1)
        page.rect(50, 500, 100, 40)
        page.line(60, 400, 68, 408)
        page.setStrokeColor(white)
        page.line(50, 300, 150, 300)

    found = drawing_of(draw)
    assert [tuple(map(round, box)) for box in found.boxes] == [(50, 600, 150, 640)]
    assert [tuple(map(round, box)) for box in found.frames] == [(50, 500, 150, 540)]
    assert [tuple(map(round, box)) for box in found.ticks] == [(60, 400, 68, 408)]
    assert (50, 700, 150, 700) in [tuple(map(round, rule)) for rule in found.rules]
    assert len(found.rules) == 1 + 4


def test_a_turned_drawing_grows_downwards() -> None:
    turned = Drawing(rules=((0, 10, 5, 10),)).seen_at(0)
    assert turned.rules == ((0, -10, 5, -10),)


@pytest.mark.parametrize("height", [2.6, 3.5])
def test_what_a_line_is_drawn_through_is_left_out(height: float) -> None:
    def draw(page: Canvas) -> None:
        page.drawString(50, 700, "The lamp costs 890 euros 640 euros now.")
        left = 50 + page.stringWidth("The lamp costs ", "Helvetica", 10)
        page.line(left, 700 + height, left + page.stringWidth("890 euros"), 700 + height)

    assert shown(draw) == "The lamp costs 640 euros now.\n"


@pytest.mark.parametrize(
    ("left", "right", "height"),
    [
        (50, 200, -1.5),  # below the words
        (50, 200, 8.5),  # above them
        (20, 500, 3.0),  # a line of a chart behind them
    ],
)
def test_lines_beside_words_and_behind_them_strike_nothing(
    left: float, right: float, height: float
) -> None:
    def draw(page: Canvas) -> None:
        page.drawString(50, 700, "The lamp costs 640 euros now.")
        page.line(left, 700 + height, right, 700 + height)

    assert shown(draw) == "The lamp costs 640 euros now.\n"
