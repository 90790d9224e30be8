"""Pictures of pages, and recognised lines on them."""

import io

import numpy as np
import pytest
from PIL import Image

from assistant.ingestion.formats.drawn_page import PARTS, lines_in_boxes, png


@pytest.mark.parametrize("channels", ["coloured", "grey"])
def test_a_picture_is_written_as_it_is(channels: str) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (14, 5, 3), np.uint8)
    if channels == "grey":
        pixels[:] = pixels[:, :, :1]
    image = Image.open(io.BytesIO(png(pixels)))
    assert image.mode == ("L" if channels == "grey" else "RGB")
    assert (np.asarray(image.convert("RGB")) == pixels).all()


def test_words_of_a_recognised_line_are_as_wide_as_their_letters() -> None:
    box = (4, 17, PARTS // 10, PARTS // 2, PARTS * 9 // 10, PARTS * 6 // 10)
    (line,) = lines_in_boxes([box], "The terns dive here.", 1_000, 500)
    assert (line.x, line.y, line.width, line.height, line.turn) == (100, 250, 800, 50, 0)
    terns, dive, he = line.words
    assert (terns.text, terns.start, terns.end) == ("terns ", 4, 9)
    assert (dive.start, dive.end, he.start, he.end) == (10, 14, 15, 17)
    letter = 800 / 13
    assert terns.left == 0
    assert (dive.left, dive.right) == pytest.approx((5 * letter, 11 * letter))
    assert he.right == pytest.approx(800)
