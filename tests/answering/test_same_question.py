import pytest

from assistant import Chunk, Document, Hit
from assistant.answering.same_question import with_same_question
from assistant.reading.selection import Candidate
from assistant.types import Passage

TEXT = """# Rowing

## What does a ticket cost?

Adults pay 12 pounds.

It was dear once.

2. May I bring my dog?

Only on a lead.

**Q: Is there parking?**
A: Behind the boathouse.

Can I get my money back? Up to two days before. Not later.

## Why?

It rained.
"""
DOCUMENT = Document("d", "rowing.txt", "Rowing", TEXT, "h", "text/plain")
HIT = Hit(Chunk("c", "d", 0, len(TEXT), TEXT, ""), 1.0)


def candidate(text: str, probability: float) -> Candidate:
    start = TEXT.index(text)
    return Candidate(Passage(DOCUMENT, start, start + len(text)), probability, HIT)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does a ticket cost?", "Adults pay 12 pounds."),
        ("what does a TICKET cost", "Adults pay 12 pounds."),
        ("May I bring my dog?", "Only on a lead."),
        ("Is there parking?", "Behind the boathouse."),
        ("Can I get my money back?", "Up to two days before."),
        ("Can I get my money back?", "Not later."),
    ],
)
def test_what_is_below_the_very_question_is_as_good_as_sure(question: str, answer: str) -> None:
    first, below = candidate("It was dear once.", 0.5), candidate(answer, 0.05)
    found = with_same_question(question, [first, below])
    assert [(one.passage.text, one.probability) for one in found] == [
        (answer, 0.97),
        ("It was dear once.", 0.5),
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does a boat cost?", "Adults pay 12 pounds."),
        ("What does a ticket cost?", "It was dear once."),
        ("What does a ticket cost?", "Only on a lead."),
        ("Why?", "It rained."),
        ("", "It rained."),
    ],
)
def test_what_is_below_another_question_or_further_down_stays_as_it_is(
    question: str, answer: str
) -> None:
    below = candidate(answer, 0.05)
    assert with_same_question(question, [below]) == [below]


def test_a_surer_answer_stays_as_sure() -> None:
    below = candidate("Only on a lead.", 0.99)
    assert with_same_question("May I bring my dog?", [below]) == [below]
