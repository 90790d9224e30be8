from assistant.ingestion.formats.grid import Cell, table_rows


def rows(*texts: str) -> list[list[Cell]]:
    """A table of plain cells, those of a row divided by spaces."""
    return [[Cell(text) for text in row.split()] for row in texts]


def test_a_value_stands_in_every_row_that_it_spans() -> None:
    table = [[Cell("Summer", 2), Cell("Single"), Cell("95")], [Cell("Double"), Cell("140")]]
    assert table_rows(table) == [["Summer", "Single", "95"], ["Summer", "Double", "140"]]


def test_a_value_stands_in_every_column_that_it_spans_and_columns_do_not_move() -> None:
    table = [[Cell("Suite", 2, 2), Cell("6")], [Cell("7")], *rows("a b 8")]
    assert table_rows(table) == [["Suite", "Suite", "6"], ["Suite", "Suite", "7"], ["a", "b", "8"]]


def test_a_cell_may_reach_to_the_end_of_the_table() -> None:
    assert table_rows([[Cell("x", 0), Cell("1")], *rows("2", "3")]) == [
        ["x", "1"],
        ["x", "2"],
        ["x", "3"],
    ]


def test_a_cell_never_reaches_below_the_table() -> None:
    assert table_rows([[Cell("x", 9), Cell("1")]]) == [["x", "1"]]


def test_a_text_that_spans_a_whole_row_is_written_once() -> None:
    assert table_rows([[Cell("Prices", 1, 2)], *rows("a b")]) == [["Prices"], ["a", "b"]]


def test_a_long_text_is_not_repeated_and_keeps_its_place() -> None:
    note = "A long note. " * 40
    assert table_rows([[Cell(note, 2), Cell("1")], *rows("2")]) == [[note, "1"], ["", "2"]]


def test_the_rows_of_a_header_are_joined_column_by_column() -> None:
    table = [[Cell("Room", 2), Cell("Summer", 1, 2)], *rows("Week Day", "Single 1 2")]
    assert table_rows(table, header_rows=2) == [
        ["Room", "Summer Week", "Summer Day"],
        ["Single", "1", "2"],
    ]


def test_a_title_above_a_header_keeps_a_row_of_its_own() -> None:
    table = [[Cell("Prices", 1, 2)], *rows("Room Price", "Single 95")]
    assert table_rows(table, header_rows=2) == [["Prices"], ["Room", "Price"], ["Single", "95"]]


def test_a_table_in_a_cell_takes_rows_beside_which_the_outer_values_repeat() -> None:
    inner = Cell("", table=rows("Apples 3.10", "Pears 4.20"))
    table = [*rows("Region Prices"), [Cell("North"), inner], *rows("South none")]
    assert table_rows(table) == [
        ["Region", "Prices", "Prices"],
        ["North", "Apples", "3.10"],
        ["North", "Pears", "4.20"],
        ["South", "none", "none"],
    ]


def test_an_empty_table_has_no_rows() -> None:
    assert table_rows([]) == []
