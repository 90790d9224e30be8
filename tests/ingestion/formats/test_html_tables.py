import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_tables import data_table
from assistant.text.table_structure import HEAD_MARK


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            "<table><thead><tr><th rowspan=2>Room</th><th colspan=2>Summer</th><th colspan=2>Winter</th></tr><tr><th>Week</th><th>Day</th><th>Week</th><th>Day</th></tr></thead><tr><td>Single</td><td>1</td><td>2</td><td>3</td><td>4</td></tr><tr><td colspan=2 rowspan=2>Suite</td><td>6</td><td colspan=2>7</td></tr><tr><td>8</td><td>9</td><td>10</td></tr></table>",
            "| Room | Summer Week | Summer Day | Winter Week | Winter Day |\n| Single | 1 | 2 | 3 | 4 |\n| Suite | Suite | 6 | 7 | 7 |\n| Suite | Suite | 8 | 9 | 10 |\n",
            id="rowcol",
        ),
        pytest.param(
            "<table><tr><th>Region</th><th>Prices</th></tr><tr><td>North</td><td><table><tr><td>Apples</td><td>3.10</td></tr><tr><td>Pears</td><td>4.20</td></tr></table></td></tr></table>",
            "| Region | Prices | Prices |\n| North | Apples | 3.10 |\n| North | Pears | 4.20 |\n",
            id="nested",
        ),
        pytest.param(
            "<table><tr><th>Plan</th><th>Has</th></tr><tr><td>Plus</td><td><ul><li>5 users</li><li>10 GB</li></ul></td></tr></table>",
            "| Plan | Has |\n| Plus | • 5 users • 10 GB |\n",
            id="listcell",
        ),
        pytest.param(
            "<table><tr><td>Weight</td><td>12 kg</td></tr><tr><td>Height</td><td>3 m</td></tr></table>",
            "| Weight | 12 kg |\n| Height | 3 m |\n",
            id="pairs",
        ),
        pytest.param(
            "<table><tr><th>A<th>B<tr><td rowspan=0>x<td>1<tr><td>2<tr><td>3</table>",
            "| A | B |\n| x | 1 |\n| x | 2 |\n| x | 3 |\n",
            id="rowspan0",
        ),
        pytest.param(
            "<table><tfoot><tr><td>Total</td><td>9</td></tr></tfoot><tbody><tr><td>a</td><td>4</td></tr></tbody></table>",
            "| a | 4 |\n| Total | 9 |\n",
            id="tfoot",
        ),
        pytest.param(
            "<table><tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td></tr><table><tr><td>x</td><td>y</td></tr></table></table>",
            "a\n\n| b | c |\n\n| x | y |\n",
            id="tablerow",
        ),
        pytest.param(
            "<table><tbody><table><tr><td>Steel</td><td>725 MPa</td></tr></table></tbody></table>",
            "| Steel | 725 MPa |\n",
            id="selftable",
        ),
        pytest.param(
            "<table>Loose text.<tr><td>a</td><td>1</td></tr></table>",
            "Loose text.\n\n| a | 1 |\n",
            id="textintable",
        ),
        pytest.param(
            "<table><tr><th colspan=3>Prices 2024</th></tr><tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td><td>2</td><td>3</td></tr></table>",
            "| Prices 2024 |\n| A | B | C |\n| 1 | 2 | 3 |\n",
            id="colspanfull",
        ),
        pytest.param("<table><td>a<td>1<tr><td>b<td>2</table>", "| a | 1 |\n| b | 2 |\n", id="td"),
    ],
)
def test_every_value_is_in_its_row_and_column(page: str, text: str) -> None:
    assert extract(page.encode()).text.replace(HEAD_MARK, "") == text


@pytest.mark.parametrize(
    ("table", "holds_data"),
    [
        ("<table><tr><td>Weight<td>12 kg</table>", True),
        ("<table><tr><td>A cell alone arranges a page.</table>", False),
        ("<table role=presentation><tr><th>a<td>b</table>", False),
        ("<table><tr><td><p>One.<p>Two.<td>menu</table>", False),
        ("<table><tr><td><h2>Left</h2>words<td>right</table>", False),
        ("<table><tr><th>Name<tr><td>otter</table>", True),
        (f"<table><tr><td>{'word ' * 200}<td>menu</table>", False),
    ],
)
def test_a_table_holds_data_or_arranges_the_page(table: str, holds_data: bool) -> None:
    found = data_table(lxml_html.fragment_fromstring(table), 0)
    assert (found is not None) == holds_data


@pytest.mark.parametrize(
    ("page", "heads"),
    [
        ("<table><tr><th>A<th>B<tr><td>x<td>1</table>", ["| A | B |"]),
        ("<table><thead><tr><td>A<td>2024</thead><tr><td>x<td>1</table>", ["| A | 2024 |"]),
        ("<table><tr><th colspan=2>All<tr><th>A<th>B<tr><td>x<td>1</table>", ["| A | B |"]),
        ("<table><tr><td>Weight<td>12 kg<tr><td>Height<td>3 m</table>", []),
        (
            "<table><tr><td><b>A</b><td><strong>B</strong><tr><td><b>x</b><td>1</table>",
            ["| A | B |"],
        ),
        ("<table><tr><td><b>A</b><td><b>B</b><tr><td><b>x</b><td><b>1</b></table>", []),
        ("<table><tr><td><b>A</b>: x<td><b>B</b><tr><td>x<td>1</table>", []),
    ],
)
def test_the_row_that_names_the_columns_is_marked(page: str, heads: list[str]) -> None:
    rows = extract(page.encode()).text.splitlines()
    assert [row[1:] for row in rows if row.startswith(HEAD_MARK)] == heads


def test_a_title_over_all_columns_makes_no_row_of_data_a_header() -> None:
    page = "<table><tr><th colspan=2>Set</th></tr><tr><td>Bits</td><td>12</td></tr></table>"
    assert extract(page.encode()).text == "| Set |\n| Bits | 12 |\n"
