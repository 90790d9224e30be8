import docx.document
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.docx import extract
from tests.ingestion.formats.files import (
    saved,
    with_part,
    word,
    word_bomb,
    word_of_xml,
    word_with_entities,
)

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


def test_text_boxes_and_notes_follow_what_they_belong_to() -> None:
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = "<w:txbxContent><w:p><w:r><w:t>Boxed.</w:t></w:r></w:p></w:txbxContent>"
    note = '<w:r><w:footnoteReference w:id="{}"/></w:r>'
    body = (
        f"<w:p><w:r><w:t>It rains</w:t></w:r>{note.format(2)}{note.format(3)}"
        f'<w:r><mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice><w:drawing>{box}</w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        f"<w:r><w:t> often.</w:t></w:r><w:del>{note.format(4)}</w:del></w:p>"
        '<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t><w:endnoteReference w:id="2"/></w:r>'
        f"<w:r><w:drawing>{box}</w:drawing></w:r></w:p>"
        "</w:tc></w:tr></w:tbl><w:p><w:r><w:t>Then not.</w:t></w:r></w:p>"
    )
    document = docx.Document()
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:footnoteRef/><w:t>{text}</w:t></w:r>{more}</w:p>'
        "</w:footnote>"
        for number, text, more in (
            (0, "separator", ""),
            (2, "On 200 days.", note.format(2)),  # it refers to itself
            (4, "Deleted.", ""),
        )
    )
    endnote = '<w:endnote w:id="2"><w:p><w:r><w:t>Of the end.</w:t></w:r></w:p></w:endnote>'
    for name, inside in (("footnotes", notes), ("endnotes", endnote)):
        add_part(document, name, f"<w:{name} {W}>{inside}</w:{name}>")
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    content = with_part(saved(document), "word/document.xml", xml.encode())
    paragraphs = ["It rains often.", "On 200 days.", "Boxed."]
    paragraphs += ["| Cell |", "Of the end.", "Boxed.", "Then not."]
    assert extract(content, MOST).text == "\n\n".join(paragraphs) + "\n"


def test_a_long_chain_of_notes_is_read_to_its_end() -> None:
    count = 5_000
    document = docx.Document()
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>Note {number}.</w:t>'
        f'<w:footnoteReference w:id="{number + 1}"/></w:r></w:p></w:footnote>'
        for number in range(count)
    )
    add_part(document, "footnotes", f"<w:footnotes {W}>{notes}</w:footnotes>")
    body = '<w:p><w:r><w:t>Begin.</w:t><w:footnoteReference w:id="0"/></w:r></w:p>'
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    text = extract(with_part(saved(document), "word/document.xml", xml.encode()), MOST).text
    assert text.startswith("Begin.\n\nNote 0.\n\nNote 1.\n")
    assert text.endswith(f"Note {count - 1}.\n")


def test_of_two_forms_of_the_same_text_one_is_read() -> None:
    compatible = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    run = "<w:r><w:t>5 °C</w:t></w:r>"
    body = (
        f'<w:p><mc:AlternateContent xmlns:mc="{compatible}"><mc:Choice>{run}</mc:Choice>'
        f"<mc:Fallback>{run}</mc:Fallback></mc:AlternateContent></w:p>"
    )
    xml = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    content = with_part(word("T", []), "word/document.xml", xml.encode())
    assert extract(content, MOST).text == "5 °C\n"


def test_broken_notes_are_told_of() -> None:
    document = docx.Document()
    document.add_paragraph("Text.")
    add_part(document, "footnotes", "<w:foot")
    found = extract(saved(document), MOST)
    assert (found.text, found.notes) == ("Text.\n", ("word/footnotes.xml: broken",))


def add_part(document: docx.document.Document, name: str, xml: str) -> None:
    """A part of a document that python-docx knows nothing of."""
    kind = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{name}+xml"
    part = Part(PackURI(f"/word/{name}.xml"), kind, xml.encode(), document.part.package)
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{name}"
    document.part.relate_to(part, relation)


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
    [("word/document.xml", b"<w:doc"), ("word/document.xml", b"")],
)
def test_a_document_with_a_broken_part_is_refused(name: str, part: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        extract(with_part(word("T", ["Text."]), name, part), MOST)


def test_what_a_field_prompts_for_is_no_text() -> None:
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    words = "<w:p><w:r><w:t>Click to enter</w:t></w:r></w:p>"
    shown = "<w:p><w:r><w:t>Shown.</w:t></w:r></w:p>"
    cell = f"<w:tc>{prompt.format(words)}{shown}</w:tc>"
    table = f"<w:tbl><w:tr>{cell}{cell}</w:tr><w:tr>{cell}{cell}</w:tr></w:tbl>"
    text = extract(word_of_xml(f"{prompt.format(words)}{shown}{table}"), 1_000_000).text
    assert text == "Shown.\n\n| Shown. | Shown. |\n| Shown. | Shown. |\n"
