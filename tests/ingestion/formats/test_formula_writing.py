import pytest
from lxml import etree
from lxml import html as lxml_html

from assistant.ingestion.formats.formula_writing import formula_text

WORD = "http://schemas.openxmlformats.org/officeDocument/2006/math"


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<mi>c</mi><mo>=</mo><msqrt><msup><mi>a</mi><mn>2</mn></msup><mo>+</mo><mn>1</mn></msqrt>", "c=√(a²+1)"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>c</mi></mrow></mfrac>", "(a+b)/(2c)"),
        ("<mn>2</mn><mfrac><mn>1</mn><mn>2</mn></mfrac><msqrt><mn>5</mn></msqrt>", "2 1/2 √5"),
        ("<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup><mroot><mn>8</mn><mn>3</mn></mroot>", "x₁²³√8"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>", "∑ᵢ₌₁ⁿi"),
        ("<mfenced open='['><mi>a</mi><mi>b</mi></mfenced>", "[a,b)"),
        ("<semantics><mi>x</mi><annotation>\\x</annotation></semantics>", "x"),
        ("<mtable><mtr><mtd>1</mtd><mtd>0</mtd></mtr><mtr><mtd>0</mtd><mtd>1</mtd></mtr></mtable>", "[1, 0; 0, 1]"),
        ("<mn>2</mn><mo>\u2062</mo><mi>x</mi>\n  <mo>+</mo> y", "2x+ y"),
        ("<mfrac><mn>1</mn></mfrac>", "1"),
    ],
)  # fmt: skip
def test_a_formula_of_a_page_is_a_line(inside: str, text: str) -> None:
    assert formula_text(lxml_html.fragment_fromstring(f"<math>{inside}</math>")) == text


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2c</m:t></m:r></m:den></m:f>", "(a+b)/(2c)"),
        ("<m:rad><m:radPr><m:degHide/></m:radPr><m:deg/><m:e><m:r><m:t>5</m:t></m:r></m:e></m:rad>", "√5"),
        ("<m:r><m:t>2</m:t></m:r><m:d><m:e><m:r><m:t>a+b</m:t></m:r></m:e></m:d>", "2(a+b)"),
        ("<m:sSubSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sub><m:r><m:t>1</m:t></m:r></m:sub><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSubSup>", "x₁²"),
        ('<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub><m:r><m:t>0</m:t></m:r></m:sub><m:sup/><m:e><m:r><m:t>k</m:t></m:r></m:e></m:nary>', "∑₀ k"),
        ('<m:nary><m:naryPr/><m:sub/><m:sup/><m:e><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub/><m:sup/><m:e><m:r><m:t>x</m:t></m:r></m:e></m:nary></m:e></m:nary>', "∫ ∑ x"),
        ("<m:func><m:fName><m:r><m:t>sin</m:t></m:r></m:fName><m:e><m:r><m:t> x</m:t></m:r></m:e></m:func>", "sin x"),
    ],
)  # fmt: skip
def test_a_formula_of_word_is_a_line(inside: str, text: str) -> None:
    formula = etree.fromstring(f'<m:oMath xmlns:m="{WORD}">{inside}</m:oMath>')
    assert formula_text(formula) == text


def test_a_deep_formula_keeps_its_signs() -> None:
    page = f"<math>{'<mrow>' * 200}<mi>x</mi>{'</mrow>' * 200}</math>"
    assert formula_text(lxml_html.fragment_fromstring(page)) == "x"
