"""Leave out text that nobody sees: off the page, invisible, hidden, white on white, covered.

Text is seen if the page looks different without it. Pages are drawn to find that out only where
something gives rise to it. Invisible text over a picture of itself, as text recognition writes it,
is kept.
"""

import ctypes
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats.pdf.reader import Box, Glyphs

_INVISIBLE_MODES = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
_LIGHT = 200
_LIKE = 24
"""Two colours whose parts differ by less may look the same."""
_CONTRAST = 48
_MOST_SHAPES = 400
_MOST_POINTS = 40
_MOST_OBJECTS = 20_000
_PIXELS = 4_000_000
_SHAPES = (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)

Colour = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A filled path or a picture: its place in the order of drawing, its box, its colour if it has one."""

    order: int
    box: Box
    kind: int
    colour: Colour | None


@dataclass(frozen=True, slots=True)
class _Paint:
    """How a text object is drawn: its colour, whether that may be invisible, what confines it."""

    colour: Colour | None
    is_doubtful: bool
    clips: tuple[Box, ...]


def seen(page: pypdfium2.PdfPage, glyphs: Sequence[Glyphs]) -> list[Glyphs]:
    """Return the text of a page that a person sees."""
    border = page.get_bbox()
    there = [glyph for glyph in glyphs if _contains(border, glyph.box)]
    shapes, orders = _shapes(page)
    paints: dict[int, _Paint] = {}
    doubtful = [glyph for glyph in there if _is_doubtful(glyph, shapes, orders, paints)]
    if not doubtful:
        return there
    unseen = {id(glyph) for glyph in _unseen(page, doubtful, shapes)}
    return [glyph for glyph in there if id(glyph) not in unseen]


def _contains(outer: Box, inner: Box) -> bool:
    """Return whether the middle of a box lies in another."""
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def _address(page_object: object) -> int:
    return ctypes.addressof(page_object.contents)  # type: ignore[attr-defined]


def _shapes(page: pypdfium2.PdfPage) -> tuple[list[_Shape], dict[int, int]]:
    """Return what is drawn beside text, and when each text object is drawn."""
    count = pdfium.FPDFPage_CountObjects(page)
    shapes: list[_Shape] = []
    orders: dict[int, int] = {}
    if count > _MOST_OBJECTS:
        return shapes, orders
    for order in range(count):
        one = pdfium.FPDFPage_GetObject(page, order)
        kind = pdfium.FPDFPageObj_GetType(one)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            orders[_address(one)] = order
        elif kind in _SHAPES and (kind != pdfium.FPDF_PAGEOBJ_PATH or _is_filled(one)):
            box = _box(one)
            if box[2] - box[0] > 4 and box[3] - box[1] > 4:
                colour = _colour(one) if kind == pdfium.FPDF_PAGEOBJ_PATH else None
                shapes.append(_Shape(order, box, kind, colour))
    return (shapes if len(shapes) <= _MOST_SHAPES else []), orders


def _is_filled(path: object) -> bool:
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, mode, stroke)
    return mode.value != 0


def _box(page_object: object) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(page_object, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value


def _colour(page_object: object) -> Colour | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(page_object, *parts):
        return None
    red, green, blue, alpha = (part.value for part in parts)
    return red, green, blue, alpha


def _is_doubtful(
    glyph: Glyphs,
    shapes: Sequence[_Shape],
    orders: dict[int, int],
    paints: dict[int, _Paint],
) -> bool:
    """Return whether something gives rise to the question whether a text is seen."""
    if not glyph.text_object:
        return False
    address = _address(glyph.text_object)
    paint = paints.get(address)
    if paint is None:
        paint = paints[address] = _paint(glyph.text_object)
    if paint.is_doubtful or not all(_contains(border, glyph.box) for border in paint.clips):
        return True
    order = orders.get(address)
    return any(
        _is_like(shape.colour, paint.colour) or (order is not None and shape.order > order)
        for shape in shapes
        if _contains(shape.box, glyph.box)
    )


def _paint(text: object) -> _Paint:
    colour = _colour(text)
    is_light = colour is not None and (colour[3] < _LIGHT or min(colour[:3]) >= _LIGHT)
    is_doubtful = (
        is_light
        or pdfium.FPDFTextObj_GetTextRenderMode(text) in _INVISIBLE_MODES
        or _is_marked_optional(text)
    )
    return _Paint(colour, is_doubtful, tuple(_clips(text)))


def _is_like(one: Colour | None, other: Colour | None) -> bool:
    return (
        one is not None
        and other is not None
        and all(abs(a - b) < _LIKE for a, b in zip(one[:3], other[:3], strict=True))
    )


def _is_marked_optional(text: object) -> bool:
    """Return whether a text object is on a layer that may be switched off."""
    for index in range(pdfium.FPDFPageObj_CountMarks(text)):
        name = (ctypes.c_ushort * 16)()
        mark = pdfium.FPDFPageObj_GetMark(text, index)
        pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), ctypes.c_ulong())
        if bytes(name).decode("utf-16-le").rstrip("\0") == "OC":
            return True
    return False


def _clips(text: object) -> Iterator[Box]:
    """Yield the boxes of the paths that the drawing of a text is confined to."""
    path = pdfium.FPDFPageObj_GetClipPath(text)
    count = pdfium.FPDFClipPath_CountPaths(path) if path else 0
    for index in range(max(count, 0)):
        points = list(_points(path, index))
        if points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            yield min(xs), min(ys), max(xs), max(ys)


def _points(path: object, index: int) -> Iterator[tuple[float, float]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(min(pdfium.FPDFClipPath_CountPathSegments(path, index), _MOST_POINTS)):
        segment = pdfium.FPDFClipPath_GetPathSegment(path, index, number)
        if segment and pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            yield x.value, y.value


def _unseen(
    page: pypdfium2.PdfPage, doubtful: Sequence[Glyphs], shapes: Sequence[_Shape]
) -> Iterator[Glyphs]:
    shown = _Picture(page)
    objects = {_address(glyph.text_object): glyph.text_object for glyph in doubtful}
    for text in objects.values():
        pdfium.FPDFPageObj_SetIsActive(text, False)
    try:
        without = _Picture(page)
    finally:
        for text in objects.values():
            pdfium.FPDFPageObj_SetIsActive(text, True)
    for glyph in doubtful:
        rows, others = shown.rows(glyph.box), without.rows(glyph.box)
        if rows == others and not _is_recognised(glyph, shapes, rows):
            yield glyph


def _is_recognised(glyph: Glyphs, shapes: Sequence[_Shape], rows: Sequence[bytes]) -> bool:
    """Return whether an invisible text lies over a picture in which something is seen."""
    mode = pdfium.FPDFTextObj_GetTextRenderMode(glyph.text_object)
    pictures = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM)
    if mode not in _INVISIBLE_MODES or not any(
        shape.kind in pictures and _contains(shape.box, glyph.box) for shape in shapes
    ):
        return False
    inked = b"".join(rows)
    return bool(inked) and max(inked) - min(inked) > _CONTRAST


class _Picture:
    """A page as it is seen, in shades of grey, not turned."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self._left, bottom, right, self._top = page.get_bbox()
        area = max((right - self._left) * (self._top - bottom), 1.0)
        self._scale = min(2.0, math.sqrt(_PIXELS / area))
        bitmap = page.render(
            scale=self._scale,
            rotation=-page.get_rotation() % 360,
            grayscale=True,
            limit_image_cache=True,
        )
        self._width, self._height, self._stride = bitmap.width, bitmap.height, bitmap.stride
        self._bytes = bytes(bitmap.buffer)
        bitmap.close()

    def rows(self, box: Box) -> list[bytes]:
        """Return the pixels of a part of the page, row by row."""
        left = max(int((box[0] - self._left) * self._scale), 0)
        right = min(math.ceil((box[2] - self._left) * self._scale), self._width)
        top = max(int((self._top - box[3]) * self._scale), 0)
        bottom = min(math.ceil((self._top - box[1]) * self._scale), self._height)
        starts = (row * self._stride for row in range(top, bottom))
        return [self._bytes[start + left : start + right] for start in starts]
