"""Find the tables of a page that are made of other elements, by their roles or their styles.

They become elements of tables, so that their cells are read below their columns.
"""

from collections.abc import Callable, Mapping

from lxml.html import HtmlElement

from assistant.ingestion.formats.html_styles import PageStyles

_ROLES = {
    "table": "table",
    "grid": "table",
    "treegrid": "table",
    "rowgroup": "tbody",
    "row": "tr",
    "columnheader": "th",
    "rowheader": "th",
    "cell": "td",
    "gridcell": "td",
}
_DISPLAYS = {
    "table": "table",
    "table-row-group": "tbody",
    "table-header-group": "thead",
    "table-row": "tr",
    "table-cell": "td",
}
_CELLS = ("th", "td")
_SPANS = {"aria-rowspan": "rowspan", "aria-colspan": "colspan"}
_FEWEST_ROWS = 2
_MOST_PARTS = 200_000
"""So many elements are looked at in all tables together; a hostile page has tables within tables."""


def mark_tables(root: HtmlElement, page: str, styles: PageStyles) -> None:
    """Rename the elements of a page that are tables by their roles or their styles."""
    if 'role="row"' in page or "role='row'" in page or "role=row" in page:
        _mark(root, _ROLES, lambda element: element.get("role", ""))
    if "table-cell" in page:
        _mark(root, _DISPLAYS, styles.display_of)


def _mark(
    root: HtmlElement, names: Mapping[str, str], kind_of: Callable[[HtmlElement], str]
) -> None:
    left = _MOST_PARTS
    for element in root.iter("div", "ul", "ol", "dl", "section", "span"):
        if names.get(kind_of(element)) == "table" and left > 0:
            parts = {one: names.get(kind_of(one), "") for one in element.iterdescendants("*")}
            left -= len(parts)
            rows = [one for one, name in parts.items() if name == "tr"]
            cells = [[one for one in row if parts[one] in _CELLS] for row in rows]
            if sum(len(some) > 1 for some in cells) >= _FEWEST_ROWS:
                _rename(element, parts)


def _rename(element: HtmlElement, parts: Mapping[HtmlElement, str]) -> None:
    element.tag = "table"
    element.attrib.pop("role", None)
    for part, name in parts.items():
        if name and name != "table":
            part.tag = name
            for written, attribute in _SPANS.items():
                if written in part.attrib:
                    part.set(attribute, part.get(written))
