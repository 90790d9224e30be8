import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.signatures import check_signature

OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("ending", "content"),
    [
        (".txt", b"Otters."),
        (".md", b"# Otters"),
        (".html", b"<p>Otters."),
        (".txt", b""),
        (".pdf", b"%PDF-1.7"),
        (".pdf", b"\n\n%PDF-1.4"),
        (".docx", b"PK\x03\x04rest"),
    ],
)
def test_a_file_that_is_what_its_name_says_passes(ending: str, content: bytes) -> None:
    check_signature(ending, content)


@pytest.mark.parametrize(
    ("ending", "content", "reason"),
    [
        (".txt", b"%PDF-1.7", "its name ends in .txt, but it is a PDF"),
        (".md", b"{\\rtf1", "its name ends in .md, but it is RTF"),
        (".html", b"\x89PNG\r\n\x1a\n", "its name ends in .html, but it is a PNG image"),
        (".txt", b"\x7fELF", "its name ends in .txt, but it is a program"),
        (".pdf", b"PK\x03\x04", "its name ends in .pdf, but it is a ZIP archive"),
        (".pdf", b"Otters.", "it is not a PDF, although its name ends in .pdf"),
        (".pdf", b" " * 1024 + b"%PDF-", "it is not a PDF, although its name ends in .pdf"),
        (".docx", b"Otters.", "it is not a Word document, although its name ends in .docx"),
        (".docx", OFFICE, "its name ends in .docx, but it is a file of an older Office"),
        (".docx", OFFICE + "EncryptedPackage".encode("utf-16-le"), "it is encrypted"),
    ],
)
def test_a_file_that_is_something_else_is_named_as_such(
    ending: str, content: bytes, reason: str
) -> None:
    with pytest.raises(UnreadableFileError) as raised:
        check_signature(ending, content)
    assert str(raised.value).startswith(reason)
