"""Open a PDF and read its pages; a page that cannot be read does not cost the others."""

from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.pdf.fields import filled_in, with_filled
from assistant.ingestion.formats.pdf.fragments import ReadPage
from assistant.ingestion.formats.pdf.reader import layers, read_glyphs
from assistant.ingestion.formats.pdf.sight import seen

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
            yield _page(page, label)
        finally:
            page.close()


def _page(page: pypdfium2.PdfPage, label: str) -> ReadPage:
    text_page = page.get_textpage()
    try:
        glyphs = seen(page, list(read_glyphs(text_page)))
        filled = filled_in(page)
        first, *others = layers(glyphs, page.get_bbox())
        notes = () if glyphs or filled or not _has_picture(page) else ("a picture without text",)
        return ReadPage((*with_filled(first, filled), *others), label, notes)
    finally:
        text_page.close()


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return next(page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), None) is not None
