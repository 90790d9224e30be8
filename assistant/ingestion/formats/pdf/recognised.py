"""Make pages of recognised text, in place of those that are but pictures."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pypdfium2

from assistant.ingestion.formats.pdf.fragments import Fragment, Layer, ReadPage, middle
from assistant.models.recognition import Pixels, RecognisedLine

Recognise = Callable[[Pixels], Sequence[RecognisedLine]]

DOTS_PER_POINT = 200 / 72
"""At 200 dots an inch small print is legible."""
_MOST_PIXELS = 12_000_000
_MOST_PAGES = 1_000
_HEIGHT, _DEPTH = 0.8, 0.2
"""The size of type, and what is below its baseline, in parts of a line's height."""
_SAME_SIZE = 1.2


def with_recognised(
    content: bytes, pages: Sequence[ReadPage], recognise: Recognise
) -> list[ReadPage]:
    """Return the pages of a PDF with the text that is recognised in those that are pictures."""
    found = list(pages)
    waiting = [number for number, page in enumerate(pages) if page.is_picture][:_MOST_PAGES]
    with pypdfium2.PdfDocument(content) as document:
        for number in waiting:
            page = document[number]
            found[number] = recognised_in(page, pages[number], recognise)
            page.close()
    return found


def recognised_in(page: pypdfium2.PdfPage, read: ReadPage, recognise: Recognise) -> ReadPage:
    """Return a page with the text that is recognised in a picture of it; places are as it is shown."""
    width, height = page.get_size()
    scale = min(DOTS_PER_POINT, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
    bitmap = page.render(scale=scale, rev_byteorder=True)
    pixels = np.array(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return recognised_page(recognise(pixels), pixels, scale, read)


def recognised_page(
    lines: Iterable[RecognisedLine], pixels: Pixels, scale: float, page: ReadPage
) -> ReadPage:
    """Return a page of recognised lines; ``scale`` is pixels a point."""
    fragments = tuple(_fragments(list(lines), scale))
    if not fragments:
        return page
    height, width, _ = pixels.shape
    layer = Layer(0, fragments, 0.0, 0.0, width / scale, height / scale)
    return replace(page, layers=(layer,), notes=(), is_picture=False, is_recognised=True)


def _fragments(lines: Sequence[RecognisedLine], scale: float) -> Iterator[Fragment]:
    number = 0
    for line, height in zip(lines, _heights(lines), strict=True):
        size = _HEIGHT * height / scale
        baseline = ((line.top + line.bottom) / 2 + (0.5 - _DEPTH) * height) / scale
        for index, word in enumerate(line.words):
            left, right = word.left / scale, word.right / scale
            is_spaced = True if index else None
            yield Fragment(word.text, left, right, baseline, size, "", number, is_spaced)
            number += 1


def _heights(lines: Sequence[RecognisedLine]) -> list[float]:
    """Return the height of each line; those of about one height are of one size of type."""
    ordered = sorted(lines, key=lambda line: line.bottom - line.top)
    groups: list[list[RecognisedLine]] = []
    for line in ordered:
        height = line.bottom - line.top
        if groups and height <= _SAME_SIZE * (groups[-1][0].bottom - groups[-1][0].top):
            groups[-1].append(line)
        else:
            groups.append([line])
    usual = {
        id(line): middle([one.bottom - one.top for one in group])
        for group in groups
        for line in group
    }
    return [usual[id(line)] for line in lines]
