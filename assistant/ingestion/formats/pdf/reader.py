"""Read the fragments of a page: PDFium finds characters and where they stand."""

import ctypes
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats.pdf.fragments import UNKNOWN, Fragment, Layer

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB06: "st"}
_HYPHENS_OF_PDFIUM = (0x02, 0xFFFE)
"""What PDFium gives for a hyphen at the end of a line."""
_SYMBOLS = {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0FE: "☑", 0xF0A8: "☐"}
"""Where Word writes bullets and boxes of its symbol fonts."""
_SMALLEST = 1.0
"""Type of fewer points is no larger than a dot."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A fragment as it stands on the page: its text object, its angle, and its box in the page's own points."""

    text_object: object
    angle: int
    fragment: Fragment
    box: Box


@dataclass(frozen=True, slots=True)
class _Style:
    font: str
    size: float
    angle: int


@dataclass(slots=True)
class _Run:
    """Characters of one text object without white space between them."""

    text_object: object
    key: int
    first: int
    last: int
    text: str
    spaced: bool | None


def read_glyphs(text_page: pypdfium2.PdfTextPage) -> Iterator[Glyphs]:
    """Yield the fragments of a page in the order of the file."""
    styles: dict[int, _Style] = {}
    for number, run in enumerate(_runs(text_page.raw, text_page.count_chars())):
        style = styles.get(run.key)
        if style is None:
            style = styles[run.key] = _style(text_page.raw, run)
        box, baseline = _place(text_page.raw, run)
        seen = upright(box, style.angle)
        size = style.size if style.size >= _SMALLEST else (seen[3] - seen[1]) / 1.2
        if size >= _SMALLEST and seen[2] > seen[0]:
            fragment = Fragment(
                run.text,
                seen[0],
                seen[2],
                upright((*baseline, *baseline), style.angle)[1],
                size,
                style.font,
                number,
                run.spaced,
                pdfium.FPDFText_HasUnicodeMapError(text_page.raw, run.first) != 1,
            )
            yield Glyphs(run.text_object, style.angle, fragment, box)


def layers(glyphs: Sequence[Glyphs], page: Box) -> tuple[Layer, ...]:
    """Return the fragments by the angle that they are written at, those with most text first."""
    by_angle: dict[int, list[Fragment]] = defaultdict(list)
    for glyph in glyphs:
        by_angle[glyph.angle].append(glyph.fragment)
    found = sorted(by_angle.items(), key=lambda item: -sum(len(one.text) for one in item[1]))
    if not found:
        return (Layer(0, (), *upright(page, 0)),)
    return tuple(Layer(angle, tuple(_once(some)), *upright(page, angle)) for angle, some in found)


def upright(box: Box, angle: int) -> Box:
    """Return the borders of a box of a page, turned so that what is written at the angle is upright.

    They are left, top, right and bottom, and grow to the right and downwards.
    """
    if angle == 0:
        return box[0], -box[3], box[2], -box[1]
    turn = math.radians(angle)
    cos, sin = round(math.cos(turn), 9), round(math.sin(turn), 9)
    xs = [x * cos + y * sin for x in box[0::2] for y in box[1::2]]
    ys = [x * sin - y * cos for x in box[0::2] for y in box[1::2]]
    return min(xs), min(ys), max(xs), max(ys)


def _once(fragments: Sequence[Fragment]) -> Iterator[Fragment]:
    """Yield the fragments without those that are printed over themselves, as for bold type or shadows."""
    seen: set[tuple[str, int, int]] = set()
    for fragment in fragments:
        x, y = round(fragment.left), round(fragment.baseline)
        around = {(fragment.text, x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)}
        if not seen & around or len(fragment.text) == 1:
            yield fragment
        seen.add((fragment.text, x, y))


def _runs(page: object, count: int) -> Iterator[_Run]:
    unicode_at, object_at = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetTextObject
    run: _Run | None = None
    spaced: bool | None = None
    for index in range(count):
        code = unicode_at(page, index)
        is_divided = code in _HYPHENS_OF_PDFIUM and pdfium.FPDFText_IsHyphen(page, index) == 1
        character = "-" if is_divided else _character(code)
        if not character or character.isspace():
            if run is not None:
                yield run
                run, spaced = None, False
            spaced = None if code in (10, 13) else bool(character) or spaced
            continue
        text_object = object_at(page, index)
        key = ctypes.addressof(text_object.contents) if text_object else 0
        if run is None or key != run.key:
            if run is not None:
                yield run
                spaced = False
            run = _Run(text_object, key, index, index, character, spaced)
        else:
            run.text += character
            run.last = index
        if is_divided:
            yield run
            run, spaced = None, None
    if run is not None:
        yield run


def _character(code: int) -> str:
    """Return what a code stands for; empty for what is no character of a text."""
    if code in _LIGATURES:
        return _LIGATURES[code]
    if code < 32 or code == 0xFFFE:
        return " " if code in (9, 10, 13) else UNKNOWN
    if code in _SYMBOLS:
        return _SYMBOLS[code]
    if 0xE000 <= code < 0xF900 or code >= 0xF0000 or 0xD800 <= code < 0xE000:
        return UNKNOWN
    return "" if code in (0x7F, 0x200B, 0xFEFF, 0xFFFF) else chr(code)


def _style(page: object, run: _Run) -> _Style:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(page, run.first, matrix)
    size = pdfium.FPDFText_GetFontSize(page, run.first) * math.hypot(matrix.c, matrix.d)
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    return _Style(_font(run.text_object), size, angle)


def _font(text_object: object) -> str:
    font = pdfium.FPDFTextObj_GetFont(text_object) if text_object else None
    if not font:
        return ""
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFFont_GetBaseFontName(font, name, 128)
    return name.value.decode("latin-1") or str(ctypes.addressof(font.contents))


def _place(page: object, run: _Run) -> tuple[Box, tuple[float, float]]:
    """Return the box of a run and the point at which its baseline begins, in points of the page."""
    boxes = [pdfium.FS_RECTF(), pdfium.FS_RECTF()]
    pdfium.FPDFText_GetLooseCharBox(page, run.first, boxes[0])
    pdfium.FPDFText_GetLooseCharBox(page, run.last, boxes[1])
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(page, run.first, x, y)
    box = (
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )
    return box, (x.value, y.value)
