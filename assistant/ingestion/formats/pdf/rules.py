"""Find the lines and boxes that are drawn on a page: borders of tables, frames, strokes through text."""

import ctypes
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats.pdf.reader import Box, Glyphs, upright

_MOST_OBJECTS = 20_000
_MOST_POINTS = 20_000
_THICKEST = 2.5
_SHORTEST = 4.0
_LARGEST_TICK = 20.0
_STRAIGHT = 0.5
_WHITE = 250
_STROKE = (0.12, 0.5)
"""How far above the baseline a stroke through a text is, in sizes of type."""
_COVERED = 0.8

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The thin lines on a page, the filled rectangles and the frames, in the page's own points."""

    rules: tuple[Box, ...] = ()
    boxes: tuple[Box, ...] = ()
    frames: tuple[Box, ...] = ()
    ticks: tuple[Box, ...] = ()
    """What is so small that it may be a mark in a box."""

    def seen_at(self, angle: int) -> "Drawing":
        """Return it turned so that what is written at the angle is upright."""
        return Drawing(
            tuple(upright(rule, angle) for rule in self.rules),
            tuple(upright(box, angle) for box in self.boxes),
            tuple(upright(frame, angle) for frame in self.frames),
            tuple(upright(tick, angle) for tick in self.ticks),
        )


def read_drawing(page: pypdfium2.PdfPage) -> Drawing:
    """Return the lines and rectangles of a page that can be seen on white."""
    count = pdfium.FPDFPage_CountObjects(page)
    rules: list[Box] = []
    boxes: list[Box] = []
    frames: list[Box] = []
    ticks: list[Box] = []
    points = 0
    for index in range(count if count <= _MOST_OBJECTS else 0):
        path = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(path) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        points += pdfium.FPDFPath_CountSegments(path)
        if points > _MOST_POINTS:
            return Drawing()
        is_filled, is_stroked = _ways_of_drawing(path)
        found: list[Box] = []
        for line in _lines(path) if is_filled or is_stroked else ():
            box = _around(line)
            if min(box[2] - box[0], box[3] - box[1]) <= _THICKEST:
                rules.append(box)
                continue
            if is_stroked:
                rules += (_around(pair) for pair in pairwise(line) if _is_straight(*pair))
            if len(line) in (4, 5) and all(_is_straight(*pair) for pair in pairwise(line)):
                found.append(box)
            elif max(box[2] - box[0], box[3] - box[1]) < _LARGEST_TICK:
                ticks.append(box)
        is_frame = is_stroked or (len(found) == 2 and _is_border(*found))
        (frames if is_frame else boxes).extend(found)
    long = (rule for rule in rules if max(rule[2] - rule[0], rule[3] - rule[1]) > _SHORTEST)
    return Drawing(tuple(long), tuple(boxes), tuple(frames), tuple(ticks))


def without_struck(glyphs: Sequence[Glyphs], drawing: Drawing) -> list[Glyphs]:
    """Return the text of a page that no line is drawn through."""
    struck: set[int] = set()
    for angle in {glyph.angle for glyph in glyphs} if drawing.rules else ():
        some = sorted((one for one in glyphs if one.angle == angle), key=_baseline)
        reach = _STROKE[1] * max(glyph.fragment.size for glyph in some)
        for rule in drawing.seen_at(angle).rules:
            if rule[2] - rule[0] > rule[3] - rule[1]:
                first, last = (bisect(some, y, key=_baseline) for y in (rule[1], rule[3] + reach))
                struck.update(_struck(some[first:last], rule))
    return [glyph for glyph in glyphs if id(glyph) not in struck]


def _baseline(glyph: Glyphs) -> float:
    return glyph.fragment.baseline


def _struck(glyphs: Sequence[Glyphs], rule: Box) -> list[int]:
    """Return the ``id`` of the text that a line goes through; nothing if it goes on beyond the text."""
    left, top, right, bottom = rule
    middle = (top + bottom) / 2
    found = [
        glyph
        for glyph in glyphs
        if _STROKE[0] < (glyph.fragment.baseline - middle) / glyph.fragment.size < _STROKE[1]
        and min(right, glyph.fragment.right) - max(left, glyph.fragment.left)
        > _COVERED * (glyph.fragment.right - glyph.fragment.left)
    ]
    if not found:
        return []
    size = found[0].fragment.size
    first = min(glyph.fragment.left for glyph in found)
    last = max(glyph.fragment.right for glyph in found)
    return [id(glyph) for glyph in found] if first - left < size and right - last < size else []


def _ways_of_drawing(path: object) -> tuple[bool, bool]:
    """Return whether a path is filled and whether its line is drawn, in a colour that is not white."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(path, fill, stroke)
    return (
        fill.value != 0 and _is_seen(path, pdfium.FPDFPageObj_GetFillColor),
        stroke.value != 0 and _is_seen(path, pdfium.FPDFPageObj_GetStrokeColor),
    )


def _is_seen(path: object, colour_of: object) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not colour_of(path, *parts):  # type: ignore[operator]
        return True
    return min(part.value for part in parts[:3]) < _WHITE and parts[3].value > 0


def _lines(path: object) -> Iterator[list[Point]]:
    """Yield the points of each line of a path; a curve ends one."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(path, matrix)
    line: list[Point] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPath_CountSegments(path)):
        segment = pdfium.FPDFPath_GetPathSegment(path, index)
        if not pdfium.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if pdfium.FPDFPathSegment_GetType(segment) != pdfium.FPDF_SEGMENT_LINETO and line:
            yield line
            line = []
        line.append(point)
        if pdfium.FPDFPathSegment_GetClose(segment) and line[0] != point:
            line.append(line[0])
    if line:
        yield line


def _is_border(outer: Box, inner: Box) -> bool:
    """Return whether one box is right within another, so that what is filled is a border."""
    return all(abs(a - b) <= 2 * _THICKEST for a, b in zip(outer, inner, strict=True))


def _around(points: Sequence[Point]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _is_straight(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) < _STRAIGHT or abs(one[1] - other[1]) < _STRAIGHT
