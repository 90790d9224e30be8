"""Finds the encoding of files that are text, and decodes them."""

import codecs
import re

from assistant.ingestion.formats import UnreadableFileError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL_CHARACTERS = frozenset(map(chr, range(32))) - set("\t\n\r\f\x1b")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096


def find_encoding(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark, empty where there is none, and the name of the encoding.

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


def find_html_encoding(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark and the encoding: that of the mark, else as the page declares it.

    What is UTF-8 with letters beyond ASCII is nothing else, whatever the page declares.
    """
    mark, encoding = find_encoding(content)
    if encoding == "utf-8" and not content.isascii():
        return mark, encoding
    declared = _DECLARED.search(content[:_DECLARED_WITHIN])
    if not mark and declared and not encoding.startswith("utf-16"):
        try:
            name = codecs.lookup(declared[1].decode()).name
            # browsers read Latin-1 and ASCII as Windows-1252
            name = "windows-1252" if name in ("iso8859-1", "ascii") else name
            content.decode(name)
        except (LookupError, ValueError):
            return mark, encoding
        return mark, name
    return mark, encoding


def decode_as(content: bytes, encoding: str) -> str:
    """Return the text in an encoding. Raise `UnreadableFileError` for what is not text in it."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise UnreadableFileError("it is not text, or in an unknown encoding") from None
    if not _CONTROL_CHARACTERS.isdisjoint(text):
        raise UnreadableFileError("it is binary, not text")
    return text


def _utf16_without_mark(content: bytes) -> str:
    """Return the byte order in which most of the zero bytes are the high halves of Latin letters."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < len(head) / 8 or min(even, odd) * 4 > max(even, odd):
        raise UnreadableFileError("it is binary, not text")
    return "utf-16-be" if even > odd else "utf-16-le"
