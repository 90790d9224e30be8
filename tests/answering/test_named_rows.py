import pytest

from assistant import Chunk, Document, Hit
from assistant.answering.named_rows import with_named_rows
from assistant.reading.selection import Candidate
from assistant.types import Passage

TEXT = """# Fares

| Distance | Single | Return |
| - | - | - |
| Up to 3 miles | £2.80 | £4.90 |
| 3 to 8 miles | £4.20 | £7.50 |
| Cost | £1 | £2 |

Refunds:

- Late cancellation: half is paid back.
- No show: nothing is paid back.

Up to 3 miles you may walk.
"""
DOCUMENT = Document("d", "fares.md", "Fares", TEXT, "h", "text/markdown")
HIT = Hit(Chunk("c", "d", 0, len(TEXT), TEXT, ""), 1.0)


def quotes(question: str, *read: str) -> list[str]:
    candidates = [
        Candidate(Passage(DOCUMENT, TEXT.index(one), TEXT.index(one) + len(one)), 0.9, HIT)
        for one in read
    ]
    return [one.passage.text for one in with_named_rows(question, candidates)]


LONG, SHORT = "| 3 to 8 miles | £4.20 | £7.50 |", "| Up to 3 miles | £2.80 | £4.90 |"


@pytest.mark.parametrize(
    ("question", "read", "answer"),
    [
        ("What does a single fare up to 3 miles cost?", LONG, SHORT),
        ("What does a single fare from 3 to 8 miles cost?", LONG, LONG),
        ("What does a fare of 5 miles cost?", LONG, LONG),
        ("What is the cost of a trip?", LONG, LONG),
        (
            "What do I get back after a late cancellation?",
            "No show: nothing is paid back.",
            "Late cancellation: half is paid back.",
        ),
        ("And up to 3 miles?", "Refunds:", "Refunds:"),
    ],
)
def test_the_row_or_item_whose_label_is_in_the_question_is_taken(
    question: str, read: str, answer: str
) -> None:
    assert quotes(question, read) == [answer]


def test_a_number_names_a_row_after_the_name_of_its_column() -> None:
    text = "| Week | Topic |\n| - | - |\n| 1 | Maps of rivers |\n| 11 | Moving towns |\n"
    document = Document("d", "plan.md", "Plan", text, "h", "text/markdown")
    hit = Hit(Chunk("c", "d", 0, len(text), text, ""), 1.0)
    read = Candidate(Passage(document, text.index("| 1 |"), text.index("\n| 11")), 0.9, hit)
    found = with_named_rows("What do we cover in week 11?", [read])
    assert [one.passage.text for one in found] == ["| 11 | Moving towns |"]
    assert with_named_rows("Which 11 towns were moved?", [read]) == [read]


def test_each_row_that_is_named_is_taken() -> None:
    assert quotes("Up to 3 miles, and 3 to 8 miles?", "| Cost | £1 | £2 |") == [SHORT, LONG]


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What happened in 2021?", "| 2021 | flood |"),
        ("How many died in 20 years?", "| 2022 | fire |"),
    ],
)
def test_a_year_or_a_code_is_a_label_and_a_small_number_is_not(question: str, row: str) -> None:
    text = "| Year | Event |\n| - | - |\n| 20 | storm |\n| 2021 | flood |\n| 2022 | fire |\n"
    document = Document("d", "a.md", "T", text, "h", "text/markdown")
    hit = Hit(Chunk("c", "d", 0, len(text), text, ""), 1.0)
    last = text.index("| 2022")
    read = Candidate(Passage(document, last, last + len("| 2022 | fire |")), 0.9, hit)
    assert [one.passage.text for one in with_named_rows(question, [read])] == [row]


def test_the_head_of_a_table_is_no_row_that_is_named() -> None:
    text = "| Up to 3 miles | Further |\n| - | - |\n| £1 | £2 |\n| £3 | £4 |\n"
    document = Document("d", "a.md", "T", text, "h", "text/markdown")
    hit = Hit(Chunk("c", "d", 0, len(text), text, ""), 1.0)
    row = text.index("| £3")
    read = Candidate(Passage(document, row, row + len("| £3 | £4 |")), 0.9, hit)
    assert with_named_rows("How much is it up to 3 miles?", [read]) == [read]
