import time

import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.fragments import Fragment
from assistant.ingestion.formats.pdf.marks import with_marks
from assistant.ingestion.formats.pdf.rules import Drawing
from tests.ingestion.formats.pdf.drawing import shown


def test_drawn_boxes_are_read_as_ticked_or_not() -> None:
    def draw(page: Canvas) -> None:
        page.rect(50, 699, 9, 9)
        page.drawString(63, 700, "Vegetarian")
        page.rect(150, 699, 9, 9)
        page.line(150, 699, 159, 708)
        page.line(150, 708, 159, 699)
        page.drawString(163, 700, "Vegan")
        page.rect(250, 699, 9, 9)
        page.drawString(251.5, 700, "x")
        page.drawString(263, 700, "Halal")

    assert shown(draw) == "☐ Vegetarian ☒ Vegan ☒ Halal\n"


def test_a_word_with_a_box_for_each_letter_is_a_word() -> None:
    def draw(page: Canvas) -> None:
        page.drawString(50, 725, "IBAN")
        for index, letter in enumerate("GB29 NWBK"):
            page.rect(50 + 16 * index, 700, 16, 18)
            page.drawString(55 + 16 * index, 705, letter)

    assert "GB29 NWBK" in shown(draw)


@pytest.mark.parametrize(
    "frame",
    [
        (10.0, -9.0, 70.0, 1.0),  # wide
        (10.0, -9.0, 12.0, -7.0),  # a dot
        (10.0, -9.0, 20.0, 1.0),  # with a letter in it
        (-80.0, -9.0, -70.0, 1.0),  # away from all words
    ],
)
def test_other_frames_are_no_boxes_to_tick(frame: tuple[float, float, float, float]) -> None:
    letter = Fragment("A", 12, 18, 0, 10, "", 0)
    word = Fragment("Vegan", 25, 60, 0, 10, "", 1)
    assert with_marks([letter, word], Drawing(frames=(frame,))) == (letter, word)


def test_a_page_of_squares_takes_no_time() -> None:
    places = [(10.0 * column, 12.0 * row) for row in range(80) for column in range(50)]
    frames = tuple((x, y, x + 8, y + 8) for x, y in places)
    fragments = [
        Fragment("word", x + 9, x + 30, y + 7, 10, "F", number)
        for number, (x, y) in enumerate(places)
    ]
    started = time.process_time()
    found = with_marks(fragments, Drawing(frames=frames))
    assert time.process_time() - started < 3
    assert sum(one.text == "☐" for one in found) == len(frames)


def test_places_without_bounds_are_no_places() -> None:
    endless = float("inf")
    fragments = [Fragment("word", 0, 9, height, 10, "F", 0) for height in (endless, float("nan"))]
    frames = ((0.0, 0.0, 8.0, 8.0), (0.0, endless, 8.0, endless))
    assert len(with_marks(fragments, Drawing(frames=frames))) == 2
