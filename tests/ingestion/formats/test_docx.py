import docx
import pytest
from docx.oxml import parse_xml

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.docx import extract
from tests.ingestion.formats.files import saved, with_part, word, word_bomb, word_with_entities

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MOST = 100_000_000

TEXT = """# The otter

## Diet

Otters eat fish.
And crabs.

- soup
- bread
  - old bread
1. dive
2. eat

| Name | Weight |
| Old otter | 12 kg |

### Young

\u2060# of pups
"""


def test_a_document_is_its_headings_paragraphs_lists_and_tables() -> None:
    document = docx.Document()
    document.add_heading("The otter", 1)
    document.add_heading("Diet", 2)
    document.add_paragraph("Otters eat\tfish.\nAnd   crabs.")
    document.add_paragraph("soup", style="List Bullet")
    document.add_paragraph("bread", style="List Bullet")
    nested = document.add_paragraph("old bread", style="List Bullet")
    nested._p.get_or_add_pPr().insert(1, parse_xml(f'<w:numPr {W}><w:ilvl w:val="1"/></w:numPr>'))
    document.add_paragraph("dive", style="List Number")
    document.add_paragraph("eat", style="List Number")
    table = document.add_table(2, 2)
    for row, cells in enumerate([["Name", "Weight"], ["Old\notter", "12 kg"]]):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = cell
    document.add_heading("Young", 3)
    document.add_paragraph("")
    document.add_paragraph("# of pups")
    found = extract(saved(document), MOST)
    assert found.text == TEXT
    assert found.title == "The otter"


def test_tracked_changes_fields_and_content_controls_are_read_as_they_would_be_shown() -> None:
    body = (
        "<w:p><w:r><w:t>It was </w:t></w:r><w:ins><w:r><w:t>gladly </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>never </w:delText></w:r></w:del><w:r><w:t>accepted on </w:t></w:r>"
        "<w:r><w:instrText>DATE</w:instrText></w:r><w:r><w:t>1 May</w:t></w:r></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:hyperlink><w:r><w:t>In a control.</w:t></w:r></w:hyperlink>"
        "</w:p></w:sdtContent></w:sdt>"
    )
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    content = with_part(word("T", []), "word/document.xml", xml.encode())
    assert extract(content, MOST).text == "It was gladly accepted on 1 May\n\nIn a control.\n"


def test_hidden_text_is_left_out_and_formulas_are_read_as_a_line() -> None:
    math = "http://schemas.openxmlformats.org/officeDocument/2006/math"
    body = (
        "<w:p><w:r><w:t>It is </w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>secretly </w:t></w:r>"
        '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>plain: </w:t></w:r>'
        f'<m:oMath xmlns:m="{math}"><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>'
    )
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    content = with_part(word("T", []), "word/document.xml", xml.encode())
    assert extract(content, MOST).text == "It is plain: a+b\n"


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UnreadableFileError, match=r"unpack to 21\d,\d+,\d+ bytes"):
        extract(word_bomb(200), MOST)


def test_entities_are_not_expanded() -> None:
    content = word_with_entities()
    try:
        assert "laughlaugh" not in extract(content, MOST).text
    except UnreadableFileError as error:
        assert "broken" in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("name", "part"),
    [("word/document.xml", b"<w:doc"), ("[Content_Types].xml", b""), ("word/styles.xml", b"no")],
)
def test_a_document_with_a_broken_part_is_refused(name: str, part: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        extract(with_part(word("T", ["Text."]), name, part), MOST)
