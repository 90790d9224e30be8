import time

import pytest
from lxml import html as lxml_html

from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.html_styles import PageStyles
from assistant.ingestion.formats.html_table_roles import mark_tables

STYLES = "<style>.t{display:table} .r{display:table-row} .t .r > div{display:table-cell}</style>"


def row(role: str, *cells: str) -> str:
    """A row by roles, of cells of one role."""
    return f"<div role=row>{''.join(f'<span role={role}>{cell}</span>' for cell in cells)}</div>"


def styled(*cells: str) -> str:
    """A row by styles."""
    return f"<div class=r>{''.join(f'<div>{cell}</div>' for cell in cells)}</div>"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        pytest.param(
            f"<div role=table>{row('columnheader', 'Plan', 'Year')}{row('cell', 'Basic', '50')}"
            f"{row('cell', 'Plus', '90')}</div>",
            "| Plan | Year |\n| Basic | 50 |\n| Plus | 90 |\n",
            id="roles",
        ),
        pytest.param(
            "<div role=grid><div role=rowgroup>"
            "<div role=row><div role=rowheader aria-rowspan=2>Summer</div><div role=gridcell>Single</div>"
            "<div role=gridcell>95</div></div>"
            "<div role=row><div role=gridcell>Double</div><div role=gridcell>140</div></div></div></div>",
            "| Summer | Single | 95 |\n| Summer | Double | 140 |\n",
            id="merged cells",
        ),
        pytest.param(
            f"{STYLES}<div class=t>{styled('Well', 'Depth')}{styled('North', '40 m')}</div>",
            "| Well | Depth |\n| North | 40 m |\n",
            id="styles",
        ),
        pytest.param(
            f"{STYLES}<div class=t>{styled('Text of the page.', 'Text of the side.')}</div>",
            "Text of the page.\n\nText of the side.\n",
            id="layout",
        ),
        pytest.param(
            "<div role=table><p>One</p></div><p role=row>Two</p>", "One\n\nTwo\n", id="no rows"
        ),
    ],
)
def test_a_table_of_other_elements_is_a_table(page: str, text: str) -> None:
    assert extract(page.encode()).text.replace("\u2060", "") == text


def test_tables_within_tables_take_no_time() -> None:
    page = f"<div role=row></div>{'<div role=table><p>a' * 200}{'<p>b' * 5_000}"
    started = time.process_time()
    assert extract(page.encode()).text.startswith("a")
    assert time.process_time() - started < 5


def test_a_page_without_such_tables_stays_as_it_is() -> None:
    page = "<div><p>One</p><table><tr><td>Two</td></tr></table></div>"
    root = lxml_html.document_fromstring(page)
    before = lxml_html.tostring(root)
    mark_tables(root, page, PageStyles(root))
    assert lxml_html.tostring(root) == before
