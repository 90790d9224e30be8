"""Find the declarations that the style sheets of a page have for an element.

Selectors by tags, classes and ids are understood, also those with what is around an element
(".product .old"). Rules with other selectors, and rules for some sizes of screen, are left aside.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from lxml.html import HtmlElement

_AT_RULE = re.compile(r"@[\w-]{1,60}[^{};]{0,1000}(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})")
_COMMENT = re.compile(r"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)")
_COMPOUND = re.compile(r"([a-z][\w-]*|\*)?((?:[.#][\w-]+)*)", re.IGNORECASE)
_NAME = re.compile(r"[.#][\w-]+")
_CHILD = ">"
_MOST_CHARACTERS = 300_000
_MOST_PARTS = 8
_MOST_CLASSES = 50
_MOST_RULES = 300
"""So many rules for the tag, the classes and the id of one element are looked at."""
_MOST_STEPS = 200_000
"""So often the surroundings of elements are looked at; a hostile page has many for many rules."""


@dataclass(frozen=True, slots=True)
class _SelectorPart:
    """A part of a selector: "p.old" asks for a tag and a class."""

    tag: str
    names: frozenset[str]

    def fits(self, element: HtmlElement) -> bool:
        return self.tag in ("", element.tag) and self.names <= _names(element)


@dataclass(frozen=True, slots=True)
class _Rule:
    """The parts of a selector with the signs between them, the last first, and what it declares."""

    parts: Sequence[_SelectorPart]
    signs: Sequence[str]
    weight: tuple[int, int, int, int]
    declarations: str


class StyleSheets:
    """The rules of a page's style sheets, as far as they declare one of some properties."""

    def __init__(self, root: HtmlElement, properties: re.Pattern[str]) -> None:
        self._rules: dict[str, list[_Rule]] = defaultdict(list)
        self._fitting: dict[tuple[str, str, str], list[_Rule]] = {}
        self._steps = _MOST_STEPS
        sheets = "\n".join(style.text or "" for style in root.iter("style"))[:_MOST_CHARACTERS]
        *rules, _ = _AT_RULE.sub("", _COMMENT.sub("", sheets)).split("}")
        for number, rule in enumerate(rules):
            selectors, _, written = rule.rpartition("{")
            declarations = ";".join(filter(properties.search, written.split(";")))
            for selector in selectors.rpartition("{")[2].split(",") if declarations else ():
                self._add(selector, number, declarations)

    def _add(self, selector: str, number: int, declarations: str) -> None:
        words = selector.replace(_CHILD, f" {_CHILD} ").split()
        found = [_COMPOUND.fullmatch(word) for word in words if word != _CHILD]
        parts = [_SelectorPart(*_tag_and_names(match)) for match in found if match]
        if not parts or len(parts) != len(found) or len(parts) > _MOST_PARTS:
            return
        signs = [
            _CHILD if before == _CHILD else "" for before, word in pairwise(words) if word != _CHILD
        ]
        if len(signs) != len(parts) - 1 or words[-1] == _CHILD:
            return
        names = [name for part in parts for name in part.names]
        ids = sum(name.startswith("#") for name in names)
        weight = (ids, len(names) - ids, sum(bool(part.tag) for part in parts), number)
        last = parts[-1]
        key = next(iter(last.names), last.tag)
        self._rules[key].append(_Rule(parts[::-1], signs[::-1], weight, declarations))

    def of(self, element: HtmlElement) -> str:
        """Return the declarations for an element, those that prevail last."""
        if not self._rules:
            return ""
        attributes = element.attrib
        look = (element.tag, attributes.get("class", ""), attributes.get("id", ""))
        fitting = self._fitting.get(look)
        if fitting is None:
            fitting = self._fitting[look] = self._rules_fitting(element)
        return ";".join(one.declarations for one in fitting if self._holds(one, element))

    def _rules_fitting(self, element: HtmlElement) -> list[_Rule]:
        """Return the rules whose last part an element fits, in the order in which they prevail."""
        keys = chain(("", element.tag), _names(element))
        known = chain.from_iterable(self._rules.get(key, ()) for key in keys)
        found = [rule for rule in islice(known, _MOST_RULES) if rule.parts[0].fits(element)]
        return sorted(found, key=lambda rule: rule.weight)

    def _holds(self, rule: _Rule, element: HtmlElement) -> bool:
        """Return whether what is around an element fits a rule."""
        if not rule.signs:
            return True
        around: Iterator[HtmlElement] = element.iterancestors() if self._steps > 0 else iter(())
        for part, sign in zip(rule.parts[1:], rule.signs, strict=True):
            some = islice(around, 1) if sign else around
            if not any(self._fits(part, one) for one in some):
                return False
        return True

    def _fits(self, part: _SelectorPart, element: HtmlElement) -> bool:
        self._steps -= 1
        return part.fits(element)


def _tag_and_names(match: re.Match[str]) -> tuple[str, frozenset[str]]:
    tag = (match[1] or "").lower()
    return "" if tag == "*" else tag, frozenset(_NAME.findall(match[2]))


def _names(element: HtmlElement) -> frozenset[str]:
    """Return the id and the classes of an element as selectors have them."""
    attributes = element.attrib
    if "class" not in attributes and "id" not in attributes:
        return frozenset()
    classes = islice(attributes.get("class", "").split(), _MOST_CLASSES)
    return frozenset((f"#{attributes.get('id', '')}", *(f".{name}" for name in classes)))
