"""Pages drawn as pictures, with the places of their words: where there is ink, and nowhere else."""

import io
import math
from collections.abc import Callable

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.drawn_page import DrawnPage, PlacedLine, PlacedWord
from assistant.ingestion.formats.pdf import extract
from assistant.ingestion.formats.pdf.page_drawing import draw_page
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, drawn, put_lines, put_rows, wrapped

Draw = Callable[[Canvas], object]


def put_columns(canvas: Canvas) -> None:
    put_lines(canvas, 60, 780, wrapped(MILL, 220))
    put_lines(canvas, 320, 780, wrapped(BRIDGE, 220))


def put_table(canvas: Canvas) -> None:
    rows = [("Card", "Price", "Loans"), ("Adult", "free", "12"), ("Music", "£12", "4")]
    put_rows(canvas, (60, 200, 340), 700, rows)


def put_sideways(canvas: Canvas) -> None:
    canvas.translate(300, 200)
    canvas.rotate(90)
    put_lines(canvas, 0, 0, wrapped(MILL, 300))


def changed(content: bytes, change: Callable[[pypdfium2.PdfPage], object]) -> bytes:
    with pypdfium2.PdfDocument(content) as document:
        change(document[0])
        file = io.BytesIO()
        document.save(file)
    return file.getvalue()


def page_of(content: bytes, number: int = 1) -> tuple[DrawnPage, str]:
    """The page, and the text that was read from it."""
    found = extract(content)
    start, end = (*found.page_starts, len(found.text))[number - 1 : number + 1]
    text = found.text[start:end]
    return draw_page(content, number, text), text


def corners(line: PlacedLine, word: PlacedWord) -> list[tuple[float, float]]:
    turn = math.radians(line.turn)
    cos, sin = math.cos(turn), math.sin(turn)
    return [
        (line.x + x * cos - y * sin, line.y + x * sin + y * cos)
        for x, y in (
            (word.left, 0),
            (word.right, 0),
            (word.right, line.height),
            (word.left, line.height),
        )
    ]


def ink(page: DrawnPage, words: list[tuple[PlacedLine, PlacedWord]]) -> float:
    """The part of all ink of a page that is under words."""
    picture = np.asarray(Image.open(io.BytesIO(page.image)).convert("L")) < 160
    cover = Image.new("L", (page.width, page.height))
    for line, word in words:
        ImageDraw.Draw(cover).polygon(corners(line, word), fill=255, outline=255)
    return float((picture & (np.asarray(cover) > 0)).sum() / picture.sum())


def words_of(page: DrawnPage) -> list[tuple[PlacedLine, PlacedWord]]:
    return [(line, word) for line in page.lines for word in line.words]


def turned(angle: int) -> Callable[[pypdfium2.PdfPage], object]:
    return lambda page: page.set_rotation(angle)


def cut(page: pypdfium2.PdfPage) -> None:
    page.set_cropbox(40, 180, 560, 830)


def cut_and_turned(page: pypdfium2.PdfPage) -> None:
    cut(page)
    page.set_rotation(270)


@pytest.mark.parametrize("put", [put_columns, put_table, put_sideways])
@pytest.mark.parametrize(
    "change", [turned(0), turned(90), turned(180), turned(270), cut, cut_and_turned]
)
def test_every_word_is_where_its_ink_is(
    put: Draw, change: Callable[[pypdfium2.PdfPage], object]
) -> None:
    page, text = page_of(changed(drawn(put), change))
    words = words_of(page)
    assert ink(page, words) > 0.995, "no ink beside the words"
    for _, word in words:
        assert word.end > word.start, word.text
        assert text[word.start : word.end] == word.text.strip()
    for line, word in words[::9]:
        alone = ink(page, [(line, word)]) * sum(len(one.text.strip()) for _, one in words)
        assert 0.2 * len(word.text.strip()) < alone < 3 * len(word.text.strip()), word.text


def test_each_of_two_equal_lines_has_its_own_place() -> None:
    def put_fees(canvas: Canvas) -> None:
        for y, place in ((700, "museum"), (500, "castle")):
            put_lines(canvas, 60, y, [f"The {place} is open all year.", "The fee is six pounds."])

    page, text = page_of(drawn(put_fees))
    sixes = {word.start: line.y for line, word in words_of(page) if word.text.strip() == "six"}
    first, second = text.index("six"), text.rindex("six")
    assert sixes[first] + 200 < sixes[second]


def test_a_running_head_has_no_place_in_the_text() -> None:
    def put_page(canvas: Canvas) -> None:
        canvas.drawString(60, 815, "Annual report")
        put_lines(canvas, 60, 700, wrapped(MILL, 400))

    page, text = page_of(drawn(*[put_page] * 4), 3)
    assert "Annual" not in text
    unread = [word.text.strip() for _, word in words_of(page) if word.start == word.end]
    assert unread == ["Annual", "report"]


def test_a_page_is_as_wide_as_it_is_printed() -> None:
    page, _ = page_of(drawn(put_columns))
    assert page.natural_width == pytest.approx(595.28 * 96 / 72, abs=0.1)
    assert page.width == pytest.approx(1_400, abs=1)


@pytest.mark.parametrize("number", [0, 2, -1, 10**9])
def test_a_page_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(UnreadableFileError, match="no page"):
        draw_page(drawn(put_columns), number, "")


def test_a_broken_file_is_an_error() -> None:
    with pytest.raises(UnreadableFileError, match="broken"):
        draw_page(b"%PDF-1.7", 1, "")


def test_a_huge_page_is_drawn_small() -> None:
    content = changed(drawn(put_columns), lambda page: page.set_mediabox(0, 0, 100, 14_000))
    page = draw_page(content, 1, "")
    assert page.width * page.height <= 4_100_000
