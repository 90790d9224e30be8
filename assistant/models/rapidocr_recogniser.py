"""Text recognition by RapidOCR (PP-OCRv6 on onnxruntime); its only importer. Its models are in its wheel."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from assistant.models.recognition import Pixels, RecognisedLine, RecognisedWord

_LEAST_SCORE = 0.5
_SHORTEST_SIDE = 64
_MOST_NARROW = 4


class RapidOcrRecogniser:
    """Reads the text in pictures with RapidOCR. Making one loads its models."""

    def __init__(self) -> None:
        from rapidocr import RapidOCR  # OpenCV and the models take two seconds

        self._engine: Any = RapidOCR(params={"Global.log_level": "error"})
        self.read(np.full((64, 64, 3), 255, np.uint8))  # the models are loaded by the first picture

    def read(self, picture: Pixels) -> Sequence[RecognisedLine]:
        """Return the lines of text in a picture, without those that are hardly legible."""
        found = self._engine(_padded(picture)[:, :, ::-1].copy())  # blue, green and red
        if found.boxes is None:
            return []
        return [
            _line(box, text)
            for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
            if score >= _LEAST_SCORE and text.strip()
        ]


def _padded(picture: Pixels) -> Pixels:
    """Return a picture with white to the right and below, so that it is not narrow.

    RapidOCR 3.10 enlarges the shorter side to 736 pixels, and the longer one with it.
    """
    height, width, _ = picture.shape
    least = max(_SHORTEST_SIDE, max(height, width) // _MOST_NARROW)
    more = ((0, max(0, least - height)), (0, max(0, least - width)), (0, 0))
    return np.pad(picture, more, constant_values=255)


def _line(box: Any, text: str) -> RecognisedLine:
    """Return a line; the box is its four corners, from the upper left one on."""
    left, right = float((box[0][0] + box[3][0]) / 2), float((box[1][0] + box[2][0]) / 2)
    middle = float(sum(corner[1] for corner in box) / 4)
    height = float((box[3][1] + box[2][1] - box[0][1] - box[1][1]) / 2)
    return RecognisedLine(
        tuple(_words(text, left, right)), middle - height / 2, middle + height / 2
    )


def _words(text: str, left: float, right: float) -> Iterator[RecognisedWord]:
    """Yield the words of a line, as wide as the number of their characters lets expect."""
    width = (right - left) / len(text)
    place = 0
    for word in text.split():
        start = text.index(word, place)
        place = start + len(word)
        yield RecognisedWord(word, left + start * width, left + place * width)
