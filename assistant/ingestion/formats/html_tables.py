"""Tell tables that hold data from tables that only arrange a page, and find their rows."""

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.html import HtmlElement

from assistant.ingestion.formats.html_visibility import length_of

_MOST_TABLES_DEEP = 3
_LONGEST_CELL = 3_000
_LONGEST_CELL_WITHOUT_HEADER = 600
_LONGEST_CELL_OF_ONE_ROW = 200
_GROUPS = ("thead", "tbody", "tfoot", "form", "div", "center", "font")
"""What may stand around rows; the last four only in broken markup."""
_WITHOUT_TEXT = ("colgroup", "col", "script", "style", "template", "input", "link", "meta")
_HEADINGS = ".//h1 | .//h2 | .//h3 | .//h4"


@dataclass(frozen=True, slots=True)
class DataTable:
    """The cells of a table's rows, how many rows its header has, and what is shown above it."""

    rows: Sequence[Sequence[HtmlElement]]
    header_rows: int
    captions: Sequence[HtmlElement | str]


def data_table(table: HtmlElement, tables_around: int) -> DataTable | None:
    """Return the table's rows; None for a table that arranges the page or whose markup is broken."""
    if tables_around > _MOST_TABLES_DEEP or table.get("role") in ("presentation", "none"):
        return None
    loose: list[str] = []
    rows = _rows(table, loose)
    if rows is None:
        return None
    rows = [row for row in rows if row]
    captions = table.findall("caption")
    heads = _header_rows(table, rows)
    is_data = _holds_data(rows, bool(captions or heads or any(row[0].tag == "th" for row in rows)))
    return DataTable(rows, heads, [*loose, *captions]) if is_data else None


def _rows(table: HtmlElement, loose: list[str]) -> list[list[HtmlElement]] | None:
    """Return the cells of the rows in the order in which they are shown; None if there is more.

    Cells that no row is around are a row. Browsers show text that is in no cell above the table;
    it is added to ``loose``.
    """
    groups: dict[str, list[list[HtmlElement]]] = {"thead": [], "": [], "tfoot": []}
    if not _has_only(table, ("tr", "td", "th", "caption", *_GROUPS), loose):
        return None
    for group in (table, *(child for child in table if child.tag in _GROUPS)):
        rows = groups.get(group.tag, groups[""])
        if group is not table and not _has_only(group, ("tr", "td", "th"), loose):
            return None
        before = None
        for child in group:
            if child.tag == "tr":
                rows.append(list(child.iterchildren("td", "th")))
                if not _has_only(child, ("td", "th"), loose):
                    return None
            elif child.tag in ("td", "th"):
                if before not in ("td", "th"):
                    rows.append([])
                rows[-1].append(child)
            before = child.tag
    return [row for rows in groups.values() for row in rows]


def _has_only(element: HtmlElement, expected: Sequence[str], loose: list[str]) -> bool:
    """Return whether an element has no other elements; add the text right in it to ``loose``."""
    texts = [element.text, *(child.tail for child in element)]
    loose += [text for text in texts if text and text.strip()]
    return all(
        child.tag in expected or child.tag in _WITHOUT_TEXT or not length_of(child.itertext())
        for child in element
    )


def _header_rows(table: HtmlElement, rows: Sequence[Sequence[HtmlElement]]) -> int:
    """Return how many rows are above the data: those of <thead>, else the first ones of names only, or a bold one."""
    if heads := table.findall("thead/tr"):
        return len(heads)
    named = next(
        (number for number, row in enumerate(rows) if any(cell.tag == "td" for cell in row)), 0
    )
    return named or int(
        len(rows) > 1
        and len(rows[0]) > 1
        and all(map(_is_bold, rows[0]))
        and not all(map(_is_bold, rows[1]))
    )


def _is_bold(cell: HtmlElement) -> bool:
    """Return whether all the text of a cell is bold."""
    bold = {text for part in cell.iter("b", "strong") for text in part.itertext()}
    texts = [text for text in cell.itertext() if text.strip()]
    return bool(texts) and all(text in bold for text in texts)


def _holds_data(rows: Sequence[Sequence[HtmlElement]], has_header: bool) -> bool:
    cells = [cell for row in rows for cell in row]
    longest = max((length_of(cell.itertext()) for cell in cells), default=0)
    if has_header:
        has_headings = any(cell.xpath(_HEADINGS) for cell in cells)
        return 0 < longest <= (_LONGEST_CELL_OF_ONE_ROW if has_headings else _LONGEST_CELL)
    if max(map(len, rows), default=0) < 2 or longest > _LONGEST_CELL_WITHOUT_HEADER:
        return False
    if len(rows) == 1 and longest > _LONGEST_CELL_OF_ONE_ROW:
        return False
    return not any(cell.xpath(_HEADINGS) or len(cell.findall(".//p")) > 1 for cell in cells)
