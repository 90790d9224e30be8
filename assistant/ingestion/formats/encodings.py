"""Find the encoding of files that are text, and decode them."""

import codecs
import re

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.characters import without_controls
from assistant.ingestion.formats.undeclared import guessed_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_BEYOND_ASCII = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_TYPOGRAPHIC = range(0x80, 0xA0)
_REPLACED = "\ufffd"
_FEW = 50
"""Of as many characters, one may be broken in an encoding that is declared."""
_MENDING = "assistant-mending"


def find_encoding(content: bytes) -> tuple[bytes, str]:
    """Return the byte order mark, empty where there is none, and the name of the encoding.

    Raise `UnreadableFileError` for what is not text.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return mark, encoding
    if b"\0" in content and (encoding := _utf16_without_mark(content)):
        return b"", encoding
    if b"\x1b$" in content and _is_whole(content, "iso2022_jp"):
        return b"", "iso2022_jp"
    return b"", "utf-8" if _is_utf8(content) else guessed_encoding(content.replace(b"\0", b""))


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
            is_declared = _is_nearly(content, name)
        except (LookupError, ValueError):
            return mark, encoding
        return mark, name if is_declared else encoding
    return mark, encoding


def decode_as(content: bytes, encoding: str) -> str:
    """Return the text in an encoding, as it is seen: without control characters and terminal codes.

    Raise `UnreadableFileError` for what is not text in it.
    """
    try:
        text = content.decode(encoding, _MENDING if encoding == "utf-8" else "strict")
    except UnicodeDecodeError:
        text = content.decode(encoding, "ignore")
        if not _is_nearly(content, encoding):
            raise UnreadableFileError("it is not text, or in an unknown encoding") from None
    return without_controls(text)


def _is_nearly(content: bytes, encoding: str) -> bool:
    """Return whether bytes are text in an encoding but for a few."""
    text = content.decode(encoding, "replace")
    return text.count(_REPLACED) * _FEW <= len(text)


def _utf16_without_mark(content: bytes) -> str:
    """Return the byte order in which most of the zero bytes are the high halves of Latin letters."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) < len(head) / 8 or min(even, odd) * 4 > max(even, odd):
        return ""
    return "utf-16-be" if even > odd else "utf-16-le"


def _is_whole(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(content: bytes) -> bool:
    """Return whether it is UTF-8, or would be without a few stray bytes."""
    if _is_whole(content, "utf-8"):
        return True
    rest, characters = _BEYOND_ASCII.subn(b"", content)
    return characters > len(_HIGH_BYTE.findall(rest))


def _mended(error: UnicodeError) -> tuple[str, int]:
    """Return what a stray byte in UTF-8 was: a letter of Windows-1252 in a word, else nothing."""
    assert isinstance(error, UnicodeDecodeError)
    content, start, end = error.object, error.start, error.end
    if end - start > 1:  # a character that was cut off
        return "", end
    character = content[start:end].decode("windows-1252", "ignore")
    around = content[max(0, start - 1) : start] + content[end : end + 1]
    if character.isalpha() and re.search(rb"[A-Za-z\x80-\xff]", around):
        return character, end
    return character if content[start] in _TYPOGRAPHIC else "", end


codecs.register_error(_MENDING, _mended)
