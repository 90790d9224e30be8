"""What the styles of a Word document say of its paragraphs and runs, those they are based on included."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from assistant.ingestion.formats.attributes import whole_number

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DEEPEST = 20
_BODY_TEXT_LEVEL = 9
_OFF = ("0", "false", "off", "none")


class Styles:
    """The styles of a document, by their identifiers."""

    def __init__(self, element: Any) -> None:
        self._by_id = {
            style.get(f"{W}styleId"): style
            for style in (() if element is None else element.iterchildren(f"{W}style"))
        }
        self._of_style = lru_cache(maxsize=10_000)(self._style_property)

    def heading_level(self, paragraph: Any) -> int | None:
        """Return the level of a heading from 1; None for other paragraphs."""
        for element in self._sources(paragraph):
            outline = element.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None:
                level = whole_number(outline.get(f"{W}val"), _BODY_TEXT_LEVEL)
                return level + 1 if level < _BODY_TEXT_LEVEL else None
            if _name(element) == "title":
                return 1
        return None

    def is_title(self, paragraph: Any) -> bool:
        """Return whether a paragraph is the document's title."""
        return any(_name(element) == "title" for element in self._sources(paragraph))

    def numbering(self, paragraph: Any) -> tuple[str, int | None, str] | None:
        """Return the list that a paragraph is an item of; None for no item.

        With the list come how deep in it the item is, None if only the style's place in the list
        tells, and that style's identifier.
        """
        depth = None
        for element in self._sources(paragraph):
            properties = element.find(f"{W}pPr/{W}numPr")
            if properties is None:
                continue
            level, number = properties.find(f"{W}ilvl"), properties.find(f"{W}numId")
            if level is not None and depth is None:
                depth = whole_number(level.get(f"{W}val"), 0)
            if number is not None:
                identifier = str(number.get(f"{W}val"))
                style = str(element.get(f"{W}styleId", ""))
                return None if identifier == "0" else (identifier, depth, style)
        return None

    def run_property(self, run: Any, paragraph: Any, name: str) -> str:
        """Return a property of a run: its own, else that of its style, else its paragraph's style.

        Empty for a property that is not set, or is switched off.
        """
        properties = run.find(f"{W}rPr")
        if properties is not None:
            own = _property(properties, name)
            if own is not None:
                return own
            style = properties.find(f"{W}rStyle")
            if style is not None:
                of_style = self._of_style(style.get(f"{W}val"), name)
                if of_style is not None:
                    return of_style
        style = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        return (style is not None and self._of_style(style.get(f"{W}val"), name)) or ""

    def _style_property(self, identifier: str, name: str) -> str | None:
        for style in self._chain(identifier):
            properties = style.find(f"{W}rPr")
            found = None if properties is None else _property(properties, name)
            if found is not None:
                return found
        return None

    def _sources(self, paragraph: Any) -> Iterator[Any]:
        """Yield the paragraph, its style, the style that this is based on, and so on."""
        yield paragraph
        reference = paragraph.find(f"{W}pPr/{W}pStyle")
        if reference is not None:
            yield from self._chain(reference.get(f"{W}val"))

    def _chain(self, identifier: str) -> Iterator[Any]:
        for _ in range(_DEEPEST):
            style = self._by_id.get(identifier)
            if style is None:
                return
            yield style
            reference = style.find(f"{W}basedOn")
            if reference is None:
                return
            identifier = reference.get(f"{W}val")


def _property(properties: Any, name: str) -> str | None:
    found = properties.find(f"{W}{name}")
    if found is None:
        return None
    written = found.get(f"{W}ascii") if name == "rFonts" else found.get(f"{W}val", "1")
    return "" if written is None or written in _OFF else str(written)


def _name(element: Any) -> str:
    name = element.find(f"{W}name")
    return "" if name is None else str(name.get(f"{W}val")).lower()
