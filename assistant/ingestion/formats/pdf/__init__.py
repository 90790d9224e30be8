"""PDF: what a person sees on its pages, in the order in which it is read.

A PDF knows where characters stand and nothing of lines, columns, tables and paragraphs. The way:
``document`` and ``reader`` (characters and places, by PDFium), ``lines``, ``furniture`` (running
heads), ``columns`` and ``tables`` (the order), ``paragraphs`` (the text).
"""

from assistant.ingestion.formats import Extracted, UnreadableFileError
from assistant.ingestion.formats.pdf.document import read_document
from assistant.ingestion.formats.pdf.fonts import readable
from assistant.ingestion.formats.pdf.writing import text_of


def extract(content: bytes) -> Extracted:
    """Return the text of a PDF with the offsets of its pages.

    Raise `UnreadableFileError` if it is encrypted, broken, or has pictures in place of text.
    """
    title, read = read_document(content)
    pages = readable(read)
    if not any(layer.fragments for page in pages for layer in page.layers):
        raise UnreadableFileError(
            f"there is no text on its {len(pages):,} page{'s' * (len(pages) > 1)}, perhaps pictures of "
            "text: run text recognition (OCR) over it first"
        )
    return text_of(pages, title)
