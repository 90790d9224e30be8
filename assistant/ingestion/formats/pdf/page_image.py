"""Draw a page of a PDF with the words of a passage marked on it."""

import ctypes
import math
import struct
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf.reader import Box, read_glyphs
from assistant.ingestion.formats.pdf.recognised import Recognise
from assistant.models.recognition import Pixels, RecognisedLine

_WIDTH = 1_400
_MOST_PIXELS = 4_000_000
_MARK = np.array((255, 226, 110), np.uint8)
_FEWEST_TOGETHER = 3
"""Words of a passage that is not found in one piece are marked where so many follow one another."""


@dataclass(frozen=True, slots=True)
class ShownWord:
    """The letters and digits of a word, and where it is on the picture: left, top, right, bottom."""

    letters: str
    box: tuple[int, int, int, int]


def page_image(
    content: bytes, number: int, passage: str, recognise: Recognise | None = None
) -> tuple[bytes, bool]:
    """Return a page, counted from 1, as a PNG, and whether the passage, text of it, was found there.

    With a recogniser, words are looked for in the picture and not in the page's text. Raise
    `UnreadableFileError` if there is no such page, or the file is broken.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            document.init_forms()
            if not 1 <= number <= len(document):
                raise UnreadableFileError(f"it has no page {number}")
            page = document[number - 1]
            pixels = _drawn(page)
            words = _recognised(recognise(pixels)) if recognise else _printed(page, pixels)
            page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFileError(f"it is broken: {error}".rstrip(".")) from None
    found = list(words_of(passage, list(words)))
    for word in found:
        _mark(pixels, word.box)
    return png(pixels), bool(found)


def _drawn(page: pypdfium2.PdfPage) -> Pixels:
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1.0), math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    pixels = np.array(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return pixels


def _printed(page: pypdfium2.PdfPage, pixels: Pixels) -> list[ShownWord]:
    text_page = page.get_textpage()
    try:
        return [
            ShownWord(_letters(glyph.fragment.text), _on_picture(page, glyph.box, pixels))
            for glyph in read_glyphs(text_page)
        ]
    finally:
        text_page.close()


def _recognised(lines: Sequence[RecognisedLine]) -> list[ShownWord]:
    return [
        ShownWord(
            _letters(word.text), (int(word.left), int(line.top), int(word.right), int(line.bottom))
        )
        for line in lines
        for word in line.words
    ]


def words_of(passage: str, words: Sequence[ShownWord]) -> Iterator[ShownWord]:
    """Yield the words of a passage: all if it is there in one piece, else those of the pieces that are found."""
    letters, wanted = "".join(word.letters for word in words), _letters(passage)
    start = letters.find(wanted) if wanted else -1
    if start < 0:
        yield from _words_in_pieces(passage, words)
        return
    place = 0
    for word in words:
        if word.letters and start - len(word.letters) < place < start + len(wanted):
            yield word
        place += len(word.letters)


def _words_in_pieces(passage: str, words: Sequence[ShownWord]) -> Iterator[ShownWord]:
    """Yield the longest pieces first, wherever they are: a file may have its lines in any order."""
    wanted = [letters for word in passage.split() if (letters := _letters(word))]
    matcher = SequenceMatcher(None, [word.letters for word in words], wanted, autojunk=False)
    least = max(1, min(_FEWEST_TOGETHER, len(wanted)))
    waiting = [(0, len(wanted))]
    while waiting:
        first, last = waiting.pop()
        match = matcher.find_longest_match(0, len(words), first, last)
        if match.size >= least:
            yield from words[match.a : match.a + match.size]
            waiting += [(first, match.b), (match.b + match.size, last)]


def _letters(text: str) -> str:
    """Return the letters and digits of a text, however they are set."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in plain if character.isalnum())


def _on_picture(page: pypdfium2.PdfPage, box: Box, pixels: Pixels) -> tuple[int, int, int, int]:
    """Return a box of the page as left, top, right and bottom of the picture, turned as the page is."""
    height, width, _ = pixels.shape
    points = []
    for x, y in ((box[0], box[1]), (box[2], box[3])):
        right, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, x, y, right, down)
        points.append((right.value, down.value))
    (x0, y0), (x1, y1) = points
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _mark(pixels: Pixels, box: tuple[int, int, int, int]) -> None:
    """Lay a transparent colour over a part of a picture."""
    left, top, right, bottom = (max(0, border) for border in box)
    part = pixels[top:bottom, left:right]
    np.minimum(part, _MARK, out=part)


def png(pixels: Pixels) -> bytes:
    """Return a picture as a file in the Portable Network Graphics format (ISO 15948)."""
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # a row begins with its filter: none
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"IDAT", zlib.compress(rows.tobytes(), 6)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
