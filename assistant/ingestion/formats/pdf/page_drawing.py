"""Draw a page of a PDF, and find where the words of its text are on the picture."""

import ctypes
import math

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.drawn_page import PIXELS_PER_POINT, DrawnPage, png
from assistant.ingestion.formats.pdf.document import read_page
from assistant.ingestion.formats.pdf.placed_lines import ToPicture, placed_lines
from assistant.models.recognition import Pixels

_WIDTH = 1_400
_MOST_PIXELS = 4_000_000
_PARTS = 64
"""PDFium tells places in whole pixels; it is asked for those of a picture so many times as large."""


def draw_page(content: bytes, number: int, text: str) -> DrawnPage:
    """Return a page, counted from 1, with the places of its text as far as it is printed as text.

    Raise `UnreadableFileError` if there is no such page, or it is broken.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            document.init_forms()
            if not 1 <= number <= len(document):
                raise UnreadableFileError(f"it has no page {number}")
            page = document[number - 1]
            pixels = _drawn(page)
            height, width, _ = pixels.shape
            to_picture = _turned(page, width, height)
            lines = tuple(placed_lines(read_page(page, ""), text, to_picture))
            natural_width = page.get_width() * PIXELS_PER_POINT
            page.close()
    except pypdfium2.PdfiumError as error:
        raise UnreadableFileError(f"it is broken: {error}".rstrip(".")) from None
    return DrawnPage(png(pixels), width, height, natural_width, lines)


def _drawn(page: pypdfium2.PdfPage) -> Pixels:
    width, height = page.get_size()
    scale = min(_WIDTH / max(width, 1.0), math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=True)
    pixels = np.array(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return pixels


def _turned(page: pypdfium2.PdfPage, width: int, height: int) -> ToPicture:
    """Return what finds a point of a layer on the picture, as the page is turned and cut."""

    def to_picture(angle: int, x: float, y: float) -> tuple[float, float]:
        turn = math.radians(angle)
        cos, sin = math.cos(turn), math.sin(turn)
        right, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(
            page, 0, 0, width * _PARTS, height * _PARTS, 0,
            x * cos + y * sin, x * sin - y * cos, right, down,
        )  # fmt: skip
        return right.value / _PARTS, down.value / _PARTS

    return to_picture
