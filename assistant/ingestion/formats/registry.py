"""Which reader reads which media type; importing this imports every parser."""

from collections.abc import Callable

from assistant.ingestion.formats import Extracted, docx, html, markdown, pdf
from assistant.text.media_types import HTML, MARKDOWN, PDF, WORD

READERS: dict[str, Callable[[bytes, int], Extracted]] = {
    HTML: lambda content, _: html.extract(content),
    MARKDOWN: lambda content, _: markdown.extract(content),
    PDF: lambda content, _: pdf.extract(content),
    WORD: docx.extract,
}


def extract(media_type: str, content: bytes, most_bytes: int) -> Extracted:
    """Return the text of a file; ``most_bytes`` bounds what an archive may unpack to.

    Raise `UnreadableFileError` for a file that cannot be read.
    """
    return READERS[media_type](content, most_bytes)
