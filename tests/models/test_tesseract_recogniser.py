"""Tesseract itself, where it is installed, on pictures of pages drawn here."""

import shutil

import numpy as np
import pytest

from assistant.models.tesseract_recogniser import TesseractRecogniser, recognised_lines
from tests.models.pages import LINES, picture_of_text

HOCR = """
<span class='ocr_line' id='line_1_1' title="bbox 125 114 560 134; baseline 0.01 -5; x_size 20; x_descenders 5; x_ascenders 4">
 <span class='ocrx_word' id='word_1_1' title='bbox 125 114 160 129; x_wconf 96'>The</span>
 <span class='ocrx_word' id='word_1_2' title='bbox 168 114 197 129; x_wconf 95'><em>M&amp;S</em></span>
 <span class='ocrx_word' id='word_1_3' title='bbox 200 114 230 129; x_wconf 12'>~-~</span>
</span>
<span class='ocr_line' id='line_1_2' title="bbox 0 0 9 9; baseline 0 0; x_size 9; x_descenders 1; x_ascenders 2">
 <span class='ocrx_word' id='word_1_4' title='bbox 0 0 9 9; x_wconf 3'>l</span>
</span>
"""


def test_words_are_read_with_the_size_of_their_type() -> None:
    (line,) = recognised_lines(HOCR)
    assert [(word.text, word.left, word.right) for word in line.words] == [
        ("The", 125, 160),
        ("M&S", 168, 197),
    ]
    assert (line.top, line.bottom) == (113, 133)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
def test_lines_are_read_with_their_places() -> None:
    recogniser = TesseractRecogniser()
    lines = recogniser.read(picture_of_text())
    assert tuple(" ".join(word.text for word in line.words) for line in lines) == LINES
    assert lines[0].words[0].left == pytest.approx(125, abs=4)
    assert lines[1].bottom - lines[0].bottom == pytest.approx(62.5, abs=3)


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
def test_a_picture_without_text_has_no_lines() -> None:
    assert TesseractRecogniser().read(np.full((64, 64, 3), 255, np.uint8)) == []
