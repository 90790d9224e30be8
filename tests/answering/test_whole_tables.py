"""Which questions are answered with the whole table of the row that was read."""

import pytest

from assistant import Chunk, Document, Hit
from assistant.answering.whole_tables import with_whole_table
from assistant.reading.selection import Candidate
from assistant.types import Passage

TABLE = (
    "| Pond | Depth | Dug in |\n| --- | --- | --- |\n| North | 2 m | 1920 |\n"
    "| Mill | 5 m | 1788 |\n| South | 3 m | 1954 |"
)
FIRST, SECOND = "| North | 2 m | 1920 |", "| Mill | 5 m | 1788 |"


def shown(question: str, quoted: str, table: str = TABLE) -> str:
    text = f"Ponds\n\n{table}\n\nThey are old.\n"
    document = Document("d", "ponds.md", "Ponds", text, "h", "text/markdown")
    start = text.index(quoted)
    passage = Passage(document, start, start + len(quoted), (start + 2, start + 4))
    candidate = Candidate(passage, 0.9, Hit(Chunk("c", "d", 0, len(text), text, ""), 1.0))
    return with_whole_table(question, candidate).passage.text


@pytest.mark.parametrize(
    "question", ["When were the ponds dug?", "How many m deep are they?", "", "?"]
)
def test_a_question_about_all_rows_is_answered_with_the_table(question: str) -> None:
    assert shown(question, FIRST) == TABLE[TABLE.index(FIRST) :]


@pytest.mark.parametrize(
    "question",
    ["When was the North pond dug?", "Which one is from 1920?", "Is it in the northern part?"],
)
def test_a_row_that_is_named_is_quoted_alone(question: str) -> None:
    assert shown(question, FIRST) == FIRST


def test_another_row_than_the_first_was_chosen_for_a_reason() -> None:
    assert shown("Which is the deepest?", SECOND) == SECOND


def test_a_long_table_a_single_row_and_a_paragraph_stay_what_they_are() -> None:
    long = TABLE + "".join(f"\n| Pond {n} | 1 m | 1900 |" for n in range(40))
    assert shown("When were the ponds dug?", FIRST, long) == FIRST
    single = "| Pond | Depth | Dug in |\n| --- | --- | --- |\n| North | 2 m | 1920 |"
    assert shown("When was it dug?", FIRST, single) == FIRST
    assert shown("How old are they?", "They are old.") == "They are old."
