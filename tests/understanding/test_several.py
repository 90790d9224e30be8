import pytest

from assistant.text.lexicons import lexicon
from assistant.understanding.several import split_questions


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        (
            "When was the mill built, and who paid for it?",
            ["When was the mill built?", "who paid for it?"],
        ),
        ("Who runs the mill? What does it make?", ["Who runs the mill?", "What does it make?"]),
        ("How do I know when and where to vote?", ["How do I know when and where to vote?"]),
        ("Who owns the mill and the weir?", ["Who owns the mill and the weir?"]),
        (
            "What is the difference between what it costs and what it is worth?",
            ["What is the difference between what it costs and what it is worth?"],
        ),
        ("How much is it? And when is it open?", ["How much is it?", "when is it open?"]),
        ("How much is it? Also, when is it open?", ["How much is it?", "when is it open?"]),
        ("How much is it? By the way, who runs it?", ["How much is it?", "who runs it?"]),
        ("How much is it; when is it open?", ["How much is it?", "when is it open?"]),
        ("How much is it & when is it open?", ["How much is it?", "when is it open?"]),
        ("How much is it – and when is it open?", ["How much is it?", "when is it open?"]),
        ("1. How much is it? 2. Who cooks?", ["How much is it?", "Who cooks?"]),
        ("1) How much is it 2) Who cooks", ["How much is it?", "Who cooks?"]),
        (
            "When is it open, and can you tell me how long it takes?",
            ["When is it open?", "how long it takes?"],
        ),
        (
            "what the fee is and who the head is",
            ["what is the fee?", "who is the head?"],
        ),
        ("Can dogs come and can you feed them?", ["Can dogs come?", "can you feed them?"]),
        (
            "What is the difference between oats and rye? Who sells them?",
            ["What is the difference between oats and rye?", "Who sells them?"],
        ),
        ("What do I do when a child is ill and when it is well again?", None),
        ("How do I know what I owe and when it is due?", None),
        ("What happens at 2. level and why?", ["What happens at 2. level?", "why?"]),
        ("Who built the mill, and since when?", ["Who built the mill?", "since when?"]),
        ("How much is it? Who cooks and why?", ["How much is it?", "Who cooks?", "why?"]),
        ("How do I know when and where?", None),
        ("When and why?", None),
        ("How much is it? Why?", None),
        ("a? " * 5000, None),
        ("Who? " * 3, None),
        ("What else, apart from flour, is made there?", None),
        ("Why?", None),
    ],
)
def test_only_whole_questions_are_split(message: str, parts: list[str] | None) -> None:
    assert split_questions(message) == (parts or [message])


@pytest.mark.parametrize("word", lexicon("question_beginnings"))
def test_each_word_begins_a_second_question(word: str) -> None:
    message = f"When was it built and {word} people in it?"
    assert split_questions(message) == ["When was it built?", f"{word} people in it?"]


@pytest.mark.parametrize("word", lexicon("comparing_words"))
def test_a_comparison_is_one_question(word: str) -> None:
    message = f"How does it {word} the old mill and is it larger?"
    assert split_questions(message) == [message]
