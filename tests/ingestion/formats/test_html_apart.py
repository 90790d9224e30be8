import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_apart import is_apart


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<li><span>Weight</span><span>2.3 kg</span></li>", "Weight 2.3 kg"),
        ("<div><b>Rooms</b><span>4</span><span>€ 95</span></div>", "Rooms 4 € 95"),
        ("<div><strong>Volt:</strong><em>18 V</em></div>", "Volt: 18 V"),
        ("<div><a href=a>Prices</a><a href=b>Rules</a> here</div>", "PricesRules here"),
        ("<div><span>12</span><span>.50</span></div>", "12.50"),
        ("<div><span>M</span><span>arlowe</span></div>", "Marlowe"),
        ("<div>See <span>Assis</span><span>tant</span></div>", "See Assistant"),
        ("<div><code><span>foo</span><span>1</span></code></div>", "foo1"),
        ("<div><span>serve</span><span>(port)</span></div>", "serve(port)"),
        ("<div><span>one </span><span>two</span></div>", "one two"),
        ("<h2><span>Kit</span><span>ten</span></h2>", "## Kitten"),
    ],
)
def test_parts_of_a_line_stand_apart_where_nothing_else_is_in_it(page: str, text: str) -> None:
    assert extract(page.encode()).text.strip() == text


def test_the_first_of_a_line_stands_apart_from_nothing() -> None:
    (part,) = lxml_html.fragment_fromstring("<div><span>Weight</span></div>")
    assert not is_apart(part, ["before"])
