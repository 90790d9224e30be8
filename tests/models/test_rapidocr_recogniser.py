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


@pytest.mark.parametrize(
    ("height", "width", "shade"),
    [(1, 1, 0), (64, 64, 255), (64, 64, 0), (2000, 3, 0), (3, 2000, 255)],
)
def test_a_picture_without_text_has_no_lines(
    recogniser: RapidOcrRecogniser, height: int, width: int, shade: int
) -> None:
    assert list(recogniser.read(np.full((height, width, 3), shade, np.uint8))) == []
