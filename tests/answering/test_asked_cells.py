import pytest

from assistant import Document
from assistant.answering.asked_cells import is_any_row, is_of_another_column
from assistant.text.words import are_alike
from assistant.types import Passage

TABLE = "| Boat | Longest stay | Fee |\n| --- | --- | --- |\n| Dinghy | 3 nights | 6 euros |\n| Barge | 9 nights | 20 euros |\n"


def cell(text: str, table: str = TABLE) -> Passage:
    """The row of a cell, with the cell as what answers."""
    document = Document("d", "d.md", "Notes", table, "0" * 64, "text/markdown")
    at = table.index(text)
    start, end = table.rfind("\n", 0, at) + 1, table.find("\n", at)
    return Passage(document, start, end, (at, at + len(text)))


@pytest.mark.parametrize(
    ("question", "expected"),
    [("What is the fee?", True), ("What is the fee of a dinghy?", False), ("", True)],
)
def test_a_row_of_which_no_cell_is_asked_may_be_any(question: str, expected: bool) -> None:
    assert is_any_row(question, cell("Dinghy")) is expected


def test_the_only_row_is_not_any_of_several() -> None:
    only = "".join(TABLE.splitlines(keepends=True)[:3])
    assert not is_any_row("What is the fee?", cell("Dinghy", only))


@pytest.mark.parametrize(
    ("question", "text", "expected"),
    [
        ("What is the fee of a dinghy?", "6 euros", False),
        ("What is the longest stay of a dinghy?", "6 euros", True),
        ("Which boat has the longest stay?", "Barge", False),
    ],
)
def test_a_cell_is_of_another_column_than_the_named_one(
    question: str, text: str, expected: bool
) -> None:
    assert is_of_another_column(question, cell(text)) is expected


def test_a_sentence_is_no_row() -> None:
    sentence = cell("Otters", "Notes\n\nOtters sleep by day.\n")
    assert not is_any_row("When?", sentence)
    assert not is_of_another_column("When?", sentence)


@pytest.mark.parametrize(
    ("one", "other", "expected"), [("stays", "stay", True), ("cat", "catalog", False)]
)
def test_words_are_alike_but_for_their_endings(one: str, other: str, expected: bool) -> None:
    assert are_alike(one, other) is expected
