"""A page as it is shown to readers: a picture, and where the words of the document's text are on it."""

import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.models.recognition import Pixels
from assistant.types import Box

PIXELS_PER_POINT = 96 / 72
PARTS = 10_000
"""Boxes are in parts of a page's width and height, so many of each."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word of a line: its borders in pixels from the line's left end, and its offsets in the page's text.

    ``start`` and ``end`` are equal for a word that is not in the text, such as one of a running head.
    """

    text: str
    left: float
    right: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line on a picture: its upper left corner and its size in pixels, and its turn clockwise in degrees."""

    x: float
    y: float
    width: float
    height: float
    turn: float
    words: tuple[PlacedWord, ...]


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """A picture in the PNG format, its size in pixels, and the lines on it in the order of reading.

    ``natural_width`` is the width of the page as it is printed, in pixels of 1/96 inch.
    """

    image: bytes
    width: int
    height: int
    natural_width: float
    lines: tuple[PlacedLine, ...]


def lines_in_boxes(
    boxes: Sequence[Box], text: str, width: int, height: int
) -> Iterator[PlacedLine]:
    """Yield the lines that were recognised on a picture of a size, where text[start:end] is the text of each.

    The letters of a line are taken to be of one width, and words reach a letter further to both sides
    for those that are wider.
    """
    for start, end, left, top, right, bottom in boxes:
        shown = text[start:end]
        line_width = (right - left) * width / PARTS
        letter = line_width / len(shown)
        words = tuple(
            PlacedWord(
                f"{match[0]} ",
                max(match.start() - 1, 0) * letter,
                min(match.end() + 1, len(shown)) * letter,
                start + match.start(),
                start + match.end(),
            )
            for match in _WORD.finditer(shown)
        )
        x, y = left * width / PARTS, top * height / PARTS
        yield PlacedLine(x, y, line_width, (bottom - top) * height / PARTS, 0.0, words)


def png(pixels: Pixels) -> bytes:
    """Return a picture as a file in the Portable Network Graphics format (ISO 15948), grey if it is."""
    height, width, _ = pixels.shape
    is_grey = bool((pixels == pixels[:, :, :1]).all())
    rows = pixels[:, :, 0] if is_grey else pixels.reshape(height, -1)
    filtered = np.full(
        (height, 1 + rows.shape[1]), 2, np.uint8
    )  # 2: the difference to the row above
    filtered[0, 1:] = rows[0]
    filtered[1:, 1:] = rows[1:] - rows[:-1]
    header = struct.pack(">IIBBBBB", width, height, 8, 0 if is_grey else 2, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"IDAT", zlib.compress(filtered.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
