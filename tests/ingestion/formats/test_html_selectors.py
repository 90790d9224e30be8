import re
import time

import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html_selectors import StyleSheets

COLOUR = re.compile("color")


def colour_of(sheet: str, body: str) -> str:
    """The declarations for the element with the id "it"."""
    root = lxml_html.document_fromstring(f"<style>{sheet}</style><body>{body}</body>")
    return StyleSheets(root, COLOUR).of(root.get_element_by_id("it"))


@pytest.mark.parametrize(
    ("sheet", "declared"),
    [
        ("b{color:red}", "color:red"),
        ("#it{color:red} .c{color:blue} b{color:green}", "color:green;color:blue;color:red"),
        (".c.d{color:red}", "color:red"),
        (".c.e{color:red}", ""),
        ("div.x b{color:red}", "color:red"),
        ("div > b{color:red}", ""),
        (".x>p>b{color:red}", "color:red"),
        ("i b{color:red}", ""),
        ("*{color:red}", "color:red"),
        ("b:hover, b::before, b + b, b[id]{color:red}", ""),
        ("b{margin:0}", ""),
        ("@media print{b{color:red}}", ""),
        ("> b{color:red}", ""),
        ("b >{color:red}", ""),
        (f"{' b' * 50}{{color:red}}", ""),
    ],
)
def test_rules_hold_for_what_their_selectors_name(sheet: str, declared: str) -> None:
    assert colour_of(sheet, "<div class=x><p><b id=it class='c d'>t</b></p></div>") == declared


def test_many_rules_about_the_surroundings_of_many_elements_take_no_time() -> None:
    rules = "".join(f".n{number} b{{color:red}}" for number in range(2_000))
    root = lxml_html.document_fromstring(
        f"<style>{rules}</style>{'<div>' * 100}{'<b>t</b>' * 2_000}"
    )
    sheets = StyleSheets(root, COLOUR)
    started = time.process_time()
    assert {sheets.of(element) for element in root.iter("b")} == {""}
    assert time.process_time() - started < 10
