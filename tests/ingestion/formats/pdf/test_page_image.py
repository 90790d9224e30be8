"""Pages drawn as pictures, with a passage marked."""

import io

import numpy as np
import pypdfium2
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf.page_image import ShownWord, page_image, png, words_of
from assistant.models.recognition import Pixels
from tests.ingestion.formats.pdf.drawing import BRIDGE, MILL, drawn, put_lines, wrapped
from tests.ingestion.formats.pdf.test_recognised import Lines, line, put_scan

PASSAGE = "It was never rebuilt, and the ground was sold to the railway for four thousand pounds."


def put_columns(canvas: Canvas) -> None:
    put_lines(canvas, 60, 780, wrapped(MILL, 220))
    put_lines(canvas, 320, 780, wrapped(BRIDGE, 220))


def marked(image: bytes) -> Pixels:
    """Where the colour of the mark is: an array of true and false."""
    pixels = np.asarray(Image.open(io.BytesIO(image)).convert("RGB"))
    return np.asarray((pixels[:, :, 0] == 255) & (pixels[:, :, 2] == 110))


def test_the_words_of_a_passage_are_marked_where_they_are_printed() -> None:
    image, is_marked = page_image(drawn(put_columns), 1, PASSAGE)
    assert is_marked
    rows, columns = np.nonzero(marked(image))
    scale = 1400 / 595
    assert 60 * scale - 3 < columns.min()
    assert columns.max() < 285 * scale, "nothing in the other column"
    first, last = (842 - 795) * scale, (842 - 735) * scale
    assert first < rows.min() < rows.max() < last


def test_a_passage_that_is_not_there_leaves_the_page_unmarked() -> None:
    for passage in ("", "Otters play in the ponds of Ferndale.", "…"):
        image, is_marked = page_image(drawn(put_columns), 1, passage)
        assert not is_marked
        assert not marked(image).any()


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_marked_as_it_is_shown(angle: int) -> None:
    with pypdfium2.PdfDocument(drawn(put_columns)) as document:
        document[0].set_rotation(angle)
        turned = io.BytesIO()
        document.save(turned)
    image, is_marked = page_image(turned.getvalue(), 1, PASSAGE)
    upright, _ = page_image(drawn(put_columns), 1, PASSAGE)
    assert is_marked
    back = Image.open(io.BytesIO(image)).rotate(angle, expand=True)
    back = back.resize(Image.open(io.BytesIO(upright)).size)
    found = np.asarray(back.convert("RGB"))[:, :, 2] < 150
    both = marked(upright) & found
    assert both.sum() > 0.8 * marked(upright).sum()


def test_a_passage_in_a_scan_is_recognised_and_marked() -> None:
    recognise = Lines(line("The tern dives.", 100, 200), line("Gulls do not.", 100, 300))
    image, is_marked = page_image(drawn(put_scan), 1, "The tern dives.", recognise)
    rows, _ = np.nonzero(marked(image))
    assert is_marked
    assert 195 < rows.min() < rows.max() < 235


def words(text: str) -> list[ShownWord]:
    letters = [word.strip(".,-").lower() for word in text.split()]
    return [ShownWord(word, (0, 0, 1, 1)) for word in letters]


@pytest.mark.parametrize(
    ("page", "passage", "found"),
    [
        ("the re- built mill stood", "rebuilt mill", "re built mill"),
        (
            "one two three head four five six",
            "one two three four five six",
            "one two three four five six",
        ),
        ("a b a c", "a c", "a c"),
        (
            "four five six one two three",
            "one two three four five six",
            "one two three four five six",
        ),
        ("a rook is black", "a crow is white", ""),
    ],
)
def test_a_passage_is_found_in_one_piece_or_in_several(page: str, passage: str, found: str) -> None:
    assert sorted(word.letters for word in words_of(passage, words(page))) == sorted(found.split())


@pytest.mark.parametrize("number", [0, 2, -1, 10**9])
def test_a_page_that_is_not_there_is_an_error(number: int) -> None:
    with pytest.raises(UnreadableFileError, match="no page"):
        page_image(drawn(put_columns), number, "")


def test_a_broken_file_is_an_error() -> None:
    with pytest.raises(UnreadableFileError, match="broken"):
        page_image(b"%PDF-1.7", 1, "")


def test_a_huge_page_is_drawn_small() -> None:
    with pypdfium2.PdfDocument(drawn(put_columns)) as document:
        document[0].set_mediabox(0, 0, 100, 14_000)
        changed = io.BytesIO()
        document.save(changed)
    image, _ = page_image(changed.getvalue(), 1, "")
    width, height = Image.open(io.BytesIO(image)).size
    assert width * height <= 4_100_000


def test_a_picture_is_written_as_it_is() -> None:
    pixels = np.arange(60, dtype=np.uint8).reshape(4, 5, 3)
    assert (np.asarray(Image.open(io.BytesIO(png(pixels)))) == pixels).all()
