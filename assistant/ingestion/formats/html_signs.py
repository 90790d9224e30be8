"""Say what is shown of the elements of a page that have no text: pictures, boxes to tick, fields."""

from lxml.html import HtmlElement

from assistant.ingestion.formats.attributes import picture_text

LINE_BREAK = "\0"
"""Stands for <br>, whose line end is kept while those of the source are white space."""
_BOXES = {"checkbox": "☐☑", "radio": "○◉"}
_WITHOUT_VALUE = frozenset(
    ("hidden", "password", "submit", "button", "image", "reset", "file", "search", "color", "range")
)


def shown_of(element: HtmlElement) -> str:
    """Return what is shown of an element that has no text: a box to tick, a field, a picture."""
    match element.tag:
        case "br":
            return LINE_BREAK
        case "q":
            return "“"
        case "img":
            text = picture_text(element.get("alt"))
            return f" {text} " if text else ""
        case "input":
            return _of_input(element)
    return ""


def _of_input(element: HtmlElement) -> str:
    kind = element.get("type", "text").strip().lower()
    if kind in _BOXES:
        return f" {_BOXES[kind]['checked' in element.attrib]} "
    return "" if kind in _WITHOUT_VALUE else f" {element.get('value', '')} "


def name_of_sign(cell: HtmlElement) -> str:
    """Return what a picture or an icon that stands alone in a cell is named, such as "Yes".

    That of a link, such as an arrow to the next page, is no text.
    """
    if cell.find(".//a") is not None:
        return ""
    names = (
        one.get("alt") or one.get("aria-label") or one.get("title") or "" for one in cell.iter()
    )
    return " ".join(next(filter(None, names), "").split())
