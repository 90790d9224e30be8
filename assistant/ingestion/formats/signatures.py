"""Tell by a file's first bytes what it is, so that a wrong ending of its name is named as such."""

from assistant.ingestion.formats import UnreadableFileError
from assistant.text.media_types import (
    ARCHIVES,
    EPUB,
    JPEG,
    MEDIA_TYPES,
    OLD_SPREADSHEET,
    OPEN_SPREADSHEET,
    OPEN_TEXT,
    PDF,
    PICTURES,
    PNG,
    RICH_TEXT,
    SLIDES,
    SPREADSHEET,
    TIFF,
    WORD,
)

_HEAD = 1024
_RICH_TEXT = "RTF"
_OLD_OFFICE = "a file of an older Office, such as .doc"
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, such as .docx or .xlsx"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"{\\rtf", _RICH_TEXT),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)
_KINDS = {
    RICH_TEXT: "a file in Rich Text Format",
    PDF: "a PDF",
    WORD: "a Word document",
    SLIDES: "a presentation",
    SPREADSHEET: "a workbook",
    OLD_SPREADSHEET: "a workbook",
    OPEN_SPREADSHEET: "a workbook",
    OPEN_TEXT: "a text document",
    EPUB: "a book",
    PNG: "a PNG image",
    JPEG: "a JPEG image",
    TIFF: "a TIFF image",
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_signature(ending: str, content: bytes) -> None:
    """Raise `UnreadableFileError` if the bytes are not what the ending of the file's name says."""
    media_type, head = MEDIA_TYPES[ending], content[:_HEAD]
    found = next((name for mark, name in _SIGNATURES if head.startswith(mark)), "")
    if _is_as_named(media_type, found, head):
        return
    if media_type in ARCHIVES and found and _ENCRYPTED in content:
        raise UnreadableFileError("it is encrypted; save it without its password to have it read")
    if found:
        raise UnreadableFileError(f"its name ends in {ending}, but it is {found}")
    if media_type in _KINDS:
        raise UnreadableFileError(
            f"it is not {_KINDS[media_type]}, although its name ends in {ending}"
        )


def _is_as_named(media_type: str, found: str, head: bytes) -> bool:
    if media_type == PDF:
        return b"%PDF-" in head
    if media_type == OLD_SPREADSHEET:
        return found == _OLD_OFFICE or "ZIP" in found
    if media_type == RICH_TEXT:
        return found == _RICH_TEXT
    if media_type in PICTURES:
        return found == _KINDS[media_type]
    return media_type in ARCHIVES and "ZIP" in found
