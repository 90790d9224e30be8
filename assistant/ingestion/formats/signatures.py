"""Tell by a file's first bytes what it is, so that a wrong ending of its name is named as such."""

from assistant.ingestion.formats import UnreadableFileError
from assistant.text.media_types import MEDIA_TYPES, PDF, WORD

_HEAD = 1024
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive, such as .docx or .xlsx"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a file of an older Office, such as .doc"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def check_signature(ending: str, content: bytes) -> None:
    """Raise `UnreadableFileError` if the bytes are not what the ending of the file's name says."""
    media_type, head = MEDIA_TYPES[ending], content[:_HEAD]
    found = next((name for mark, name in _SIGNATURES if head.startswith(mark)), "")
    if (media_type == PDF and b"%PDF-" in head) or (media_type == WORD and "ZIP" in found):
        return
    if media_type == WORD and found and _ENCRYPTED in content:
        raise UnreadableFileError("it is encrypted; save it without its password to have it read")
    if found:
        raise UnreadableFileError(f"its name ends in {ending}, but it is {found}")
    if media_type in (PDF, WORD):
        kind = "PDF" if media_type == PDF else "Word document"
        raise UnreadableFileError(f"it is not a {kind}, although its name ends in {ending}")
