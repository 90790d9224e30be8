from html import escape

import pytest

from assistant.ingestion.formats.docx_styles import Styles
from assistant.ingestion.formats.docx_text import text_of
from assistant.ingestion.formats.open_xml import parse

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
STYLES = f"""<w:styles {SPACES}>
<w:style w:styleId="Power"><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:styleId="Old"><w:basedOn w:val="Older"/></w:style>
<w:style w:styleId="Older"><w:rPr><w:strike/></w:rPr></w:style>
</w:styles>"""


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def field(inside: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{inside}</w:ffData></w:fldChar></w:r>'


RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'
OLD = '<w:rStyle w:val="Old"/>'


def instruction(text: str, result: str = "") -> str:
    """A field by its instruction."""
    signs = [
        f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")
    ]
    return f"{signs[0]}<w:r><w:instrText>{escape(text)}</w:instrText></w:r>{signs[1]}{result}{signs[2]}"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (run("10") + run("6", RAISED) + run(" units"), "10⁶ units"),
        (run("10") + run("-", RAISED) + run("12", RAISED), "10⁻¹²"),
        (run("21") + run("s", RAISED) + run("t", RAISED), "21st"),
        (run("CO") + run("2", LOWERED), "CO₂"),
        (run("2") + run("8", '<w:rStyle w:val="Power"/>'), "2⁸"),
        (run("m") + run("3", '<w:position w:val="6"/>'), "m³"),
        (run("x") + run("1", '<w:position w:val="-6"/>'), "x₁"),
        (run("890 ", "<w:strike/>") + run("640"), "640"),
        (run("890 ", "<w:dstrike/>") + run("640"), "640"),
        (run("890 ", OLD) + run("640"), "640"),
        (run("890 ", f'{OLD}<w:strike w:val="0"/>') + run("640"), "890 640"),
        (run("5 ") + run("m", '<w:rFonts w:ascii="Symbol"/>') + run("m"), "5 µm"),
        (run("p") + '<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>' + run("3"), "p≥3"),
        (run("a") + '<w:r><w:sym w:font="Symbol" w:char="oops"/></w:r>' + run("b"), "ab"),
        (run("Brakes") + field("<w:checkBox><w:checked/></w:checkBox>"), "Brakes ☒ "),
        (run("5 ") + instruction('SYMBOL 109 \\f "Symbol" \\s 12') + run("m"), "5 µm"),
        (instruction(" SYMBOL 0xB3 \\f Symbol ") + run(" 3"), "≥ 3"),
        (instruction("SYMBOL 181 \\h") + instruction("SYMBOL 999999"), "µ"),
        (instruction("SYMBOL 109 \\f Symbol", run("shown")) + instruction("PAGE"), "shown"),
        (run("Lights") + field('<w:checkBox><w:default w:val="0"/></w:checkBox>'), "Lights ☐ "),
        (
            field('<w:ddList><w:result w:val="1"/><w:listEntry w:val="S"/><w:listEntry w:val="L"/></w:ddList>'),
            "L",
        ),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run("Click here to enter a date.") + "</w:sdtContent></w:sdt>" + run("12 May"),
            "12 May",
        ),
        (
            "<m:oMath><m:r><m:t>E=m</m:t></m:r><m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e>"
            "<m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>",
            "E=mc²",
        ),
        (
            "<m:oMath><m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r>"
            "</m:den></m:f></m:oMath>",
            "(a+b)/2",
        ),
        ('<w:r><w:drawing><wp:docPr descr="Map of the three zones"/></w:drawing></w:r>', " [Map of the three zones] "),
        ('<w:r><w:drawing><wp:docPr descr="logo"/></w:drawing></w:r>', ""),
        ("<w:r><w:ruby><w:rt>" + run("kan") + "</w:rt><w:rubyBase>" + run("漢") + "</w:rubyBase></w:ruby></w:r>", "漢"),
    ],
)  # fmt: skip
def test_a_paragraph_is_what_word_shows(inside: str, text: str) -> None:
    paragraph = parse(f"<w:p {SPACES}>{inside}</w:p>".encode())
    assert text_of(paragraph, Styles(parse(STYLES.encode()))) == text
