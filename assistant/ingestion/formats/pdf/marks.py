"""Read what is drawn instead of written: boxes to tick, and words with a box for each letter."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.ingestion.formats.pdf.fragments import Fragment, middle
from assistant.ingestion.formats.pdf.reader import Box
from assistant.ingestion.formats.pdf.rules import Drawing

_SMALLEST, _LARGEST = 4.0, 16.0
_HIGHEST = 60.0
"""A box for a letter is no higher."""
_FURTHEST = 1_000_000.0
_NEAREST, _REACH = 0.8, 2.0
_TICKS = frozenset("xX×✓✔✗✘☒")
_FEWEST_LETTERS = 4


def with_marks(fragments: Sequence[Fragment], drawing: Drawing) -> tuple[Fragment, ...]:
    """Return the fragments with drawn boxes to tick as characters, and the letters in a row of boxes joined."""
    whole = _joined(list(fragments), drawing.frames)
    near = _ByHeight(whole)
    number = max((fragment.number for fragment in fragments), default=0)
    marks: list[Fragment] = []
    replaced: set[int] = set()
    for box in sorted(set(filter(_is_small_square, drawing.frames))):
        around = near.fragments(box)
        inside = [one for one in around if _is_in(one, box)]
        label = _label(box, around)
        if label is None or any(one.text not in _TICKS for one in inside):
            continue
        is_ticked = inside or any(_contains(box, tick) for tick in drawing.ticks)
        number += 2
        mark = replace(
            label,
            text="☒" if is_ticked else "☐",
            left=box[0],
            right=box[2],
            number=number,
            spaced=True,
        )
        replaced.update(map(id, inside))
        marks.append(mark)
    return (*(one for one in whole if id(one) not in replaced), *marks)


class _ByHeight:
    """Find fragments by their height on a page."""

    def __init__(self, fragments: Sequence[Fragment]) -> None:
        self._rows: dict[int, list[Fragment]] = defaultdict(list)
        for fragment in fragments:
            self._rows[self._row(fragment.baseline)].append(fragment)

    def fragments(self, box: Box) -> list[Fragment]:
        """Return the fragments whose baseline is beside a box or a little below it."""
        rows = range(self._row(box[1]), self._row(box[3] + _LARGEST) + 1)
        return [fragment for row in rows for fragment in self._rows.get(row, ())]

    def _row(self, height: float) -> int:
        return int(max(-_FURTHEST, min(height, _FURTHEST)) // _LARGEST)


def _is_small_square(box: Box) -> bool:
    width, height = box[2] - box[0], box[3] - box[1]
    return _SMALLEST < width < _LARGEST and abs(width - height) < 0.2 * width


def _label(box: Box, fragments: Sequence[Fragment]) -> Fragment | None:
    """Return the word that begins right after a box."""
    beside = [
        one
        for one in fragments
        if box[1] - _NEAREST * one.size < one.baseline - 0.35 * one.size < box[3]
        and box[1] < one.baseline
        and -1 < one.left - box[2] < _REACH * one.size
        and one.text not in _TICKS
    ]
    return min(beside, key=lambda one: one.left, default=None)


def _is_in(fragment: Fragment, box: Box) -> bool:
    x, y = (fragment.left + fragment.right) / 2, fragment.baseline - 0.35 * fragment.size
    return box[0] < x < box[2] and box[1] < y < box[3]


def _contains(outer: Box, inner: Box) -> bool:
    return all(
        outer[axis] - 2 < inner[axis] and inner[axis + 2] < outer[axis + 2] + 2 for axis in (0, 1)
    )


def _joined(fragments: list[Fragment], frames: Sequence[Box]) -> list[Fragment]:
    """Return the fragments with those in a row of boxes, a letter in each, as words."""
    near = _ByHeight(fragments)
    joined: list[Fragment] = []
    replaced: set[int] = set()
    for row in _rows_of_boxes(frames):
        letters = [[one for one in near.fragments(box) if _is_in(one, box)] for box in row]
        filled = [one for some in letters for one in some]
        if len(filled) < _FEWEST_LETTERS or any(
            len(some) > 1 or len(some[0].text) > 1 for some in letters if some
        ):
            continue
        text = "".join(some[0].text if some else " " for some in letters)
        first = filled[0]
        whole = replace(first, text=text.strip(), right=filled[-1].right)
        replaced.update(map(id, filled))
        joined.append(whole)
    return [one for one in fragments if id(one) not in replaced] + joined


def _rows_of_boxes(frames: Sequence[Box]) -> Iterator[list[Box]]:
    """Yield the boxes that stand side by side, each as large as the one before."""
    row: list[Box] = []
    width = middle([box[2] - box[0] for box in frames])
    boxes = {box for box in frames if box[3] - box[1] <= _HIGHEST}
    for box in sorted(boxes, key=lambda box: (round(box[1]), box[0])):
        is_next = row and abs(box[1] - row[-1][1]) < 2 and -2 < box[0] - row[-1][2] < width
        is_alike = row and abs((box[2] - box[0]) - (row[-1][2] - row[-1][0])) < 2
        if not (is_next and is_alike):
            if len(row) >= _FEWEST_LETTERS:
                yield row
            row = []
        row.append(box)
    if len(row) >= _FEWEST_LETTERS:
        yield row
