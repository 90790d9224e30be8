"""Tell how a page's own styles show an element, as far as that changes what its text says.

Styles are those of the element itself and those of the page's style sheets.
"""

import re

from lxml.html import HtmlElement

from assistant.ingestion.formats.html_selectors import StyleSheets

_PROPERTIES = re.compile(
    r"(?<![-\w])(?:text-decoration|vertical-align|display|visibility|list-style|position|top|bottom"
    r"|font-size|clip)(?![a-z])",
    re.IGNORECASE,
)
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:([^;]*)", re.IGNORECASE)
_ALIGNED = re.compile(
    r"vertical-align\s*:\s*(?:(super|sub)\b|(?:text-)?(top|bottom)\b|(-?[\d.]+)(em|ex|rem|px|pt|%)|[a-z])",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"(?<![-\w])(top|bottom)\s*:\s*(-?(?:\d+\.?\d*|\.\d+))(em|ex|rem|px|pt)", re.IGNORECASE
)
_RELATIVE = re.compile(r"(?<![-\w])position\s*:\s*relative", re.IGNORECASE)
_SMALL = re.compile(
    r"font-size\s*:\s*(?:(?:xx?-)?small|smaller|0?\.\d+r?em|[1-8]?\d(?:\.\d+)?%)", re.IGNORECASE
)
_EMS = {"em": 1.0, "rem": 1.0, "ex": 0.5, "px": 1 / 16, "pt": 1 / 12, "%": 0.012}
_FEWEST_EMS = 0.2
"""What is moved up or down by less is but aligned."""
_LONGEST_MOVED = 8
_DISPLAY = re.compile(r"(?<![-\w])display\s*:\s*([\w-]+)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(lower|upper)-(alpha|latin|roman)\b")
_BLOCKS = frozenset(("block", "flex", "grid", "list-item", "table", "table-row"))
_SEPARATE = frozenset(("inline-block", "inline-flex", "inline-grid", "table-cell"))


class PageStyles:
    """The declarations of a page's style sheets and of its elements."""

    def __init__(self, root: HtmlElement) -> None:
        self._sheets = StyleSheets(root, _PROPERTIES)
        self._last: tuple[HtmlElement | None, str] = (None, "")

    def of(self, element: HtmlElement) -> str:
        """Return the declarations for an element, its own last."""
        known, declared = self._last
        if known is not element:
            declared = f"{self._sheets.of(element)};{element.get('style', '')}"
            self._last = (element, declared)
        return declared

    def is_struck(self, element: HtmlElement) -> bool:
        """Return whether the text of an element has a line through it."""
        found = _STRUCK.findall(self.of(element))
        return bool(found) and "line-through" in found[-1].lower()

    def script_of(self, element: HtmlElement) -> str:
        """Return "sup" or "sub" for what is raised or lowered."""
        declared = self.of(element)
        if len(declared) < len("top:1px"):
            return ""
        named, rise = _rise(declared)
        if named or abs(rise) < _FEWEST_EMS or self.is_block(element):
            return named
        is_short = len("".join(element.itertext()).strip()) <= _LONGEST_MOVED
        return "" if not is_short else "sup" if rise > 0 else "sub"

    def is_block(self, element: HtmlElement) -> bool:
        """Return whether an element that is a part of a line otherwise is shown on lines of its own."""
        return self.display_of(element) in _BLOCKS

    def is_separate(self, element: HtmlElement) -> bool:
        """Return whether an element stands in a line as a box of its own."""
        return self.display_of(element) in _SEPARATE

    def numbering_of(self, element: HtmlElement) -> str:
        """Return how a list is numbered: "lower-roman", "upper-alpha"; empty for digits."""
        found = _LIST_STYLE.findall(self.of(element))
        return "-".join(found[-1]).replace("latin", "alpha") if found else ""

    def display_of(self, element: HtmlElement) -> str:
        """Return how an element is laid out: "inline-block", "table-cell"; empty if nothing says it."""
        found = _DISPLAY.findall(self.of(element))
        return found[-1].lower() if found else ""


def _rise(declared: str) -> tuple[str, float]:
    """Return "sup" or "sub" if a text is declared to be that, else by how much it is moved up."""
    aligned = _ALIGNED.findall(declared)
    if aligned:
        script, side, value, unit = (part.lower() for part in aligned[-1])
        if script:
            return ("sup" if script == "super" else "sub"), 0.0
        if side and _SMALL.search(declared):
            return ("sup" if side == "top" else ""), 0.0
        if value:
            return "", _number(value) * _EMS[unit]
    moved = _MOVED.findall(declared) if _RELATIVE.search(declared) else ()
    if not moved:
        return "", 0.0
    side, value, unit = (part.lower() for part in moved[-1])
    return "", _number(value) * _EMS[unit] * (-1 if side == "top" else 1)


def _number(written: str) -> float:
    """Return a number of a style sheet; 0 for what is none, such as "1.2.3"."""
    try:
        return float(written)
    except ValueError:
        return 0.0
