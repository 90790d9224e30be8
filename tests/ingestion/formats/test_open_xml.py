import io
import zipfile

import docx
import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.docx import extract
from assistant.ingestion.formats.open_xml import Package, parse
from tests.ingestion.formats.files import saved, with_part, word_of_xml

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def archive(parts: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, part in parts.items():
            zipped.writestr(name, part)
    return file.getvalue()


def related(*relations: str) -> bytes:
    return f'<Relationships xmlns="{RELATIONS}">{"".join(relations)}</Relationships>'.encode()


def test_a_relation_is_resolved_beside_its_part_and_outside_ones_are_left_out() -> None:
    content = archive(
        {
            "word/_rels/document.xml.rels": related(
                f'<Relationship Id="a" Type="{OFFICE}/styles" Target="styles.xml"/>',
                f'<Relationship Id="b" Type="{OFFICE}/image" Target="../media/a.png"/>',
                f'<Relationship Id="c" Type="{OFFICE}/hyperlink" Target="#anchor"/>',
                f'<Relationship Id="d" Type="{OFFICE}/hyperlink" Target="https://a.example" TargetMode="External"/>',
                f'<Relationship Id="e" Type="{OFFICE}/settings" Target="/word/settings.xml"/>',
            ),
            "word\\Styles.xml": b"<styles/>",
        }
    )
    package = Package(content, 1_000_000)
    relations = package.relations("word/document.xml")
    assert {name: relation.target for name, relation in relations.items()} == {
        "a": "word/styles.xml",
        "b": "media/a.png",
        "c": "word",
        "e": "word/settings.xml",
    }
    assert package.xml("word/styles.xml").tag == "styles"
    assert package.bytes("media/a.png") is None
    assert package.related("word/none.xml", "styles") == []


@pytest.mark.parametrize(
    "relation",
    [
        f'<Relationship Id="x" Type="{OFFICE}/image" Target="NULL"/>',
        f'<Relationship Id="x" Type="{OFFICE}/styles" Target="none.xml"/>',
        f'<Relationship Id="x" Type="{OFFICE}/numbering" Target="../../../../etc/passwd"/>',
        f'<Relationship Id="x" Type="{OFFICE}/footnotes" Target="#_Toc1"/>',
        f'<Relationship Id="x" Type="{OFFICE}/hyperlink" Target="mailto:a@b.example" TargetMode="External"/>',
        '<Relationship Id="x"/>',
    ],
)
def test_a_relation_that_leads_nowhere_costs_nothing(relation: str) -> None:
    content = with_part(
        word_of_xml("<w:p><w:r><w:t>Text.</w:t></w:r></w:p>"),
        "word/_rels/document.xml.rels",
        related(relation),
    )
    assert extract(content, 1_000_000).text == "Text.\n"


@pytest.mark.parametrize("part", ["styles", "numbering", "footnotes", "_rels/document.xml.rels"])
@pytest.mark.parametrize("content", [b"", b"<w:styles><broken", b"\x00\xff"])
def test_a_broken_part_beside_the_document_costs_only_itself(part: str, content: bytes) -> None:
    document = with_part(
        word_of_xml("<w:p><w:r><w:t>Text.</w:t></w:r></w:p>"),
        "word/_rels/document.xml.rels",
        related(f'<Relationship Id="x" Type="{OFFICE}/{part}" Target="{part}.xml"/>'),
    )
    name = part if part.endswith(".rels") else f"{part}.xml"
    assert extract(with_part(document, f"word/{name}", content), 1_000_000).text == "Text.\n"


def test_a_package_without_relations_is_read_from_where_word_keeps_its_document() -> None:
    xml = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    xml += "<w:p><w:r><w:t>Text.</w:t></w:r></w:p></w:body></w:document>"
    assert extract(archive({"word/document.xml": xml.encode()}), 1_000_000).text == "Text.\n"


def test_a_package_without_a_document_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="no body"):
        extract(archive({"a.txt": b"text"}), 1_000_000)


@pytest.mark.parametrize("control", [b"\x07", b"\x0c", b"&#7;", b"&#x1F;", b"\x00"])
def test_a_control_character_is_dropped(control: bytes) -> None:
    assert parse(b"<a>31" + control + b" kilos&#x20;</a>").text == "31 kilos "


def test_strict_open_xml_is_read_as_the_transitional_form() -> None:
    root = parse(b'<w:p xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>')
    assert root.tag == "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}p"


def test_the_title_is_that_of_the_properties() -> None:
    document = docx.Document()
    document.core_properties.title = "Terms  of\nsale"
    assert Package(saved(document), 10_000_000).title() == "Terms of sale"
    assert Package(archive({"a": b""}), 1_000).title() == ""
