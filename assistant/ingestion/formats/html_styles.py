"""Tell how a page's own styles show an element, as far as that changes what its text says.

Styles are those of the element itself and those that the page gives to its classes; rules for some
sizes of screen and for combinations of elements are left aside.
"""

import re

from lxml.html import HtmlElement

_AT_RULE = re.compile(r"@[\w-]{1,60}[^{};]{0,1000}(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
_CLASS = re.compile(r"(?:^|,)\s*(?:[a-z]+\d?)?\.([\w-]+)\s*(?=,|$)")
_STRUCK = re.compile(r"text-decoration[\w-]*\s*:[^;]*line-through", re.IGNORECASE)
_ALIGNED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_DISPLAY = re.compile(r"(?<![-\w])display\s*:\s*([\w-]+)", re.IGNORECASE)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:[^;]*?\b(lower|upper)-(alpha|latin|roman)\b")
_BLOCKS = frozenset(("block", "flex", "grid", "list-item", "table", "table-row"))
_SEPARATE = frozenset(("inline-block", "inline-flex", "inline-grid", "table-cell"))
_MOST_CHARACTERS = 300_000


class PageStyles:
    """The declarations of the styles of a page by class."""

    def __init__(self, root: HtmlElement) -> None:
        self._of_class: dict[str, str] = {}
        sheets = "\n".join(style.text or "" for style in root.iter("style"))[:_MOST_CHARACTERS]
        *rules, _ = _AT_RULE.sub("", _COMMENT.sub("", sheets)).split("}")
        for rule in rules:
            selectors, _, declarations = rule.rpartition("{")
            for name in _CLASS.findall(selectors.rpartition("{")[2]):
                self._of_class[name] = f"{self._of_class.get(name, '')};{declarations}"

    def of(self, element: HtmlElement) -> str:
        """Return the declarations for an element, its own last."""
        attributes = element.attrib
        classes = attributes.get("class", "").split() if self._of_class else ()
        return ";".join(
            (*(self._of_class.get(name, "") for name in classes), attributes.get("style", ""))
        )

    def is_struck(self, element: HtmlElement) -> bool:
        """Return whether the text of an element has a line through it."""
        return _STRUCK.search(self.of(element)) is not None

    def script_of(self, element: HtmlElement) -> str:
        """Return "sup" or "sub" for what is raised or lowered."""
        found = _ALIGNED.findall(self.of(element))
        return "" if not found else "sup" if found[-1].lower() == "super" else "sub"

    def is_block(self, element: HtmlElement) -> bool:
        """Return whether an element that is a part of a line otherwise is shown on lines of its own."""
        return self._display(element) in _BLOCKS

    def is_separate(self, element: HtmlElement) -> bool:
        """Return whether an element stands in a line as a box of its own."""
        return self._display(element) in _SEPARATE

    def numbering_of(self, element: HtmlElement) -> str:
        """Return how a list is numbered: "lower-roman", "upper-alpha"; empty for digits."""
        found = _LIST_STYLE.findall(self.of(element))
        return "-".join(found[-1]).replace("latin", "alpha") if found else ""

    def _display(self, element: HtmlElement) -> str:
        found = _DISPLAY.findall(self.of(element))
        return found[-1].lower() if found else ""
