"""Plain text and Markdown: the bytes are the text, once their encoding is known."""

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.encodings import decode_as, find_encoding


def extract(content: bytes) -> Extracted:
    """Return the text of a plain-text file, without what nobody sees of it."""
    return Extracted(decode(content))


def decode(content: bytes) -> str:
    """Return the text of a plain-text file, in Unicode or an older encoding.

    Raise `UnreadableFileError` for what is not text.
    """
    mark, encoding = find_encoding(content)
    return decode_as(content[len(mark) :], encoding)
