import pytest

from assistant.ingestion.formats.docx import extract
from assistant.ingestion.formats.embedded import embedded_text
from tests.ingestion.formats.files import word_of_xml

ARCHIVE = b"""MIME-Version: 1.0
Content-Type: multipart/related; boundary="x"

--x
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: quoted-printable

<p>It costs 4 =E2=82=AC.</p>
--x--
"""


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("word/afchunk.html", b"<h1>Fees</h1><p>It costs <b>4</b> euros.", "# Fees\n\nIt costs 4 euros.\n"),
        ("word/afchunk.mht", ARCHIVE, "It costs 4 €.\n"),
        ("word/afchunk.TXT", b"It costs 4.\n# no heading", "It costs 4.\n\u2060# no heading"),
        ("word/afchunk.rtf", b"{\\rtf1 It costs 4.\\par}", "It costs 4.\n"),
        ("word/picture.bin", b"\0\1\2", ""),
        ("word/afchunk.txt", b"\0\1\2", ""),
    ],
)  # fmt: skip
def test_the_text_of_an_embedded_file_is_found(name: str, content: bytes, text: str) -> None:
    assert embedded_text(name, content) == text


def test_an_embedded_page_is_read_where_it_is_in_the_document() -> None:
    body = (
        '<w:p><w:r><w:t>Before.</w:t></w:r></w:p><w:altChunk r:id="r0"/><w:altChunk r:id="none"/>'
        "<w:p><w:r><w:t>After.</w:t></w:r></w:p>"
    )
    content = word_of_xml(body, parts={"word/afchunk.htm": b"<p>Inside it costs 4 euros.</p>"})
    assert extract(content, 1_000_000).text == "Before.\n\nInside it costs 4 euros.\n\nAfter.\n"
