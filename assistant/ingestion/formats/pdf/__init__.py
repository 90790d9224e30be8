"""PDF: what a person sees on its pages, in the order in which it is read.

A PDF knows where characters stand and nothing of lines, columns, tables and paragraphs. The way:
``document`` and ``reader`` (characters and places, by PDFium), ``lines``, ``furniture`` (running
heads), ``gutters``, ``columns`` and ``tables`` (the order), ``paragraphs`` (the text).
"""

from dataclasses import replace

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.pdf.document import read_document
from assistant.ingestion.formats.pdf.fonts import readable
from assistant.ingestion.formats.pdf.placed_lines import with_boxes
from assistant.ingestion.formats.pdf.recognised import Recognise, with_recognised
from assistant.ingestion.formats.pdf.writing import text_of


def extract(content: bytes, recognise: Recognise | None = None) -> Extracted:
    """Return the text of a PDF with the offsets of its pages.

    With a recogniser, the text of pages that are pictures is read too. Raise `UnreadableFileError`
    if it is encrypted, broken, or empty.
    """
    title, read = read_document(content)
    pages = readable(read)
    if recognise is not None:
        pages = with_recognised(content, pages, recognise)
    pictures = sum(page.is_picture for page in pages)
    if not any(layer.fragments for page in pages for layer in page.layers):
        if pictures and recognise is None:
            return Extracted("", page_starts=(0,) * len(pages), pictures=pictures)
        raise UnreadableFileError(
            f"there is no text on its {len(pages):,} page{'s' * (len(pages) > 1)}"
        )
    return replace(with_boxes(text_of(pages, title), pages), pictures=pictures)
