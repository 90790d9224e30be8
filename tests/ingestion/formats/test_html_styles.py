import time

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
        ("body .a { display: block }", "<span class=a>t</span>", True),
        ("#x { display: block } .a { display: inline }", "<span class=a id=x>t</span>", True),
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
        ("<p>10<span style='position:relative;top:-0.5em'>6</span> units</p>", "10⁶ units\n"),
        ("<p>10<span style='position: relative; bottom: 6px'>6</span> units</p>", "10⁶ units\n"),
        ("<p>H<span style='position:relative;top:.3em'>2</span>O</p>", "H₂O\n"),
        ("<p>10<span style='vertical-align:0.4em'>6</span> units</p>", "10⁶ units\n"),
        ("<p>10<span style='vertical-align:top;font-size:x-small'>6</span> units</p>", "10⁶ units\n"),
        ("<style>p .e{vertical-align:50%}</style><p>10<i class=e>6</i> units</p>", "10⁶ units\n"),
        ("<p>In <span style='position:relative;top:-1px'>1998</span>.</p>", "In 1998.\n"),
        ("<div style='position:relative;top:-1em'>1998</div><p>a</p>", "1998\n\na\n"),
        ("<p><span style='vertical-align:9.9.9em'>6</span></p>", "6\n"),
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


def test_a_page_that_repeats_its_classes_takes_no_time() -> None:
    classes = " ".join(["a"] * 200)
    page = f"<style>.a {{display: inline}}</style>{f'<b class={classes!r}>t</b> ' * 2_000}"
    started = time.process_time()
    assert extract(page.encode()).text.startswith("t t")
    assert time.process_time() - started < 3
