"""Number the items of a page's lists as a browser shows them: 3., c., iii., counted down."""

from lxml.html import HtmlElement

from assistant.ingestion.formats.attributes import whole_number
from assistant.ingestion.formats.html_styles import PageStyles
from assistant.ingestion.formats.list_numerals import numeral

_FORMS = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "lower-alpha": "lowerLetter",
    "upper-alpha": "upperLetter",
    "lower-roman": "lowerRoman",
    "upper-roman": "upperRoman",
}


class ListNumbers:
    """The marks of the items of a list, one after the other."""

    def __init__(self, element: HtmlElement, styles: PageStyles) -> None:
        self._is_numbered = element.tag == "ol"
        form = styles.numbering_of(element) or element.get("type", "")
        self._form = _FORMS.get(form, "decimal")
        self._step = -1 if "reversed" in element.attrib else 1
        first = len(element.findall("li")) if self._step < 0 else 1
        self._number = whole_number(element.get("start"), first)

    def next_mark(self, item: HtmlElement, bullet: str) -> str:
        """Return the mark of the next item, a bullet in a list without numbers."""
        if not self._is_numbered:
            return bullet
        number = whole_number(item.get("value"), self._number)
        self._number = number + self._step
        return f"{numeral(number, self._form)}."
