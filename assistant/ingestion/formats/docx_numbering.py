"""The numbers of headings, clauses and list items, as Word shows them."""

import re
from dataclasses import dataclass
from typing import Any

from assistant.ingestion.formats.attributes import whole_number
from assistant.ingestion.formats.docx_styles import W
from assistant.ingestion.formats.list_numerals import numeral
from assistant.ingestion.formats.symbol_fonts import sign

BULLET = "-"
_BOXES = frozenset("☐☑☒✓✔✗✘□❑❒")
_PLACE = re.compile(r"%([1-9])")


@dataclass(frozen=True, slots=True)
class _Level:
    """How the items of one depth are numbered; ``restart`` is the level after which it begins again."""

    start: int = 1
    form: str = "bullet"
    text: str = ""
    is_legal: bool = False
    restart: int | None = None
    style: str = ""
    font: str = ""


class Numbering:
    """Count the items of the lists of a document."""

    def __init__(self, element: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}  # by the list's definition
        self._definition: dict[str, str] = {}  # by the list
        self._overrides: dict[str, dict[int, _Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._started: set[tuple[str, int]] = set()
        if element is not None:
            self._read(element)

    def depth_of_style(self, identifier: str, style: str) -> int:
        """Return the depth of the items of a style in a list."""
        levels = self._levels.get(self._definition.get(identifier, ""), {})
        return next((depth for depth, level in levels.items() if style and level.style == style), 0)

    def marker(self, identifier: str, depth: int) -> str:
        """Return the mark before the next item: its number as it is shown, or a dash.

        A bullet that is a box is kept beside the dash. Empty for an item without any mark.
        """
        definition = self._definition.get(identifier, "")
        levels = self._levels.get(definition, {}) | self._overrides.get(identifier, {})
        level = levels.get(depth, _Level())
        counts = self._counts.setdefault(definition or identifier, {})
        self._count(identifier, depth, levels, counts)
        if level.form == "bullet":
            box = sign(level.font, ord(level.text)) if len(level.text) == 1 else ""
            return f"{BULLET} {box}" if box in _BOXES else BULLET

        def shown(match: re.Match[str]) -> str:
            above = int(match[1]) - 1
            form = levels.get(above, _Level()).form
            count = counts.get(above, levels.get(above, _Level()).start)
            if form in ("none", "bullet"):
                return ""
            return numeral(count, "decimal" if level.is_legal else form)

        return (
            ""
            if level.form == "none" and "%" not in level.text
            else _PLACE.sub(shown, level.text).strip()
        )

    def _count(
        self, identifier: str, depth: int, levels: dict[int, _Level], counts: dict[int, int]
    ) -> None:
        start = levels.get(depth, _Level()).start
        override = self._starts.get(identifier, {}).get(depth)
        if override is not None and (identifier, depth) not in self._started:
            self._started.add((identifier, depth))
            counts[depth] = override
        else:
            counts[depth] = counts.get(depth, start - 1) + 1
        for above in range(depth):
            counts.setdefault(above, levels.get(above, _Level()).start)
        for deeper in [level for level in counts if level > depth]:
            restart = levels.get(deeper, _Level()).restart
            if restart is None or depth < restart:
                del counts[deeper]

    def _read(self, element: Any) -> None:
        linked: dict[str, str] = {}
        linking: dict[str, str] = {}
        for abstract in element.iterchildren(f"{W}abstractNum"):
            name = str(abstract.get(f"{W}abstractNumId"))
            self._levels[name] = _levels(abstract)
            if style := _value(abstract, "styleLink", ""):
                linked[style] = name
            if style := _value(abstract, "numStyleLink", ""):
                linking[name] = style
        for number in element.iterchildren(f"{W}num"):
            identifier = str(number.get(f"{W}numId"))
            name = _value(number, "abstractNumId", "")
            self._definition[identifier] = linked.get(linking.get(name, ""), name)
            self._read_overrides(identifier, number)

    def _read_overrides(self, identifier: str, number: Any) -> None:
        for override in number.iterchildren(f"{W}lvlOverride"):
            depth = whole_number(override.get(f"{W}ilvl"), 0)
            start = override.find(f"{W}startOverride")
            if start is not None:
                self._starts.setdefault(identifier, {})[depth] = whole_number(
                    start.get(f"{W}val"), 1
                )
            levels = _levels(override)
            if levels:
                whole = next(iter(levels.values()))
                self._overrides.setdefault(identifier, {})[depth] = whole


def _levels(element: Any) -> dict[int, _Level]:
    return {
        whole_number(level.get(f"{W}ilvl"), 0): _level(level)
        for level in element.iterchildren(f"{W}lvl")
    }


def _level(level: Any) -> _Level:
    restart = _value(level, "lvlRestart", "")
    legal = level.find(f"{W}isLgl")
    fonts = level.find(f"{W}rPr/{W}rFonts")
    return _Level(
        whole_number(_value(level, "start", "1"), 1),
        _value(level, "numFmt", "decimal"),
        _value(level, "lvlText", ""),
        legal is not None and legal.get(f"{W}val", "1") not in ("0", "false", "off"),
        whole_number(restart, 0) if restart else None,
        _value(level, "pStyle", ""),
        "" if fonts is None else str(fonts.get(f"{W}ascii", "")),
    )


def _value(element: Any, name: str, otherwise: str) -> str:
    found = element.find(f"{W}{name}")
    return otherwise if found is None else str(found.get(f"{W}val", otherwise))
