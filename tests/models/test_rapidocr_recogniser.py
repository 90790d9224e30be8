"""RapidOCR itself, on pictures of pages drawn here."""

import numpy as np
import pytest

from assistant.models.rapidocr_recogniser import RapidOcrRecogniser
from assistant.models.recognition import RecognisedLine
from tests.models.pages import LINES, picture_of_text


@pytest.fixture(scope="module")
def recogniser() -> RapidOcrRecogniser:
    return RapidOcrRecogniser()


def text_of(line: RecognisedLine) -> str:
    return " ".join(word.text for word in line.words)


def test_lines_are_read_with_their_places(recogniser: RapidOcrRecogniser) -> None:
    lines = recogniser.read(picture_of_text())
    assert tuple(map(text_of, lines)) == LINES
    for line in lines:
        assert line.words[0].left == pytest.approx(125, abs=8)  # 60 points at 150 dots an inch
        assert 15 < line.bottom - line.top < 35
        assert all(word.left < word.right for word in line.words)
    assert lines[1].top - lines[0].top == pytest.approx(62.5, abs=3)


@pytest.mark.parametrize("shape", [(1, 1, 3), (64, 64, 3), (2000, 3, 3), (3, 2000, 3)])
def test_a_picture_without_text_has_no_lines(
    recogniser: RapidOcrRecogniser, shape: tuple[int, int, int]
) -> None:
    assert list(recogniser.read(np.full(shape, 255, np.uint8))) == []
    assert list(recogniser.read(np.zeros(shape, np.uint8))) == []
