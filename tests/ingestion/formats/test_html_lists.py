import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_lists import ListNumbers
from assistant.ingestion.formats.html_styles import PageStyles


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<ol type=a start=4><li>x<li value=9>y<li>z</ol>", "d. x\ni. y\nj. z"),
        ("<ol type=i><li>x<li>y</ol>", "i. x\nii. y"),
        ("<ol style='list-style-type: lower-latin'><li>x</ol>", "a. x"),
        ("<style>.r{list-style:lower-roman}</style><ol class=r start=3><li>x</ol>", "iii. x"),
        ("<ol reversed><li>x<li>y</ol>", "2. x\n1. y"),
        ("<ol reversed start=10><li>x<li>y</ol>", "10. x\n9. y"),
        ("<ol><li>x<ol type=a><li>deep</ol><li>y</ol>", "1. x\n  a. deep\n2. y"),
        ("<ul type=a><li>x</ul>", "- x"),
        ("<ol type=A><li>x</ol>", "A. x"),
    ],
)
def test_items_have_the_numbers_that_a_browser_shows(page: str, text: str) -> None:
    assert extract(page.encode()).text.strip() == text


def test_a_list_without_numbers_has_bullets() -> None:
    element = lxml_html.fragment_fromstring("<ul><li>x</ul>")
    assert ListNumbers(element, PageStyles(element)).next_mark(element[0], "•") == "•"
