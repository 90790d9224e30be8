"""Find fonts that do not tell which characters their glyphs are; such a page is but a picture.

Some give no character at all, some give each letter as another: "7KH" for "The". The latter is
seen from how often letters occur.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import hypot
from string import digits

from assistant.ingestion.formats.pdf.fragments import UNKNOWN, Fragment, ReadPage

_UNKNOWN_PART = 0.3
"""A font, a page and a line with more unknown glyphs than this cannot be read."""
_FEWEST_LETTERS = 80
_FURTHEST_SHIFT = 31
_LIKE, _UNLIKE, _SAME = 0.8, 0.68, 0.95
_SMALL_LETTERS = 0.6
_FEWEST_FOR_ORDER = 200
_FEWEST_UNMAPPED = 12
_MISSING = "\N{WHITE SQUARE}"
_FREQUENCIES = {
    "e": 126, "t": 91, "a": 82, "o": 75, "i": 70, "n": 67, "s": 63, "r": 60, "h": 61, "l": 40,
    "d": 43, "c": 28, "u": 28, "m": 24, "f": 22, "p": 19, "g": 20, "w": 24, "y": 20, "b": 15,
    "v": 10, "k": 8, "x": 2, "j": 2, "q": 1, "z": 1,
}  # fmt: skip
"""How often letters occur in a thousand of English ones; other languages are alike enough."""


def readable(pages: Sequence[ReadPage]) -> list[ReadPage]:
    """Return the pages without what their fonts do not tell, with a note on each that has lost some."""
    garbled = garbled_fonts(
        fragment for page in pages for layer in page.layers for fragment in layer.fragments
    )
    return [_readable(page, garbled) for page in pages]


def garbled_fonts(fragments: Iterable[Fragment]) -> set[str]:
    """Return the fonts whose characters are unknown, or each given as another."""
    characters: dict[str, Counter[str]] = defaultdict(Counter)
    unmapped: Counter[str] = Counter()
    for fragment in fragments:
        characters[fragment.font].update(fragment.text)
        unmapped[fragment.font] += 0 if fragment.is_mapped else len(fragment.text)
    return {
        font
        for font, counted in characters.items()
        if font
        and (
            _is_garbled(counted) or (2 * unmapped[font] > counted.total() and _are_numbers(counted))
        )
    }


def _is_garbled(counted: Counter[str]) -> bool:
    return counted[UNKNOWN] > _UNKNOWN_PART * counted.total() or _is_exchanged(counted)


def _are_numbers(counted: Counter[str]) -> bool:
    """Return whether what a font gives without naming characters only counts its glyphs.

    Fonts of TeX name no characters either, and yet have them at their usual numbers: those are
    mostly small letters, as often as in a language.
    """
    foreign = sum(count for letter, count in counted.items() if letter > "\x7f")
    plain = counted.total() - foreign - sum(counted[digit] for digit in digits)
    if plain < max(_FEWEST_UNMAPPED, foreign):
        return False
    small = sum(count for letter, count in counted.items() if letter.islower())
    return 2 * small < counted.total() or _likeness(counted, 0) <= _UNLIKE


def _is_exchanged(counted: Counter[str]) -> bool:
    """Return whether the characters are letters of a language only if each is replaced by another."""
    small = sum(count for letter, count in counted.items() if letter.islower())
    foreign = sum(count for letter, count in counted.items() if letter > "\x7f")
    if counted.total() < _FEWEST_LETTERS or foreign * 2 > counted.total():
        return False
    if _likeness(counted, 0) > _UNLIKE:
        return False
    shifts = (shift for shift in range(-_FURTHEST_SHIFT, _FURTHEST_SHIFT + 1) if shift)
    if any(_likeness(counted, shift) > _LIKE for shift in shifts):
        return True
    is_prose = small > _SMALL_LETTERS * counted.total()
    return is_prose and counted.total() > _FEWEST_FOR_ORDER and _order_likeness(counted) > _SAME


def _order_likeness(counted: Counter[str]) -> float:
    """Return the cosine between the frequencies of characters and those of letters, in order of both."""
    found: Counter[str] = Counter()
    for character, count in counted.items():
        found[character.casefold()] += count
    usual = sorted(_FREQUENCIES.values(), reverse=True)
    return _cosine(sorted(found.values(), reverse=True)[: len(usual)], usual)


def _cosine(some: Sequence[float], others: Sequence[float]) -> float:
    product = sum(one * other for one, other in zip(some, others, strict=False))
    return float(product / (hypot(*some) * hypot(*others))) if any(some) else 0.0


def _likeness(counted: Counter[str], shift: int) -> float:
    """Return the cosine between the frequencies of the shifted characters and those of letters."""
    found: Counter[str] = Counter()
    for character, count in counted.items():
        found[chr(max(ord(character) + shift, 0)).casefold()] += count
    others = [count for letter, count in found.items() if letter not in _FREQUENCIES]
    here = [*(found[letter] for letter in _FREQUENCIES), *others]
    return _cosine(here, [*_FREQUENCIES.values(), *(0 for _ in others)])


def _readable(page: ReadPage, garbled: set[str]) -> ReadPage:
    everything = [fragment for layer in page.layers for fragment in layer.fragments]
    total = sum(len(fragment.text) for fragment in everything)
    lost = sum(_unknown(fragment, garbled) for fragment in everything)
    if not lost:
        return page
    note = "in a font that does not tell its characters"
    if lost > _UNKNOWN_PART * total:
        return replace(page, layers=(), notes=(*page.notes, note), is_picture=True)
    layers = tuple(
        replace(layer, fragments=tuple(_known(layer.fragments, garbled))) for layer in page.layers
    )
    return replace(page, layers=layers, notes=(*page.notes, note))


def _known(fragments: Sequence[Fragment], garbled: set[str]) -> Iterator[Fragment]:
    """Yield the fragments with a box for each unknown word or glyph, but no line of nothing else."""
    lost = {id(one) for one in fragments if _unknown(one, garbled) > _UNKNOWN_PART * len(one.text)}
    kept = {round(one.baseline) for one in fragments if id(one) not in lost}
    for one in fragments:
        if id(one) not in lost:
            yield replace(one, text=one.text.replace(UNKNOWN, _MISSING))
        elif round(one.baseline) in kept:
            yield replace(one, text=_MISSING)


def _unknown(fragment: Fragment, garbled: set[str]) -> int:
    if fragment.font in garbled:
        return len(fragment.text)
    return fragment.text.count(UNKNOWN)
