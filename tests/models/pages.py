"""Pictures of pages, drawn for text recognition."""

import numpy as np
import pypdfium2
from reportlab.pdfgen.canvas import Canvas

from assistant.models.recognition import Pixels
from tests.ingestion.formats.pdf.drawing import drawn, put_lines

LINES = ("The mill at Dunmore was bought in 1902.", "Invoice no. 4711-0815", "Price: 37,499.96 EUR")


def put_text(canvas: Canvas) -> None:
    """Draw the lines on a page."""
    put_lines(canvas, 60, 780, LINES, leading=30)


def pixels_of(content: bytes, dots_per_inch: int = 150) -> Pixels:
    """Return the first page of a PDF as a picture."""
    with pypdfium2.PdfDocument(content) as document:
        bitmap = document[0].render(scale=dots_per_inch / 72, rev_byteorder=True)
        return np.array(bitmap.to_numpy()[:, :, :3])


def picture_of_text() -> Pixels:
    """Return a picture of the lines."""
    return pixels_of(drawn(put_text))
