"""Tell which parts of a line stand apart on a page though no space is between them in the file.

Pages that programs write have ``<span>Price</span><span>40 €</span>``, and styles that set them apart.
"""

import unicodedata
from collections.abc import Sequence
from itertools import islice

from lxml.html import HtmlElement

_PARTS = frozenset(
    ("span", "a", "b", "strong", "em", "i", "small", "label", "time", "data", "big", "font", "bdi")
)
_WITHOUT_TEXT = frozenset(("meta", "link"))
_MOST_SIBLINGS = 200
_CODE = ("code", "kbd", "samp", "tt", "var", "dt", "h1", "h2", "h3", "h4", "h5", "h6")
"""What is written without spaces on purpose: names of programs, letters of a title set one by one."""


def is_apart(element: HtmlElement, before: Sequence[str]) -> bool:
    """Return whether an element stands apart from the text before it, which is its sibling's."""
    sibling = element.getprevious()
    while sibling is not None and sibling.tag in _WITHOUT_TEXT and not sibling.tail:
        sibling = sibling.getprevious()
    if element.tag not in _PARTS or sibling is None or sibling.tag not in _PARTS or sibling.tail:
        return False
    left, right = _first_word(sibling), _first_word(element)
    last = next((text[-1] for text in reversed(before) if text), " ")
    return (
        bool(left and right)
        and not any(len(word) == 1 and word.isalpha() for word in (left, right))
        and (_is_of_value(last) or (last == ":" and len(left) > 1))
        and _is_of_value(right[0])
        and next(element.iterancestors(*_CODE), None) is None
        and not _has_text_of_its_own(element.getparent())
    )


def _first_word(element: HtmlElement) -> str:
    """Return the first stretch of text in an element; empty if it begins with white space."""
    text = next((text for text in element.itertext() if text), "")
    return text.strip() if text == text.lstrip() else ""


def _is_of_value(character: str) -> bool:
    """Return whether a character is a part of a word, a number or an amount."""
    return character.isalnum() or character in "%)" or unicodedata.category(character) == "Sc"


def _has_text_of_its_own(element: HtmlElement) -> bool:
    texts = (element.text, *(child.tail for child in islice(element, _MOST_SIBLINGS)))
    return any(text and text.strip() for text in texts)
