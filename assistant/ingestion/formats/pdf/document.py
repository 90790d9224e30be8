"""Open a PDF and read its pages; a page that cannot be read does not cost the others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf.fields import filled_in, with_filled
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.marks import with_marks
from assistant.ingestion.formats.pdf.reader import Glyphs, layers, read_glyphs
from assistant.ingestion.formats.pdf.rules import read_drawing, without_struck
from assistant.ingestion.formats.pdf.sight import seen

_LONGEST_STAMP = 150
_COVERED = 0.8
"""The part of a page that the picture of a scan covers, at least."""
_REASONS = {
    pdfium.FPDF_ERR_PASSWORD: "it is encrypted; save it without its password to have it read",
    pdfium.FPDF_ERR_SECURITY: "it is encrypted in a way that is not supported",
}


def read_document(content: bytes) -> tuple[str, list[ReadPage]]:
    """Return the title that a PDF gives itself, and its pages.

    Raise `UnreadableFileError` if it is encrypted or broken.
    """
    try:
        with pypdfium2.PdfDocument(content) as document:
            document.init_forms()
            title = str(document.get_metadata_dict().get("Title", ""))
            return title, list(_pages(document))
    except pypdfium2.PdfiumError as error:
        reason = _REASONS.get(error.err_code or 0, f"it is broken: {error}".rstrip("."))
        raise UnreadableFileError(reason) from None


def _pages(document: pypdfium2.PdfDocument) -> Iterator[ReadPage]:
    for number in range(len(document)):
        label = document.get_page_label(number)
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            yield ReadPage((), label, ("broken",))
            continue
        try:
            yield read_page(page, label)
        finally:
            page.close()


def read_page(page: pypdfium2.PdfPage, label: str) -> ReadPage:
    """Return what a person sees on a page with a printed number."""
    text_page = page.get_textpage()
    try:
        drawing = read_drawing(page)
        glyphs = without_struck(seen(page, list(read_glyphs(text_page))), drawing)
        filled = filled_in(page)
        first, *others = layers(glyphs, page.get_bbox())
        drawn = drawing.seen_at(first.angle)
        first = replace(
            first,
            fragments=with_marks(first.fragments, drawn),
            rules=drawn.rules,
            boxes=drawn.boxes,
            frames=drawn.frames,
        )
        layers_filled = (*with_filled(first, filled), *others)
        is_picture = not filled and _is_picture(page, glyphs)
        kind = "a picture with a line of text on it" if glyphs else "a picture without text"
        return ReadPage(layers_filled, label, (kind,) if is_picture else (), is_picture)
    finally:
        text_page.close()


def _is_picture(page: pypdfium2.PdfPage, glyphs: Sequence[Glyphs]) -> bool:
    """Return whether a page is a picture: without text, or covered by one with but a line or two on it.

    Those are the stamps that scanners and libraries leave.
    """
    pictures = page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    if not glyphs:
        return next(pictures, None) is not None
    if sum(len(glyph.fragment.text) for glyph in glyphs) > _LONGEST_STAMP:
        return False
    left, bottom, right, top = page.get_bbox()
    area = _COVERED * (right - left) * (top - bottom)
    boxes = (picture.get_bounds() for picture in pictures)
    return any((x1 - x0) * (y1 - y0) > area for x0, y0, x1, y1 in boxes)
