import random

from assistant.ingestion.formats.pdf.grids import Grid, GridCell, grids
from assistant.ingestion.formats.pdf.reader import Box


def level(y: float, left: float, right: float) -> Box:
    return left, y, right, y


def upright(x: float, top: float, bottom: float) -> Box:
    return x, top, x, bottom


def one_grid(*rules: Box) -> Grid:
    (grid,) = grids(rules)
    return grid


def test_lines_make_cells_and_missing_ones_join_them() -> None:
    grid = one_grid(
        level(0, 0, 90),
        level(10, 30, 90),  # the first cell goes down
        level(20, 0, 90),
        upright(0, 0, 20),
        upright(30, 0, 20),
        upright(60, 10, 20),  # the second cell goes across
        upright(90, 0, 20),
    )
    assert grid.cells == (
        GridCell(0, 0, 2, 1),
        GridCell(0, 1, 1, 2),
        GridCell(1, 1, 1, 1),
        GridCell(1, 2, 1, 1),
    )
    assert grid.place_of(75, 15) == (1, 2)


def test_the_borders_of_each_cell_are_borders_of_the_table() -> None:
    cells = [(x, y) for x in (0, 31.5, 63) for y in (0, 11.5)]
    rules = [
        rule
        for x, y in cells
        for rule in (
            level(y, x, x + 30),
            level(y + 10, x, x + 30),
            upright(x, y, y + 10),
            upright(x + 30, y, y + 10),
        )
    ]
    random.Random(1).shuffle(rules)
    assert len(one_grid(*rules).cells) == 6


def test_a_table_may_be_open_at_its_sides() -> None:
    grid = one_grid(level(0, 0, 60), level(10, 0, 60), level(20, 0, 60), upright(30, 0, 20))
    assert len(grid.cells) == 4


def test_tables_apart_are_two_and_a_frame_is_one_cell() -> None:
    frame = (level(0, 0, 50), level(40, 0, 50), upright(0, 0, 40), upright(50, 0, 40))
    table = (level(100, 0, 60), level(110, 0, 60), level(120, 0, 60), upright(30, 100, 120))
    assert sorted(len(grid.cells) for grid in grids([*frame, *table])) == [1, 4]


def test_lines_that_part_nothing_into_rectangles_are_no_grid() -> None:
    assert not list(grids([level(0, 0, 50), level(20, 0, 50)]))
    assert not list(grids([]))
    corner = (level(0, 0, 60), level(20, 0, 60), level(10, 0, 30), upright(30, 0, 10))
    assert not list(grids([*corner, upright(0, 0, 20), upright(60, 0, 20)]))
