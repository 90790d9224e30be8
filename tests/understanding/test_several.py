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
