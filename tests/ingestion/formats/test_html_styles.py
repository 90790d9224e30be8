import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_styles import PageStyles


def styles_of(sheet: str, element: str) -> tuple[PageStyles, lxml_html.HtmlElement]:
    root = lxml_html.document_fromstring(f"<style>{sheet}</style><body>{element}</body>")
    return PageStyles(root), root.find("body")[0]


@pytest.mark.parametrize(
    ("sheet", "element", "is_block"),
    [
        (".a, span.b { display: block }", "<span class='x b'>t</span>", True),
        (".a { display: block } .a { display: inline }", "<span class=a>t</span>", False),
        (".a { display: block }", "<span class=a style='display:inline'>t</span>", False),
        ("@media print { .a { display: block } } .b { color: red }", "<span class=a>t</span>", False),
        (".menu .a { display: block }", "<span class=a>t</span>", False),
        ("/* .a { display: block } */", "<span class=a>t</span>", False),
        ("", "<span style='display:flex'>t</span>", True),
    ],
)  # fmt: skip
def test_the_styles_of_a_page_count_for_their_classes(
    sheet: str, element: str, is_block: bool
) -> None:
    styles, found = styles_of(sheet, element)
    assert styles.is_block(found) == is_block


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<style>.up{vertical-align:super}</style><p>10<span class=up>6</span> units</p>", "10⁶ units\n"),
        ("<p>H<span style='vertical-align:sub'>2</span>O</p>", "H₂O\n"),
        ("<style>.label{display:block}</style><div><span class=label>Price</span><span>40 €</span></div>", "Price\n\n40 €\n"),
        ("<style>.gone{display:none}</style><p class=gone>9 €</p><p>8 €</p>", "8 €\n"),
        ("<style>.gone{display:none}</style><p class=gone>9 €</p><p>8 €</p><script>s()</script>", "9 €\n\n8 €\n"),
        ("<style>.c{display:inline-block}</style><p><i class=c>12</i><i class=c>95</i></p>", "12 95\n"),
    ],
)  # fmt: skip
def test_a_page_is_read_as_its_styles_show_it(page: str, text: str) -> None:
    assert extract(page.encode()).text == text


@pytest.mark.parametrize("part", ["a", "a{", "}", "/*", "/**"])
def test_a_sheet_that_is_not_closed_takes_no_time(part: str) -> None:
    styles, element = styles_of(f".x {{display: block}}{part * 150_000}", '<p class="x">a</p>')
    assert "display: block" in styles.of(element)
