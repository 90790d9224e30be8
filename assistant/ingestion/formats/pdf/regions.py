"""Read what is drawn around text: tables between lines cell by cell, and boxes apart from what is around them.

For the order of reading, each line of such a region is a sign in the place of its text.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from assistant.ingestion.formats.grid import Cell, table_rows
from assistant.ingestion.formats.pdf.columns import TableBlock, TextBlock, read_in_order
from assistant.ingestion.formats.pdf.fragments import Fragment, Layer, Segment
from assistant.ingestion.formats.pdf.grids import Grid, GridCell, grids
from assistant.ingestion.formats.pdf.joining import joined_lines
from assistant.ingestion.formats.pdf.lines import segments
from assistant.ingestion.formats.pdf.reader import Box
from assistant.ingestion.formats.pdf.stripes import is_stripe, is_within_text
from assistant.ingestion.formats.pdf.tables import in_rows

Block = TextBlock | TableBlock

_FIRST_SIGN = 0xF0000
_LONGEST_CELL = 600
"""Cells with more characters are the columns of a page, not those of a table."""
_MOST_BOXES = 500
_MOST_OF_PAGE = 0.7
_MOST_BESIDE = 0.3


def read_layer(layer: Layer, some: Sequence[Segment], left: float, right: float) -> list[Block]:
    """Return the blocks of a page in the order of reading."""
    regions = _Regions(list(some))
    frames = set(layer.frames)
    for grid in grids(layer.rules):
        if len(grid.cells) > 1:
            regions.add_grid(grid)
        else:
            frames.add(grid.around)
    boxes = {*layer.boxes, *frames}
    for box in sorted(boxes, key=_area) if len(boxes) <= _MOST_BOXES else ():
        if not any(other != box and _are_cells(other, box) for other in boxes):
            regions.add_box(box, layer, is_frame=box in frames)
    return regions.with_asides(list(regions.blocks(read_in_order(regions.order(), left, right))))


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


class _Regions:
    """The segments of a page, some of which are signs for the lines of a region."""

    def __init__(self, some: list[Segment]) -> None:
        self._segments = some
        self._blocks: dict[str, list[Block]] = {}
        self._read: set[str] = set()
        self._asides: list[tuple[Box, list[Block]]] = []

    def order(self) -> list[Segment]:
        """Return the segments from the top down."""
        return sorted(self._segments, key=lambda segment: (segment.baseline, segment.left))

    def add_grid(self, grid: Grid) -> None:
        """Take the text between lines as a table, if it reads like one."""
        inside = [one for one in self._segments if _is_inside(one, grid.around)]
        fragments = [fragment for segment in inside for fragment in segment.fragments]
        if not fragments or any(segment.text in self._blocks for segment in inside):
            return
        cells = _texts(grid, fragments)
        if not _is_table(grid, cells):
            return
        rows = [
            [
                Cell(_text(cells.get(cell, ())), cell.rows, cell.columns)
                for cell in grid.cells
                if cell.row == row
            ]
            for row in range(len(grid.ys) - 1)
        ]
        told = [tuple(row) for row in table_rows(rows, _header_rows(grid)) if any(row)]
        lines = tuple(line for cell in grid.cells for line in cells.get(cell, ()))
        tops = [(cells_lines[0].baseline) for cells_lines in cells.values() if cells_lines]
        self._replace(inside, grid.around, sorted(set(tops)), [TableBlock(tuple(told), lines)])

    def add_box(self, box: Box, layer: Layer, is_frame: bool) -> None:
        """Take the lines in a box as a part of the page of their own.

        What has text beside its lines may be the shade of a column, unless it is a frame.
        """
        if _area(box) > _MOST_OF_PAGE * (layer.right - layer.left) * (layer.bottom - layer.top):
            return
        inside = [one for one in self._segments if _is_inside(one, box)]
        rows = in_rows(inside)
        taken = set(map(id, inside))
        rest = [one for one in self._segments if id(one) not in taken]
        if len(inside) < 2 or not rest:
            return
        beside = sum(
            any(abs(one.baseline - row[0].baseline) < 0.5 * row[0].size for one in rest)
            for row in rows
        )
        if beside and (len(rows) == 1 or not (is_frame or beside <= _MOST_BESIDE * len(rows))):
            return
        if not beside and (is_stripe(rows, rest) or is_within_text(rows, rest)):
            return
        blocks = list(read_in_order(sorted(inside, key=_place), box[0], box[2]))
        if beside:
            self._segments = rest
            self._asides.append((box, blocks))
        else:
            self._replace(inside, box, [row[0].baseline for row in rows], blocks)

    def _replace(
        self, inside: Sequence[Segment], around: Box, tops: Sequence[float], blocks: list[Block]
    ) -> None:
        sign = chr(_FIRST_SIGN + len(self._blocks))
        self._blocks[sign] = blocks
        taken = set(map(id, inside))
        size, font = inside[0].size, inside[0].font
        self._segments = [one for one in self._segments if id(one) not in taken]
        self._segments += [Segment(sign, around[0], around[2], top, size, font) for top in tops]

    def blocks(self, blocks: Iterator[Block] | Sequence[Block]) -> Iterator[Block]:
        """Yield blocks with those of regions where the signs of these are."""
        for block in blocks:
            if not any(_signs(line) for line in block.lines):
                yield block
            elif isinstance(block, TextBlock):
                yield from self._apart(block)
            else:
                yield from self._between_rows(block)

    def _between_rows(self, block: TableBlock) -> Iterator[Block]:
        """Yield the rows of a table around the regions that are in it."""
        lines = iter(block.lines)
        rows: list[tuple[str, ...]] = []
        kept: list[Segment] = []
        for row, count in zip(block.rows, block.counts, strict=True):
            of_row = list(islice(lines, count))
            rest = tuple(map(_without_signs, row))
            if any(rest):
                rows.append(rest)
                kept += [line for line in of_row if not _signs(line)]
            found = [inner for line in of_row for inner in self._of_signs(line)]
            if found and rows:
                yield _of_rows(rows, kept)
                rows, kept = [], []
            yield from found
        if rows:
            yield _of_rows(rows, kept)

    def with_asides(self, blocks: list[Block]) -> list[Block]:
        """Return the blocks with the boxes that text stands beside, each after that text."""
        for box, inside in self._asides:
            beside = (
                index
                for index, block in enumerate(blocks, start=1)
                if any(box[1] < line.baseline < box[3] for line in block.lines)
            )
            place = max(beside, default=len(blocks))
            blocks[place:place] = self.blocks(inside)
        return blocks

    def _apart(self, block: TextBlock) -> Iterator[Block]:
        """Yield the lines of a block around the regions that are in it."""
        lines: list[Segment] = []
        for line in block.lines:
            if not _signs(line):
                lines.append(line)
                continue
            beside = segments(line.fragments)
            is_first = _without_signs(line.text[:1]) != ""
            if is_first:
                lines += beside
            if lines:
                yield TextBlock(tuple(lines), block.left, block.right)
            yield from self._of_signs(line)
            lines = [] if is_first else beside
        if lines:
            yield TextBlock(tuple(lines), block.left, block.right)

    def _of_signs(self, line: Segment) -> Iterator[Block]:
        for sign in _signs(line):
            if sign not in self._read:
                self._read.add(sign)
                yield from self.blocks(self._blocks[sign])


def _of_rows(rows: Sequence[tuple[str, ...]], lines: Sequence[Segment]) -> Block:
    """Return rows as a table; what has but one column is text."""
    if sum(any(column) for column in zip(*rows, strict=True)) > 1:
        return TableBlock(tuple(rows), tuple(lines))
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    return TextBlock(tuple(lines), left, right)


def _place(segment: Segment) -> tuple[float, float]:
    return segment.baseline, segment.left


def _signs(line: Segment) -> list[str]:
    return [character for character in line.text if ord(character) >= _FIRST_SIGN]


def _without_signs(text: str) -> str:
    return "".join(one for one in text if ord(one) < _FIRST_SIGN).strip()


def _is_inside(segment: Segment, box: Box) -> bool:
    """Return whether most of a segment is in a box."""
    y = (segment.top + segment.baseline) / 2
    shared = min(segment.right, box[2]) - max(segment.left, box[0])
    return box[1] < y < box[3] and shared > 0.5 * segment.width


def _are_cells(one: Box, other: Box) -> bool:
    """Return whether two boxes touch and have a side of the same length, as the cells of a table have."""
    for axis in (0, 1):
        is_alike = all(abs(one[index] - other[index]) < 2 for index in (axis, axis + 2))
        across = 1 - axis
        gap = max(one[across], other[across]) - min(one[across + 2], other[across + 2])
        if is_alike and -2 < gap < 4:
            return True
    return False


def _texts(grid: Grid, fragments: Sequence[Fragment]) -> dict[GridCell, list[Segment]]:
    """Return the lines of each cell that has some."""
    at = {
        (cell.row + down, cell.column + right): cell
        for cell in grid.cells
        for down in range(cell.rows)
        for right in range(cell.columns)
    }
    found: dict[GridCell, list[Fragment]] = {}
    for one in fragments:
        place = grid.place_of((one.left + one.right) / 2, (one.top + one.baseline) / 2)
        row = min(max(place[0], 0), len(grid.ys) - 2)
        column = min(max(place[1], 0), len(grid.xs) - 2)
        found.setdefault(at[row, column], []).append(one)
    return {cell: segments(some) for cell, some in found.items()}


def _is_table(grid: Grid, cells: dict[GridCell, list[Segment]]) -> bool:
    """Return whether two rows or more have text in two cells, none of which is a column of a page."""
    texts = {cell: _text(lines) for cell, lines in cells.items()}
    filled = [sum(cell.row == row for cell in cells) for row in range(len(grid.ys) - 1)]
    single = sum(len(text) == 1 for text in texts.values())
    return (
        sum(count > 1 for count in filled) > 1
        and max(map(len, texts.values())) <= _LONGEST_CELL
        and not (len(grid.xs) > 6 and 2 * single > len(texts))
    )


def _header_rows(grid: Grid) -> int:
    """Return how many rows name the columns: two or more if a name in the first spans some of them."""
    first = next((row for row in range(len(grid.ys) - 1) if len(_row(grid, row)) > 1), 0)
    if first or not any(cell.columns > 1 for cell in _row(grid, 0)):
        return 1
    return max(2, *(cell.rows for cell in _row(grid, 0)))


def _row(grid: Grid, row: int) -> list[GridCell]:
    return [cell for cell in grid.cells if cell.row == row]


def _text(lines: Sequence[Segment]) -> str:
    """Return the text of a cell in one line."""
    rows = [" ".join(one.text for one in row) for row in in_rows(lines)]
    text = rows[0] if rows else ""
    for below in rows[1:]:
        text = joined_lines(text, below)
    return text
