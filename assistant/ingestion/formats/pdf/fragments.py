"""The values between PDFium and the layout: fragments of text with their place on a page.

Places are in points, seen upright: ``left`` and ``right`` grow to the right, ``top``, ``bottom``
and ``baseline`` grow downwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass

UNKNOWN = "\ufffd"
"""Stands in a fragment for a glyph of which the font does not tell the character."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """Characters without white space that stand side by side in one size of one font.

    ``number`` counts the fragments of a page in the order of the file. ``spaced`` tells whether
    the file has a space before it, and is None where the file leaves that to the distance. Of a
    font that names no characters ``is_mapped`` is False: the text is the numbers of its glyphs.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: str
    number: int
    spaced: bool | None = None
    is_mapped: bool = True

    @property
    def top(self) -> float:
        """The height of capital letters."""
        return self.baseline - 0.7 * self.size

    @property
    def bottom(self) -> float:
        """The depth of descending letters."""
        return self.baseline + 0.2 * self.size


@dataclass(frozen=True, slots=True)
class Layer:
    """The fragments of a page that are written at one angle, and the page's borders as seen so.

    ``rules``, ``boxes`` and ``frames`` are the lines, filled rectangles and empty ones that are drawn
    there: left, top, right, bottom.
    """

    angle: int
    fragments: tuple[Fragment, ...]
    left: float
    top: float
    right: float
    bottom: float
    rules: tuple[tuple[float, float, float, float], ...] = ()
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    frames: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page: the layer with most text first, its printed number, and why not all of it is read.

    ``is_picture`` if its text can only be recognised, ``is_recognised`` if it was.
    """

    layers: tuple[Layer, ...]
    label: str = ""
    notes: tuple[str, ...] = ()
    is_picture: bool = False
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A line of text, or a stretch of one between wide gaps; ``fragments`` are in the order of its text."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    font: str
    fragments: tuple[Fragment, ...] = ()

    @property
    def top(self) -> float:
        """The height of capital letters."""
        return self.baseline - 0.7 * self.size

    @property
    def bottom(self) -> float:
        """The depth of descending letters."""
        return self.baseline + 0.2 * self.size

    @property
    def width(self) -> float:
        """The distance between the left and the right border."""
        return self.right - self.left


def middle(values: Sequence[float]) -> float:
    """Return the median of values, the higher of two; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0.0
