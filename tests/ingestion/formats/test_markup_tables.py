"""Tables of reStructuredText and AsciiDoc as rows with their header."""

import time
from collections.abc import Callable

import pytest

from assistant.ingestion.formats import Extracted
from assistant.ingestion.formats.ascii_doc import extract as extract_adoc
from assistant.ingestion.formats.markup_tables import adoc_table, grid_table, list_table
from assistant.ingestion.formats.restructured_text import extract as extract_rst
from assistant.text.table_structure import HEAD_MARK

FEES = f"{HEAD_MARK}| Room | Fee |\n| Heron suite | 420 |\n| Wren | 310 |"


@pytest.mark.parametrize(
    "source",
    [
        "=====  ===\nRoom   Fee\n=====  ===\nHeron  420\nsuite\nWren   310\n=====  ===\n",
        "=====  ===\nRoom   Fee\n=====  ===\nHeron  420\n\nWren   310\n=====  ===\n",
        "+-------+-----+\n| Room  | Fee |\n+=======+=====+\n| Heron | 420 |\n| suite |     |\n"
        "+-------+-----+\n| Wren  | 310 |\n+-------+-----+\n",
        ".. list-table::\n   :header-rows: 1\n   :widths: 2 1\n\n   * - Room\n     - Fee\n"
        "   * - Heron\n       suite\n     - 420\n   * - Wren\n     - **310**\n",
    ],
)
def test_a_table_of_restructured_text_is_rows(source: str) -> None:
    text = extract_rst(f"{source}\nAfter.\n".encode()).text
    expected = FEES if "suite" in source else FEES.replace(" suite", "")
    if source.startswith("=") and "suite" in source:
        expected = FEES.replace("| Heron suite | 420 |", "| Heron | 420 |\n| suite |  |")
    assert text == f"{expected}\n\nAfter.\n"


@pytest.mark.parametrize(
    "source",
    [
        "[cols=2]\n|===\n|Room |Fee\n\n|Heron suite |420\n|Wren |310\n|===\n",
        '[cols="2,1", options="header"]\n|===\n|Room |Fee\n|Heron suite\n|420\n|Wren\na|310\n|===\n',
        "[%header,cols=2*]\n|===\n|Room |Fee\n|*Heron suite* |420\n|Wren >|310\n|===\n",
        "|===\n|Room |Fee\n\n|Heron suite |420\n|Wren |310\n|===\n",
        "|===\n|Room|Fee\n\n|Heron suite|420\n|Wren|310\n|===\n",
    ],
)
def test_a_table_of_asciidoc_is_rows(source: str) -> None:
    text = extract_adoc(f"Before.\n\n{source}\nAfter.\n".encode()).text
    assert text == f"Before.\n\n{FEES}\n\nAfter.\n"


def test_a_caption_and_repeated_cells_are_read() -> None:
    source = ".Fees\n[cols=3]\n|===\n|a |b |c\n3*|none\n|===\n"
    assert extract_adoc(source.encode()).text == "Fees\n\n| a | b | c |\n| none | none | none |\n"


def test_what_is_no_table_stays_as_it_is() -> None:
    assert list_table(["   * one", "   * two"]) is None
    assert extract_adoc(b"a | b\n").text == "a | b\n"
    assert extract_rst(b"+ one\n+ two\n").text.split() == ["+", "one", "+", "two"]


def test_a_grid_without_a_head_has_none() -> None:
    found = grid_table(["+---+---+", "| a | b |", "+---+---+", "| c d   |", "+-------+"])
    assert (found.rows, found.has_head) == ([["a", "b"], ["c d"]], False)


def test_a_bar_in_a_cell_does_not_end_it() -> None:
    assert adoc_table([r"|a \| b |c"], "").rows == [["a | b", "c"]]


@pytest.mark.parametrize(
    ("extract", "source"),
    [
        (extract_rst, "===  ===\n" * 20_000),
        (extract_rst, "+---+---+\n| a\n" * 20_000),
        (extract_rst, ".. list-table::\n\n" + "   * -\n" * 20_000),
        (extract_adoc, "|===\n" * 20_001),
        (extract_adoc, "|===\n" + "9*9*9*|" * 20_000),
        (extract_adoc, "[cols=999999999]\n|===\n|a\n"),
    ],
)
def test_odd_tables_are_read_in_time(extract: Callable[[bytes], Extracted], source: str) -> None:
    began = time.process_time()
    extract(source.encode())
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("=====  ===\nRoom   Fee\n=====  ===\nHeron  420\nWren   310\n=====  ===\n", (4, 6, 7)),
        ("+---+---+\n| a | b |\n+---+---+\n| c | d |\n|   | e |\n+---+---+\n| f | g |\n+---+---+\n", (4, 6, 9)),
        (".. list-table::\n\n   * - a\n     - b\n   * - c\n     - d\n", (5, 7)),
        (".. csv-table::\n\n   a, b\n   c, d\n", (3, 3)),
    ],
)  # fmt: skip
def test_each_row_knows_its_line(source: str, lines: tuple[int, ...]) -> None:
    found = extract_rst(f"A.\n\n{source}\nB.\n".encode())
    last = len(f"A.\n\n{source}\n".splitlines()) + 1
    assert [name for _, name in found.places] == [f"line {line}" for line in (1, *lines, last)]
