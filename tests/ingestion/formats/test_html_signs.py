import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html_signs import LINE_BREAK, name_of_sign, shown_of


@pytest.mark.parametrize(
    ("element", "shown"),
    [
        ("<br>", LINE_BREAK),
        ("<q>yes</q>", "“"),
        ("<img alt='Map of the zones'>", " [Map of the zones] "),
        ("<img alt=logo>", ""),
        ("<input type=checkbox checked>", " ☑ "),
        ("<input type=RADIO>", " ○ "),
        ("<input value='12 May'>", " 12 May "),
        ("<input type=password value=x>", ""),
        ("<span>text</span>", ""),
    ],
)
def test_what_is_shown_of_an_element_without_text(element: str, shown: str) -> None:
    assert shown_of(lxml_html.fragment_fromstring(element)) == shown


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("<td><img alt=Yes></td>", "Yes"),
        ("<td><span><i title='not included'></i></span></td>", "not included"),
        ("<td aria-label=No></td>", "No"),
        ("<td><a href=n><img alt=Next></a></td>", ""),
        ("<td></td>", ""),
    ],
)
def test_a_sign_that_is_alone_in_a_cell_has_a_name(cell: str, name: str) -> None:
    page = lxml_html.fragment_fromstring(f"<table><tr>{cell}</tr></table>")
    assert name_of_sign(next(page.iter("td"))) == name
