import pytest
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats.pdf.document import read_document
from assistant.ingestion.formats.pdf.fragments import UNKNOWN
from assistant.ingestion.formats.pdf.reader import upright
from tests.ingestion.formats.files import pdf_of_stream
from tests.ingestion.formats.pdf.drawing import drawn, shown

LINES = ("The rotor weighs 14 tonnes.", "Its blades were cast in Leeds.", "They are old.")


def test_a_fragment_has_the_place_of_its_letters() -> None:
    _, (page,) = read_document(drawn(lambda page: page.drawString(72, 700, "one two")))
    one, two = page.layers[0].fragments
    assert (one.text, round(one.left), one.baseline, one.size) == ("one", 72, -700, 10)
    assert two.spaced
    assert round(two.left - one.right, 2) == 2.78  # a space of Helvetica


@pytest.mark.parametrize(("turn", "angle"), [(90, 90), (90, 0), (180, 180), (270, 0), (0, 30)])
def test_lines_are_read_from_the_top_however_page_and_text_are_turned(
    turn: int, angle: int
) -> None:
    def draw(page: Canvas) -> None:
        page.setPageRotation(turn)
        page.translate(300, 300)
        page.rotate(angle)
        for row, line in reversed(list(enumerate(LINES))):
            page.drawString(0, -14 * row, line)

    assert tuple(filter(None, shown(draw).splitlines())) == LINES


def test_type_is_as_large_as_it_is_seen() -> None:
    content = pdf_of_stream(b"BT /F1 1 Tf 12 0 0 12 72 700 Tm (Twelve) Tj ET", 1)
    _, (page,) = read_document(content)
    assert page.layers[0].fragments[0].size == pytest.approx(12)


def test_a_box_is_turned_upright() -> None:
    assert upright((10, 20, 30, 60), 0) == (10, -60, 30, -20)
    assert upright((10, 20, 30, 60), 90) == (20, 10, 60, 30)


def test_codes_of_control_are_unknown_glyphs() -> None:
    content = pdf_of_stream(b"BT /F1 12 Tf 72 700 Td <010203> Tj ET", 1)
    content = content.replace(
        b"/BaseFont/Helvetica", b"/BaseFont/Helvetica/Encoding<</Differences[1/g1/g2/g3]>>"
    )
    _, (page,) = read_document(content)
    assert {letter for one in page.layers[0].fragments for letter in one.text} <= {UNKNOWN}


def test_letters_that_no_font_names_are_not_mapped() -> None:
    content = pdf_of_stream(b"BT /F1 12 Tf 72 700 Td (ABC) Tj ET", 1)
    _, (known,) = read_document(content)
    unnamed = b"/BaseFont/X/Encoding<</Differences[65/g1/g2/g3]>>"
    _, (unknown,) = read_document(content.replace(b"/BaseFont/Helvetica", unnamed))
    pages = (known, unknown)
    assert [one.is_mapped for page in pages for one in page.layers[0].fragments] == [True, False]
