"""Find the cells of tables between drawn lines, with those that are merged across or downwards."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.ingestion.formats.pdf.reader import Box

_TOUCHING = 3.0
_NARROWEST = 4.5
"""Lines that are less apart are one, such as the borders of two cells beside each other."""
_MOST_RULES = 2_000
_MOST_CELLS = 4_000


@dataclass(frozen=True, slots=True)
class GridCell:
    """Where a cell begins, and how many rows and columns it spans."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The borders of rows and columns, and the cells row by row."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]

    @property
    def around(self) -> Box:
        """The outer borders."""
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def place_of(self, x: float, y: float) -> tuple[int, int]:
        """Return in which row and column a point is, counted from 0; -1 and beyond the last outside."""
        return bisect(self.ys, y) - 1, bisect(self.xs, x) - 1


def grids(rules: Sequence[Box]) -> Iterator[Grid]:
    """Yield the grids that lines make; a frame is one of a single cell."""
    if len(rules) > _MOST_RULES:
        return
    for group in _joined(rules):
        across = [rule for rule in group if _is_level(rule)]
        down = [rule for rule in group if not _is_level(rule)]
        if not across or not down:
            continue
        xs = _borders([*(_middle(rule, 0) for rule in down), *_ends(across, 0)])
        ys = _borders([*(_middle(rule, 1) for rule in across), *_ends(down, 1)])
        is_frame = len(xs) == len(ys) == 2 and min(len(across), len(down)) > 1
        is_table = min(len(xs), len(ys)) > 2 and len(xs) * len(ys) <= _MOST_CELLS
        if not is_frame and not is_table:
            continue
        cells = _cells(xs, ys, across, down)
        if cells is not None:
            yield Grid(tuple(xs), tuple(ys), cells)


def _is_level(rule: Box) -> bool:
    return rule[2] - rule[0] >= rule[3] - rule[1]


def _middle(rule: Box, axis: int) -> float:
    return (rule[axis] + rule[axis + 2]) / 2


def _ends(rules: Sequence[Box], axis: int) -> tuple[float, float]:
    return min(rule[axis] for rule in rules), max(rule[axis + 2] for rule in rules)


def _joined(rules: Sequence[Box]) -> list[list[Box]]:
    """Return the lines that touch each other, those that others touch included."""
    groups: list[tuple[Box, list[Box]]] = []
    for rule in rules:
        touching = [
            group
            for group in groups
            if _touch(group[0], rule) and any(_touch(one, rule) for one in group[1])
        ]
        whole = [rule, *(one for _, some in touching for one in some)]
        groups = [group for group in groups if not any(group is other for other in touching)]
        boxes = [rule, *(box for box, _ in touching)]
        groups.append(((*_least(boxes), *_most(boxes)), whole))
    return [some for _, some in groups]


def _least(boxes: Sequence[Box]) -> tuple[float, float]:
    return min(box[0] for box in boxes), min(box[1] for box in boxes)


def _most(boxes: Sequence[Box]) -> tuple[float, float]:
    return max(box[2] for box in boxes), max(box[3] for box in boxes)


def _touch(one: Box, other: Box) -> bool:
    return (
        one[0] <= other[2] + _TOUCHING
        and other[0] <= one[2] + _TOUCHING
        and one[1] <= other[3] + _TOUCHING
        and other[1] <= one[3] + _TOUCHING
    )


def _borders(places: Sequence[float]) -> list[float]:
    """Return the places of lines, in order, those that are close together as one."""
    groups: list[list[float]] = []
    for place in sorted(places):
        if groups and place - groups[-1][-1] < _NARROWEST:
            groups[-1].append(place)
        else:
            groups.append([place])
    return [sum(group) / len(group) for group in groups]


def _cells(
    xs: Sequence[float], ys: Sequence[float], across: Sequence[Box], down: Sequence[Box]
) -> tuple[GridCell, ...] | None:
    """Return the cells; None if lines do not part the grid into rectangles."""
    upright, level = _stretches(down, 0, xs), _stretches(across, 1, ys)
    open_right = {
        (row, column)
        for row, column in product(range(len(ys) - 1), range(len(xs) - 2))
        if not _is_drawn(upright[column + 1], (ys[row] + ys[row + 1]) / 2)
    }
    open_below = {
        (row, column)
        for row, column in product(range(len(ys) - 2), range(len(xs) - 1))
        if not _is_drawn(level[row + 1], (xs[column] + xs[column + 1]) / 2)
    }
    taken: set[tuple[int, int]] = set()
    cells = []
    for row, column in product(range(len(ys) - 1), range(len(xs) - 1)):
        if (row, column) in taken:
            continue
        columns = rows = 1
        while (row, column + columns - 1) in open_right:
            columns += 1
        while (row + rows - 1, column) in open_below:
            rows += 1
        places = set(product(range(row, row + rows), range(column, column + columns)))
        if places & taken or not _is_open(places, open_right, open_below):
            return None
        taken |= places
        cells.append(GridCell(row, column, rows, columns))
    return tuple(cells)


def _stretches(
    rules: Sequence[Box], axis: int, places: Sequence[float]
) -> list[list[tuple[float, float]]]:
    """Return for each border from where to where lines are drawn on it."""
    other = 1 - axis
    return [
        [
            (rule[other], rule[other + 2])
            for rule in rules
            if abs(_middle(rule, axis) - place) < _NARROWEST
        ]
        for place in places
    ]


def _is_drawn(stretches: Sequence[tuple[float, float]], along: float) -> bool:
    """Return whether there is a line at a point of a border."""
    return any(first - _TOUCHING <= along <= last + _TOUCHING for first, last in stretches)


def _is_open(
    places: set[tuple[int, int]],
    open_right: set[tuple[int, int]],
    open_below: set[tuple[int, int]],
) -> bool:
    """Return whether no line is drawn within a cell."""
    return all(
        (place in open_right) == ((place[0], place[1] + 1) in places)
        and (place in open_below) == ((place[0] + 1, place[1]) in places)
        for place in places
    )
