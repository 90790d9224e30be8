"""Plain text and Markdown: the bytes are the text, once their encoding is known."""

import codecs

from assistant.ingestion.formats import Extracted, UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_CHARACTERS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b")


def extract(content: bytes) -> Extracted:
    """The text of a plain-text file, exactly as it stands there."""
    return Extracted(decode(content))


def decode(content: bytes) -> str:
    """The text of a plain-text file: UTF-8, UTF-16 and UTF-32 with or without mark, Windows-1252.

    Raises `UnreadableFileError` for what is not text.
    """
    mark, encoding = find_encoding(content)
    return decode_as(content[len(mark) :], encoding)


def find_encoding(content: bytes) -> tuple[bytes, str]:
    """The byte order mark, empty where there is none, and the name of the encoding.

    Raises `UnreadableFileError` for what is not text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return mark, encoding
    if b"\0" in content:
        return b"", _utf16_without_mark(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return b"", "windows-1252"
    return b"", "utf-8"


def decode_as(content: bytes, encoding: str) -> str:
    """The text in an encoding. Raises `UnreadableFileError` for what is not text in it."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError("it is not text, or in an unknown encoding") from None
    if not _CONTROL_CHARACTERS.isdisjoint(text):
        raise UnreadableFileError("it is binary, not text")
    return text


def _utf16_without_mark(content: bytes) -> str:
    """The byte order in which most of the zero bytes are the high halves of Latin letters."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < len(head) / 8 or min(even, odd) * 4 > max(even, odd):
        raise UnreadableFileError("it is binary, not text")
    return "utf-16-be" if even > odd else "utf-16-le"
