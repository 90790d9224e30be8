import pytest

from assistant import Chunk, Document, Hit
from assistant.answering.fitting import (
    Demands,
    Misfit,
    exact_terms,
    has_exact_terms,
    misfit,
    topic_words,
)
from assistant.reading.selection import Candidate
from assistant.types import Passage


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("What changed in v2.1 after 2019?", ("v2.1", "2019")),
        ("What does section 4.2 say?", ("4.2",)),
        ("Is CVE-2024-31497 fixed?", ("cve-2024-31497",)),
        ("How many of the 12 members voted?", ()),
        ("Does the TX-40 need 3 batteries?", ("tx-40",)),
    ],
)
def test_exact_terms(question: str, terms: tuple[str, ...]) -> None:
    assert exact_terms(question) == terms


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Tell me more about the Harrow mill.", ("harrow", "mill")),
        ("What does the document say on dogs?", ("dogs",)),
        ("Does it mention Ada Brock?", ("ada", "brock")),
        ("What happened in 1931?", ("1931",)),
        ("What is there to see in 1931?", ()),
        ("When did it happen?", ()),
        ("", ()),
    ],
)
def test_the_topic_of_a_question_for_all_about_it(question: str, topic: tuple[str, ...]) -> None:
    assert topic_words(question) == topic


@pytest.mark.parametrize(
    ("terms", "text", "found"),
    [
        (("4.2",), "Section 4.2 Notice", True),
        (("4.2",), "Section 4.21 Notice", False),
        (("4.2",), "Section 14.2 Notice", False),
        (("2019",), "from 2019.", True),
        (("tx-40",), "The TX-400 is large", False),
        (("v2.1",), "Since V2.1, keys are renewed", True),
        (("v2.1",), "Since v2.1.3, keys are renewed", False),
    ],
)
def test_exact_terms_are_found_whole(terms: tuple[str, ...], text: str, found: bool) -> None:
    assert has_exact_terms(terms, text) == found


PEOPLE = """Ivo Kramer grew up in Split. He writes plays.

Nora Vance teaches history. She has a dog.
"""
TABLE = """| Boat | Longest stay | Fee |
| - | - | - |
| Dinghy | 3 nights | 6 euros |
| Yachts | 14 nights | 22 euros |
"""


def flaw(question: str, text: str, quote: str, answer: str = "") -> Misfit | None:
    document = Document("d", "d.md", "Notes", text, "0" * 64, "text/markdown")
    start = text.index(quote)
    at = text.index(answer, start)
    highlight = (at, at + len(answer)) if answer else None
    passage = Passage(document, start, start + len(quote), highlight)
    hit = Hit(Chunk("c", "d", 0, len(text), text, "Notes"), 1.0)
    return misfit(Demands.of(question), Candidate(passage, 0.9, hit))


@pytest.mark.parametrize(
    ("question", "quote", "expected"),
    [
        ("Where did Nora Vance grow up?", "Ivo Kramer grew up in Split.", Misfit.NAME),
        ("Where did Ivo Kramer grow up?", "Ivo Kramer grew up in Split.", None),
        ("Does Nora Vance have a dog?", "She has a dog.", None),
        ("Does Ivo Kramer have a dog?", "She has a dog.", Misfit.NAME),
    ],
)
def test_the_paragraph_of_another_name_is_no_certain_answer(
    question: str, quote: str, expected: Misfit | None
) -> None:
    assert flaw(question, PEOPLE, quote) is expected


def test_a_name_in_several_paragraphs_is_what_all_of_them_are_about() -> None:
    text = "Wren is a tool.\n\nIn Wren, calls wait. So does Wren.\n\nAn Apollo call takes 5 s.\n"
    assert flaw("How long does a call of Wren take?", text, "An Apollo call takes 5 s.") is None


@pytest.mark.parametrize(
    ("question", "row", "expected"),
    [
        ("What is the longest stay?", 0, Misfit.ROW),
        ("Which boat pays the most?", 0, Misfit.ROW),
        ("How long may a dinghy stay?", 0, None),
        ("What does a yacht pay?", 1, None),
    ],
)
def test_a_row_of_which_the_question_says_nothing_is_no_certain_answer(
    question: str, row: int, expected: Misfit | None
) -> None:
    assert flaw(question, TABLE, TABLE.splitlines()[row + 2]) is expected


@pytest.mark.parametrize(
    ("question", "cell", "expected"),
    [
        ("How much does the fee of a dinghy come to?", "6 euros", None),
        ("How much is the longest stay of a dinghy?", "6 euros", Misfit.COLUMN),
        ("How long is the longest stay of a dinghy?", "3 nights", None),
        ("Which dinghy has the longest stay?", "Dinghy", None),
        ("What does a dinghy get?", "6 euros", None),
    ],
)
def test_a_cell_of_another_column_than_the_named_one_is_no_certain_answer(
    question: str, cell: str, expected: Misfit | None
) -> None:
    assert flaw(question, TABLE, TABLE.splitlines()[2], cell) is expected


def test_the_only_row_of_a_table_answers() -> None:
    text = "".join(line + "\n" for line in TABLE.splitlines()[:3])
    assert flaw("What is the longest stay?", text, text.splitlines()[2]) is None


def test_a_view_and_a_plan_are_no_certain_answers() -> None:
    assert flaw("Is it dull?", "According to Vera Dunn it is dull.", "According to") is Misfit.VIEW
    plan = "A draft proposes a fair on Sunday."
    assert flaw("On what day is the fair?", plan, plan) is Misfit.PLAN
