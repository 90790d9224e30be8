import pytest

from assistant.understanding.shown_question import shown_question


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("When did it join?", "When did China join?"),
        ("What are its aims?", "What are the SCO's aims?"),
        ("Who keeps it in repair?", "Who keeps the tower in repair?"),
        ("And China?", "When did China join?"),
        ("And in 2004?", "How many members were there in 2004?"),
        ("what about Peru", "When did Peru join?"),
        ("Why?", "Why was the mill closed?"),
        ("And when?", "When was the mill closed?"),
        ("When was the towr begun?", "When was the tower begun?"),
        ("Hi, when was the towr begun?", "when was the tower begun?"),
    ],
)
def test_good_english_that_differs_is_shown(typed: str, completed: str) -> None:
    assert shown_question(typed, completed) == completed


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("How high is it?", "How high is By?"),
        ("How high is it?", "How high is the lighthouse built?"),
        ("When is it open?", "When is - The tower open?"),
        ("How many states does it have?", "How many states does the members of the have?"),
        ("And the critics?", "the critics this article in two sentences?"),
        ("And for a trailer?", "How much is a trailer cargo bike?"),
        ("And for dogs?", "How much does dogs?"),
        ("Why?", "Why about the tickets?"),
        ("Who?", "Who was the mill closed?"),
        ("Which ones?", "Which ones? (they joined in 2017)"),
        ("What are they?", "What is meals?"),
        ("When was it?", "When was it?"),
        ("", ""),
        ("?", "When did China join?"),
    ],
)
def test_other_completions_are_kept_from_readers(typed: str, completed: str) -> None:
    assert shown_question(typed, completed) == ""
