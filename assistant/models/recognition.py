"""Text recognition (OCR): what a recogniser gives, and which of them is installed."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.extras import command_for

Pixels = NDArray[np.uint8]
"""A picture, of shape ``(height, width, 3)``: red, green and blue."""

RAPIDOCR, TESSERACT = "rapidocr", "tesseract"
HOW_TO_INSTALL = f"to have text in pictures read, install Tesseract, or run: {command_for('ocr')}"


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word and its left and right border, in pixels."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class RecognisedLine:
    """The words of a line, and its upper and lower border, in pixels."""

    words: tuple[RecognisedWord, ...]
    top: float
    bottom: float


class TextRecogniser(Protocol):
    """Reads the text in pictures."""

    def read(self, picture: Pixels) -> Sequence[RecognisedLine]:
        """Return the lines of text in a picture, without those that are hardly legible."""
        ...


def available_recogniser() -> str:
    """Return the name of the recogniser that is installed, the better one of two; else nothing."""
    if find_spec(RAPIDOCR) is not None:
        return RAPIDOCR
    return TESSERACT if shutil.which(TESSERACT) else ""
