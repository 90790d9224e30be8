import io
import zipfile

import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.slides import extract
from assistant.text.table_structure import HEAD_MARK
from tests.ingestion.formats.files import zipped

P = "http://schemas.openxmlformats.org/presentationml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
SPACES = f'xmlns:p="{P}" xmlns:a="{A}" xmlns:r="{R}"'


def shape(placeholder: str | None, *paragraphs: str) -> str:
    kind = (
        ""
        if placeholder is None
        else f'<p:nvSpPr><p:nvPr><p:ph type="{placeholder}"/></p:nvPr></p:nvSpPr>'
    )
    return f"<p:sp>{kind}<p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def line(text: str, properties: str = "", look: str = "") -> str:
    return f"<a:p>{properties}<a:r>{look}<a:t>{text}</a:t></a:r></a:p>"


def slide(*shapes: str, state: str = "") -> str:
    return (
        f"<p:sld {SPACES} {state}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>"
    )


def related(*targets: tuple[str, str]) -> str:
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'


def presentation(*slides: str, notes: str = "") -> bytes:
    listed = "".join(f'<p:sldId id="{n}" r:id="r{n}"/>' for n in range(1, len(slides) + 1))
    parts = {
        "_rels/.rels": related(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {SPACES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": related(
            *(("slide", f"slides/slide{n}.xml") for n in range(1, len(slides) + 1))
        ),
        **{f"ppt/slides/slide{n}.xml": text for n, text in enumerate(slides, start=1)},
    }
    if notes:
        parts["ppt/slides/_rels/slide1.xml.rels"] = related(("notesSlide", "../notesSlides/n1.xml"))
        parts["ppt/notesSlides/n1.xml"] = slide(shape("sldImg"), shape("body", line(notes)))
    return zipped(parts)


def with_parts(content: bytes, parts: dict[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        known = {name: archive.read(name).decode() for name in archive.namelist()}
    return zipped({**known, **parts})


TABLE = (
    "<p:graphicFrame><a:graphic><a:graphicData><a:tbl>"
    '<a:tr><a:tc rowSpan="2"><a:txBody><a:p><a:r><a:t>Summer</a:t></a:r></a:p></a:txBody></a:tc>'
    "<a:tc><a:txBody><a:p><a:r><a:t>95</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    '<a:tr><a:tc vMerge="1"><a:txBody><a:p/></a:txBody></a:tc>'
    "<a:tc><a:txBody><a:p><a:r><a:t>140</a:t></a:r></a:p></a:txBody></a:tc></a:tr>"
    "</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
)


def test_slides_are_titles_lists_tables_and_notes_in_order() -> None:
    number = '<a:pPr><a:buAutoNum type="alphaLcParenR"/></a:pPr>'
    first = slide(
        shape("sldNum", line("1")),
        shape("body", line("fish"), line("crabs", '<a:pPr lvl="1"/>')),
        shape("title", line("Diet")),
        shape(None, line("dive", number), line("eat", number), line("Plain.")),
    )
    found = extract(presentation(first, slide(TABLE), notes="Say it slowly."), 1_000_000)
    assert found.text == (
        "# Diet\n\n- fish\n  - crabs\n\na) dive\nb) eat\n\nPlain.\n\nSay it slowly.\n\n"
        "| Summer | 95 |\n| Summer | 140 |\n"
    )
    assert [name for _, name in found.places] == ["slide 1", "slide 1, notes", "slide 2"]
    assert found.title == "Diet"


def test_hidden_slides_are_left_out_and_keep_their_number() -> None:
    found = extract(
        presentation(slide(shape(None, line("Gone.")), state='show="0"'), slide(shape(None, line("Shown.")))),
        1_000_000,
    )  # fmt: skip
    assert (found.text, found.places) == ("Shown.\n", ((0, "slide 2"),))


@pytest.mark.parametrize(
    ("look", "text"),
    [
        ('<a:rPr baseline="30000"/>', "10⁶"),
        ('<a:rPr baseline="-25000"/>', "10₆"),
        ('<a:rPr strike="sngStrike"/>', "10"),
        ('<a:rPr strike="noStrike" baseline="0"/>', "106"),
    ],
)
def test_raised_lowered_and_struck_text_is_told(look: str, text: str) -> None:
    paragraph = f"<a:p><a:r><a:t>10</a:t></a:r><a:r>{look}<a:t>6</a:t></a:r></a:p>"
    assert extract(presentation(slide(shape(None, paragraph))), 1_000_000).text == f"{text}\n"


def test_a_broken_slide_costs_only_itself() -> None:
    content = presentation(slide(shape(None, line("First"))), slide(shape(None, line("Second"))))
    found = extract(with_parts(content, {"ppt/slides/slide1.xml": "<broken"}), 1_000_000)
    assert "Second" in found.text
    assert "slide 1: left out as missing or broken" in found.decisions
    assert found.notes == ("ppt/slides/slide1.xml: broken",)


def test_what_is_no_presentation_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        extract(zipped({"a": "b"}), 1_000)


def test_the_first_row_names_the_columns_where_the_table_says_so() -> None:
    table = TABLE.replace("<a:tbl>", '<a:tbl><a:tblPr firstRow="1"/>')
    text = extract(presentation(slide(table)), 1_000_000).text
    assert text == f"{HEAD_MARK}| Summer | 95 |\n| Summer | 140 |\n"
