"""Read the charts of Word and PowerPoint as tables: a row for each category, a column for each series."""

from collections.abc import Iterator
from typing import Any

from assistant.ingestion.formats.number_formats import formatted
from assistant.ingestion.formats.open_xml import Package
from assistant.ingestion.formats.outline import Outline

_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_POINTS = 1_000


def write_charts(element: Any, package: Package, part: str, outline: Outline) -> None:
    """Write the charts that an element of a part shows."""
    for chart in element.iter(_CHART):
        relation = package.relations(part).get(str(chart.get(_RELATION)))
        xml = None if relation is None else package.side_xml(relation.target)
        if xml is not None:
            outline.paragraph(_title(xml))
            outline.table(chart_rows(xml), has_head=True)


def chart_rows(chart: Any) -> list[list[str]]:
    """Return the names of the series, and for each category its values; nothing if there are none."""
    series = list(chart.iter("{*}ser"))
    names = [next(_texts(one.find("{*}tx")), "") for one in series]
    labels: dict[int, str] = {}
    values: list[dict[int, str]] = []
    for one in series:
        of_category = one.find("{*}cat")
        labels |= dict(_points(one.find("{*}xVal") if of_category is None else of_category))
        of_value = one.find("{*}val")
        values.append(dict(_points(one.find("{*}yVal") if of_value is None else of_value)))
    numbers = sorted({*labels, *(number for one in values for number in one)})[:_MOST_POINTS]
    rows = [
        [labels.get(number, ""), *(one.get(number, "") for one in values)] for number in numbers
    ]
    return [["", *names], *rows] if any(any(row) for row in rows) else []


def _title(chart: Any) -> str:
    title = chart.find("{*}chart/{*}title")
    return "" if title is None else "".join(_texts(title, "t"))


def _points(cache: Any) -> Iterator[tuple[int, str]]:
    """Yield the number of each point of a series, from 0, and what is shown of it."""
    if cache is None:
        return
    code = next((one.text or "" for one in cache.iter("{*}formatCode")), "")
    for point in cache.iter("{*}pt"):
        number, text = str(point.get("idx", "")), next(_texts(point), "")
        if number.isdecimal():
            yield int(number), _shown(text, str(point.get("formatCode", code)))


def _shown(text: str, code: str) -> str:
    try:
        return formatted(float(text), code) or text
    except (ValueError, OverflowError):
        return text


def _texts(element: Any, name: str = "v") -> Iterator[str]:
    if element is not None:
        for one in element.iter(f"{{*}}{name}"):
            yield " ".join((one.text or "").split()) if name == "v" else one.text or ""
