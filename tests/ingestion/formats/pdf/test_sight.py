import io

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf import extract, sight
from tests.ingestion.formats.files import pdf_of_stream
from tests.ingestion.formats.pdf.drawing import drawn, shown

BLUE = (0.2, 0.2, 0.6)


def white_on_white(page: Canvas) -> None:
    page.setFillColorRGB(1, 1, 1)
    page.drawString(72, 600, "The price is 41 euros.")


def blue_on_blue(page: Canvas) -> None:
    page.setFillColorRGB(*BLUE)
    page.rect(60, 590, 300, 40, fill=1, stroke=0)
    page.drawString(72, 600, "The price is 42 euros.")


def covered(page: Canvas) -> None:
    page.drawString(72, 600, "The price is 43 euros.")
    page.rect(60, 590, 300, 40, fill=1, stroke=0)


def tiny(page: Canvas) -> None:
    page.setFont("Helvetica", 0.5)
    page.drawString(72, 600, "The price is 44 euros.")


def transparent(page: Canvas) -> None:
    page.setFillAlpha(0)
    page.drawString(72, 600, "The price is 45 euros.")


def clipped(page: Canvas) -> None:
    path = page.beginPath()
    path.rect(0, 0, 10, 10)
    page.clipPath(path, stroke=0)
    page.drawString(72, 600, "The price is 46 euros.")


def off_page(page: Canvas) -> None:
    page.drawString(700, 600, "The price is 47 euros.")


def not_painted(page: Canvas) -> None:
    text = page.beginText(72, 600)
    text.setTextRenderMode(3)
    text.textOut("The price is 48 euros.")
    page.drawText(text)


@pytest.mark.parametrize(
    "hide",
    [
        *(white_on_white, blue_on_blue, covered, tiny, transparent, clipped, off_page, not_painted),
    ],
)
def test_text_that_nobody_sees_is_left_out(hide: object) -> None:
    def draw(page: Canvas) -> None:
        page.drawString(72, 700, "The visible price is 30 euros.")
        hide(page)  # type: ignore[operator]

    assert shown(draw) == "The visible price is 30 euros.\n"


def test_text_on_a_layer_that_is_switched_off_is_left_out() -> None:
    stream = b"BT /F1 12 Tf 72 700 Td (It costs 30 euros.) Tj ET /OC /L BDC BT /F1 12 Tf 72 600 Td (It costs 99 euros.) Tj ET EMC"
    content = pdf_of_stream(stream, 1)
    content = content.replace(b"<</Font<<", b"<</Properties<</L 6 0 R>>/Font<<")
    content = content.replace(
        b"<</Type/Catalog", b"<</Type/Catalog/OCProperties<</OCGs[6 0 R]/D<</OFF[6 0 R]>>>>"
    )
    content = content.replace(b"trailer", b"6 0 obj\n<</Type/OCG/Name(Draft)>>\nendobj\ntrailer")
    assert extract(content).text == "It costs 30 euros.\n"
    shown_too = content.replace(b"/OFF[6 0 R]", b"/ON[6 0 R] ")
    assert "99 euros" in extract(shown_too).text


def white_on_blue(page: Canvas) -> None:
    page.setFillColorRGB(*BLUE)
    page.rect(60, 590, 300, 40, fill=1, stroke=0)
    page.setFillColorRGB(1, 1, 1)
    page.drawString(72, 600, "The price is 42 euros.")


def under_a_line(page: Canvas) -> None:
    page.drawString(72, 600, "The price is 42 euros.")
    page.rect(60, 590, 300, 40, fill=0, stroke=1)


def on_a_light_ground(page: Canvas) -> None:
    page.setFillColorRGB(0.9, 0.9, 0.9)
    page.rect(60, 590, 300, 40, fill=1, stroke=0)
    page.setFillColorRGB(0.1, 0.1, 0.1)
    page.drawString(72, 600, "The price is 42 euros.")


@pytest.mark.parametrize("draw", [white_on_blue, under_a_line, on_a_light_ground])
def test_text_that_is_seen_is_kept(draw: object) -> None:
    assert shown(draw) == "The price is 42 euros.\n"  # type: ignore[arg-type]


def draw_scan(page: Canvas) -> None:
    """A picture of two lines with the text that was recognised over it, and more beside it."""
    picture = Image.new("L", (800, 300), 255)
    pen = ImageDraw.Draw(picture)
    for y, line in ((40, "The barn was built"), (120, "in 1744 of oak.")):
        pen.text((20, y), line, fill=0, font=ImageFont.load_default(40))
    file = io.BytesIO()
    picture.save(file, "PNG")
    page.drawImage(ImageReader(file), 50, 500, 400, 150)
    for y, line in ((618, "The barn was built"), (578, "in 1744 of oak."), (300, "99 euros")):
        text = page.beginText(60, y)
        text.setFont("Helvetica", 18)
        text.setTextRenderMode(3)
        text.textLine(line)
        page.drawText(text)


def test_a_page_that_is_a_picture_without_text_is_named() -> None:
    def draw(page: Canvas) -> None:
        picture = ImageReader(Image.new("L", (80, 30), 120))
        page.drawImage(picture, 50, 500, 400, 150)

    found = extract(drawn(lambda page: page.drawString(72, 700, "One."), draw, lambda page: None))
    assert found.notes == ("page 2: a picture without text",)


def test_recognised_text_over_a_picture_of_itself_is_kept() -> None:
    assert shown(draw_scan) == "The barn was built in 1744 of oak.\n"


def test_a_page_is_drawn_only_where_there_is_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    drawings = []

    class Counted(sight._Picture):
        def __init__(self, page: pypdfium2.PdfPage) -> None:
            drawings.append(page)
            super().__init__(page)

    monkeypatch.setattr(sight, "_Picture", Counted)
    extract(drawn(lambda page: page.drawString(72, 700, "Plain text.")))
    assert not drawings
    extract(drawn(white_on_blue))
    assert len(drawings) == 2


def test_a_page_with_nothing_but_hidden_text_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no text"):
        shown(white_on_white)
