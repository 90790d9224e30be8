"""Pages whose text is recognised, by a recogniser that can be computed by hand."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.recognised import recognised_page
from assistant.models.recognition import Pixels, RecognisedLine, RecognisedWord
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, drawn, put_lines, wrapped
from tests.models.pages import pixels_of, put_text


def line(text: str, left: float, top: float, height: float = 30) -> RecognisedLine:
    """A line of type that is half as wide as high."""
    words, place = [], left
    for word in text.split():
        words.append(RecognisedWord(word, place, place + len(word) * height / 2))
        place += (len(word) + 1) * height / 2
    return RecognisedLine(tuple(words), top, top + height)


class Lines:
    """A recogniser that finds the same lines in every picture, and keeps the pictures."""

    def __init__(self, *lines: RecognisedLine) -> None:
        self.lines = lines
        self.pictures: list[Pixels] = []

    def __call__(self, picture: Pixels) -> tuple[RecognisedLine, ...]:
        self.pictures.append(picture)
        return self.lines


SCAN = Image.fromarray(pixels_of(drawn(put_text)))


def put_scan(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(SCAN), 0, 0, 595, 842)


def put_stamped_scan(canvas: Canvas) -> None:
    put_scan(canvas)
    canvas.drawString(60, 20, "Downloaded from the library")


def put_page_with_picture(canvas: Canvas) -> None:
    canvas.drawImage(ImageReader(SCAN), 60, 100, 100, 140)
    put_lines(canvas, 60, 780, wrapped(MILL, 400))


def test_a_page_that_is_a_picture_is_recognised_and_others_are_not() -> None:
    recognise = Lines(line("The tern dives.", 200, 300))
    found = extract(drawn(put_text, put_scan, put_page_with_picture), recognise)
    assert "The tern dives." in found.text
    assert len(recognise.pictures) == 1
    assert found.notes == ()
    assert "page 2: text recognised in a picture" in found.decisions
    assert found.pictures == 0


def test_a_stamp_on_a_scan_does_not_hide_it() -> None:
    found = extract(drawn(put_stamped_scan), Lines(line("The tern dives.", 200, 300)))
    assert found.text == "The tern dives.\n"


def test_without_a_recogniser_pictures_are_counted() -> None:
    found = extract(drawn(put_scan, put_scan))
    assert (found.text, found.pictures, len(found.page_starts)) == ("", 2, 2)
    found = extract(drawn(put_text, put_scan))
    assert found.pictures == 1
    assert found.notes == ("page 2: a picture without text",)


def test_a_picture_in_which_nothing_is_recognised_is_not_text() -> None:
    with pytest.raises(UnreadableFileError, match="no text on its 1 page"):
        extract(drawn(put_scan), Lines())


def test_recognised_columns_are_read_as_such() -> None:
    mill, bridge = wrapped(MILL, 200), wrapped(BRIDGE, 200)
    lines = [line(text, 100, 100 + 40 * n) for n, text in enumerate(mill)]
    lines += [line(text, 900, 100 + 40 * n) for n, text in enumerate(bridge)]
    assert extract(drawn(put_scan), Lines(*lines)).text == f"{MILL}\n\n{BRIDGE}\n"


def test_lines_of_about_one_height_are_of_one_paragraph() -> None:
    heights = (30, 27, 33, 29, 31)
    lines = [
        line("and so they dive on and on", 100, 100 + 40 * n, h) for n, h in enumerate(heights)
    ]
    assert "\n" not in extract(drawn(put_scan), Lines(*lines)).text.strip()


def test_a_page_is_drawn_upright_with_no_more_pixels_than_needed() -> None:
    recognise = Lines(line("x", 1, 1))
    with pypdfium2.PdfDocument(drawn(put_scan)) as document:
        document[0].set_rotation(90)
        document[0].set_mediabox(0, 0, 14_000, 14_000)
        changed = io.BytesIO()
        document.save(changed)
    extract(changed.getvalue(), recognise)
    height, width, _ = recognise.pictures[0].shape
    assert height * width <= 12_100_000


def test_places_are_in_points() -> None:
    page = recognised_page([line("tern", 200, 400)], np.asarray(SCAN), 2.0, ReadPage(()))
    (fragment,) = page.layers[0].fragments
    assert (fragment.left, fragment.right) == (100, 130)
    assert fragment.top < 207 < fragment.baseline < 215
