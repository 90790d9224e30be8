"""Read what was filled into the form of a page and typed onto it as notes."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.ingestion.formats.pdf.fragments import Fragment, Layer
from assistant.ingestion.formats.pdf.reader import Box, upright

_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
_CHOICES = (pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX)
_TICKS = {
    (pdfium.FPDF_FORMFIELD_CHECKBOX, True): "☑",
    (pdfium.FPDF_FORMFIELD_CHECKBOX, False): "☐",
    (pdfium.FPDF_FORMFIELD_RADIOBUTTON, True): "◉",
    (pdfium.FPDF_FORMFIELD_RADIOBUTTON, False): "○",
}
_USUAL_SIZE = 10.0
_LETTER = 0.5
"""The width of a letter, in sizes of type."""
_LINE = 1.2
_LABEL_REACH = 3.0


@dataclass(frozen=True, slots=True)
class Filled:
    """What is filled in or typed, and the box it is written in, in points of the page."""

    text: str
    box: Box
    is_tick: bool = False
    is_note: bool = False


def filled_in(page: pypdfium2.PdfPage) -> list[Filled]:
    """Return the values of a page's form fields and the notes typed on it, those that are shown."""
    found: list[Filled] = []
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            found += _filled(page, annotation)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def _filled(page: pypdfium2.PdfPage, annotation: object) -> Iterator[Filled]:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rectangle)
    box = (
        rectangle.left,
        min(rectangle.bottom, rectangle.top),
        rectangle.right,
        max(rectangle.bottom, rectangle.top),
    )
    if kind == pdfium.FPDF_ANNOT_FREETEXT:
        text = _text(lambda *to: pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", *to))
        if text.strip():
            yield Filled(text, box, is_note=True)
    elif kind == pdfium.FPDF_ANNOT_WIDGET and page.formenv:
        yield from _value(page.formenv, annotation, box)


def _value(form: object, annotation: object, box: Box) -> Iterator[Filled]:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in (pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON):
        is_checked = bool(pdfium.FPDFAnnot_IsChecked(form, annotation))
        yield Filled(_TICKS[kind, is_checked], box, is_tick=True)
        return
    if kind != pdfium.FPDF_FORMFIELD_TEXTFIELD and kind not in _CHOICES:
        return
    if kind == pdfium.FPDF_FORMFIELD_TEXTFIELD and (
        pdfium.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD
    ):
        return
    text = ", ".join(_chosen(form, annotation)) if kind in _CHOICES else ""
    text = text or _text(lambda *to: pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, *to))
    if text.strip():
        yield Filled(text, box)


def _chosen(form: object, annotation: object) -> Iterator[str]:
    for index in range(max(pdfium.FPDFAnnot_GetOptionCount(form, annotation), 0)):
        if pdfium.FPDFAnnot_IsOptionSelected(form, annotation, index):
            yield _text(
                lambda *to, at=index: pdfium.FPDFAnnot_GetOptionLabel(form, annotation, at, *to)
            )


def _text(read: object) -> str:
    """Return what a function of PDFium gives that writes a text of unknown length."""
    size = read(None, 0)  # type: ignore[operator]
    if size <= 2:
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    read(buffer, size)  # type: ignore[operator]
    return bytes(buffer).decode("utf-16-le", "replace").split("\0")[0]


def with_filled(layer: Layer, filled: Sequence[Filled]) -> tuple[Layer, ...]:
    """Return a layer with what is filled in beside its labels, and each note apart as a layer."""
    fragments = list(layer.fragments)
    notes: list[Layer] = []
    number = max((fragment.number for fragment in fragments), default=0)
    for one in filled:
        number += 2
        box = upright(one.box, layer.angle)
        size, baseline = _line_of(box, layer.fragments)
        if (
            one.is_note
            and box[3] - box[1] > 2.5 * size
            and _lines_beside(box, layer.fragments) != 1
        ):
            lines = _lines(one, box, size, number)
            number += 2 * len(lines)
            notes.append(replace(layer, fragments=lines))
            continue
        text = " ".join(one.text.split())
        right = min(box[2], box[0] + len(text) * _LETTER * size)
        middle = (box[1] + box[3]) / 2 + 0.3 * size
        value = Fragment(text, box[0], right, baseline or middle, size, "", number, True)
        fragments.append(_beside_label(value, layer.fragments) if one.is_tick else value)
    return (replace(layer, fragments=tuple(fragments)), *notes)


def _lines(note: Filled, box: Box, size: float, number: int) -> tuple[Fragment, ...]:
    """Return the lines of a note that stands by itself, one below another."""
    lines = [" ".join(line.split()) for line in note.text.splitlines() if line.strip()]
    return tuple(
        Fragment(
            line,
            box[0],
            box[0] + max(len(line), 1) * _LETTER * size,
            box[1] + size + row * _LINE * size,
            size,
            "",
            number + 2 * row,
            True,
        )
        for row, line in enumerate(lines)
    )


def _lines_beside(box: Box, fragments: Sequence[Fragment]) -> int:
    return len({round(one.baseline) for one in fragments if _is_beside(box, one)})


def _is_beside(box: Box, fragment: Fragment) -> bool:
    return box[1] - 2 <= fragment.baseline - 0.35 * fragment.size <= box[3] + 2


def _line_of(box: Box, fragments: Sequence[Fragment]) -> tuple[float, float | None]:
    """Return the size of type beside a box, and the baseline of the text there if there is any."""
    beside = [fragment for fragment in fragments if _is_beside(box, fragment)]
    if not beside:
        return _USUAL_SIZE, None
    nearest = min(
        beside,
        key=lambda fragment: (
            max(fragment.left - box[2], box[0] - fragment.right, 0.0)
            + abs(fragment.baseline - (box[1] + box[3]) / 2) / 4
        ),
    )
    return nearest.size, nearest.baseline


def _beside_label(tick: Fragment, fragments: Sequence[Fragment]) -> Fragment:
    """Return a tick that reaches to the label on its right."""
    rights = [
        fragment.left
        for fragment in fragments
        if fragment.baseline == tick.baseline
        and 0 < fragment.left - tick.left < _LABEL_REACH * tick.size
    ]
    if not rights:
        return tick
    return replace(tick, right=max(min(rights) - 0.25 * tick.size, tick.left + 1))
