"""Rows of tables, with and without pipes at their ends, their cells and the names of their columns."""

import pytest

from assistant.text.spans import Span, lines
from assistant.text.table_structure import is_row, is_table_head, row_cells, table_rows

EDGED = "# Rates\n\n| Plan | Monthly |\n| --- | ---: |\n| Basic | 5 |\n| Max | 19 |\n"
BARE = "Rates\n\nPlan | Monthly | For\nBasic | 5 | one\nMax | 19 | many\n\nNo pipes here.\n"


def rows_of(text: str) -> list[str]:
    return [text[line.start : line.end].strip() for line in lines(text) if is_row(text, line)]


def heads_of(text: str) -> list[str]:
    return [
        text[line.start : line.end].strip() for line in lines(text) if is_table_head(text, line)
    ]


def named(text: str, start: int = 0) -> list[dict[str, str]]:
    def words(spans: tuple[Span, ...]) -> list[str]:
        return [text[span.start : span.end] for span in spans]

    return [
        dict(zip(words(row.names), words(row.cells), strict=True))
        for row in table_rows(text, start, len(text))
        if row.names
    ]


def test_rows_are_found_with_and_without_pipes_at_their_ends() -> None:
    assert len(rows_of(EDGED)) == 4
    assert rows_of(BARE) == ["Plan | Monthly | For", "Basic | 5 | one", "Max | 19 | many"]


@pytest.mark.parametrize(
    "text",
    [
        "A pipe | alone in a sentence.\nThe next line has none.\n",
        "cat log | grep error\nwc -l < log\n",
        "a | b\n\nc | d\n",  # apart
        "a|b\nc|d\n",
        "one | two\nthree | four | five\n",
    ],
)
def test_a_line_with_a_pipe_is_not_a_row_by_itself(text: str) -> None:
    assert rows_of(text) == []


def test_a_very_long_line_is_no_row_without_pipes_at_its_ends() -> None:
    long = f"{'a | ' * 2_000}b"
    assert rows_of(f"{long}\n{long}\n") == []


def test_line_ends_of_windows_do_not_matter() -> None:
    assert rows_of(BARE.replace("\n", "\r\n")) == rows_of(BARE)


def test_cells_are_without_their_white_space_and_escaped_pipes_are_their_own() -> None:
    text = "|  | a \\| b |x|\n"
    assert [text[cell.start : cell.end] for cell in row_cells(text, Span(0, len(text)))] == [
        "",
        "a \\| b",
        "x",
    ]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (EDGED, ["| Plan | Monthly |", "| --- | ---: |"]),
        (BARE, ["Plan | Monthly | For"]),
        ("| Size | Price |\n| 2 m² | £49 |\n| 5 m² | £98 |\n", ["| Size | Price |"]),
        ("| Who | Role | Room |\n| Ada | head | attic |\n", ["| Who | Role | Room |"]),
        # labels of values beside them, not names of columns
        ("| Name: | Ada Quill |\n| Born: | 3 May 1910 |\n| Died: | 1999 |\n", []),
        ("| Name | Ada Quill |\n| Born | 3 May 1910 |\n| Trade | miller |\n", []),
        ("| Name | Ada |\n| Phone | 123 |\n", []),
        ("| 1 | 2 | 3 |\n| 4 | 5 | 6 |\n", []),
        ("| Plan: Max | Price: nine | For: all |\n| Plan: Plus | Price: 4 | For: 2 |\n", []),
    ],
)
def test_a_row_with_the_names_of_the_columns_is_recognized(text: str, head: list[str]) -> None:
    assert heads_of(text) == head


def test_each_row_has_the_names_of_its_columns_wherever_the_reading_begins() -> None:
    assert named(EDGED) == [
        {"Plan": "Basic", "Monthly": "5"},
        {"Plan": "Max", "Monthly": "19"},
    ]
    assert named(EDGED, EDGED.index("| Max")) == [{"Plan": "Max", "Monthly": "19"}]


def test_two_tables_have_their_own_names() -> None:
    text = f"{EDGED}\n{BARE}"
    assert [list(row) for row in named(text)] == [["Plan", "Monthly"]] * 2 + [
        ["Plan", "Monthly", "For"]
    ] * 2


def test_a_row_with_more_cells_than_its_table_has_names_has_none() -> None:
    text = "| a | b |\n| - | - |\n| 1 | 2 | 3 |\n"
    assert named(text) == []


def test_the_names_of_a_long_table_are_found_from_its_end() -> None:
    text = "| Part | Price |\n| - | - |\n" + "".join(f"| P{n} | {n} |\n" for n in range(3_000))
    assert named(text, text.index("| P2999 ")) == [{"Part": "P2999", "Price": "2999"}]
