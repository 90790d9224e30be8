import pytest
from lxml import etree

from assistant.ingestion.formats.charts import chart_rows
from assistant.ingestion.formats.docx import extract as extract_word
from assistant.ingestion.formats.slides import extract as extract_slides
from assistant.text.table_structure import HEAD_MARK
from tests.ingestion.formats.files import word_of_xml
from tests.ingestion.formats.test_slides import (
    line,
    presentation,
    related,
    shape,
    slide,
    with_parts,
)

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def points(*texts: str, code: str = "") -> str:
    found = "".join(
        f'<c:pt idx="{n}"><c:v>{text}</c:v></c:pt>' for n, text in enumerate(texts) if text
    )
    return (
        f"<c:numRef><c:numCache><c:formatCode>{code}</c:formatCode>{found}</c:numCache></c:numRef>"
    )


def chart(*series: str, title: str = "") -> str:
    words = f"<c:title><a:t>{title}</a:t></c:title>" if title else ""
    return (
        f'<c:chartSpace xmlns:c="{C}" xmlns:a="urn:a"><c:chart>{words}<c:plotArea><c:barChart>'
        f"{''.join(series)}</c:barChart></c:plotArea></c:chart></c:chartSpace>"
    )


def series(name: str, years: str, values: str) -> str:
    return f"<c:ser><c:tx><c:v>{name}</c:v></c:tx><c:cat>{years}</c:cat><c:val>{values}</c:val></c:ser>"


SALES = chart(
    series("Hull", points("2022", "2023"), points("0.1", "0.25", code="0%")),
    series("York", points("2022", "2023"), points("", "7")),
    title="Sales by town",
)
ROWS = f"Sales by town\n\n{HEAD_MARK}|  | Hull | York |\n| 2022 | 10% |  |\n| 2023 | 25% | 7 |"
FRAME = f'<c:chart xmlns:c="{C}" r:id="{{}}"/>'


@pytest.mark.parametrize(
    ("xml", "rows"),
    [
        (SALES, [["", "Hull", "York"], ["2022", "10%", ""], ["2023", "25%", "7"]]),
        (chart(), []),
        (chart("<c:ser/>"), []),
        (
            chart("<c:ser><c:xVal><c:pt idx='0'><c:v>1</c:v></c:pt></c:xVal><c:yVal><c:pt idx='0'><c:v>2</c:v></c:pt></c:yVal></c:ser>"),
            [["", ""], ["1", "2"]],
        ),
        (chart(series("A", points("x"), "<c:pt idx='-1'><c:v>2</c:v></c:pt><c:pt/>")), [["", "A"], ["x", ""]]),
    ],
)  # fmt: skip
def test_a_chart_is_a_table_of_its_series(xml: str, rows: list[list[str]]) -> None:
    assert chart_rows(etree.fromstring(xml)) == rows


def test_the_charts_of_slides_and_word_documents_are_read() -> None:
    frame = f"<p:graphicFrame>{FRAME.format('r1')}</p:graphicFrame>"
    content = presentation(slide(shape("title", line("Sales")), frame))
    parts = {
        "ppt/slides/_rels/slide1.xml.rels": related(("chart", "../charts/c.xml")),
        "ppt/charts/c.xml": SALES,
    }
    assert extract_slides(with_parts(content, parts), 1_000_000).text == f"# Sales\n\n{ROWS}\n"
    body = f"<w:p><w:r><w:t>Here:</w:t></w:r><w:r><w:drawing>{FRAME.format('r0')}</w:drawing></w:r></w:p>"
    word = word_of_xml(body, parts={"word/charts/c.xml": SALES.encode()})
    assert extract_word(word, 1_000_000).text == f"Here:\n\n{ROWS}\n"


def test_a_chart_that_is_missing_costs_nothing() -> None:
    frame = f"<p:graphicFrame>{FRAME.format('r9')}</p:graphicFrame>"
    content = presentation(slide(shape("title", line("Sales")), frame))
    assert extract_slides(content, 1_000_000).text == "# Sales\n"
