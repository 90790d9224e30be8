"""Which reader reads which media type; importing this imports every parser."""

from collections.abc import Callable
from pathlib import PurePath

from assistant.ingestion.formats import (
    Extracted,
    UnreadableFileError,
    ascii_doc,
    docx,
    epub,
    html,
    mail,
    markdown,
    open_document,
    pdf,
    pictures,
    plain,
    restructured_text,
    rich_text,
    separated,
    slides,
    spreadsheet,
)
from assistant.ingestion.formats.drawn_page import DrawnPage
from assistant.ingestion.formats.pdf.page_drawing import draw_page
from assistant.ingestion.formats.pdf.recognised import Recognise
from assistant.text import media_types as types

READERS: dict[str, Callable[[bytes, int], Extracted]] = {
    types.HTML: lambda content, _: html.extract(content),
    types.MARKDOWN: lambda content, _: markdown.extract(content),
    types.WORD: docx.extract,
    types.OPEN_TEXT: open_document.extract,
    types.RICH_TEXT: lambda content, _: rich_text.extract(content),
    types.SLIDES: slides.extract,
    types.SPREADSHEET: spreadsheet.extract,
    types.OLD_SPREADSHEET: spreadsheet.extract,
    types.OPEN_SPREADSHEET: spreadsheet.extract,
    types.CSV: lambda content, _: separated.extract(content),
    types.TSV: lambda content, _: separated.extract(content, "\t"),
    types.EPUB: epub.extract,
    types.MESSAGE: lambda content, most: mail.extract_message(content, _attachments(most)),
    types.MAILBOX: lambda content, most: mail.extract_mailbox(content, _attachments(most)),
    types.RST: lambda content, _: restructured_text.extract(content),
    types.ADOC: lambda content, _: ascii_doc.extract(content),
    types.PLAIN: lambda content, _: plain.extract(content),
    types.SOURCE: lambda content, _: plain.extract(content),
}
RECOGNISING_READERS: dict[str, Callable[[bytes, Recognise | None], Extracted]] = {
    types.PDF: pdf.extract,
    types.PNG: pictures.extract,
    types.JPEG: pictures.extract,
    types.TIFF: pictures.extract,
}
_NOT_ATTACHED = frozenset((types.MESSAGE, types.MAILBOX))
"""Messages within messages are read by the reader of messages, to a bounded depth."""


def extract(
    media_type: str, content: bytes, most_bytes: int, recognise: Recognise | None = None
) -> Extracted:
    """Return the text of a file; ``most_bytes`` bounds what an archive may unpack to.

    With a recogniser, the text in pictures is read too. Raise `UnreadableFileError` for a file that
    cannot be read.
    """
    if media_type in RECOGNISING_READERS:
        return RECOGNISING_READERS[media_type](content, recognise)
    return READERS[media_type](content, most_bytes)


def draw(media_type: str, content: bytes, number: int, text: str) -> DrawnPage:
    """Return a page of a PDF, with the places of its text, or a picture as it is shown.

    Raise `UnreadableFileError` if it cannot be drawn.
    """
    if media_type == types.PDF:
        return draw_page(content, number, text)
    return pictures.draw_picture(content, number)


def _attachments(most_bytes: int) -> mail.ReadAttachment:
    """Return what reads an attachment of a message."""

    def read(name: str, content: bytes) -> str:
        media_type = types.MEDIA_TYPES.get(PurePath(name).suffix.lower(), "")
        if not media_type or media_type in _NOT_ATTACHED:
            return ""
        try:
            return extract(media_type, content, most_bytes).text
        except UnreadableFileError:
            return ""

    return read
