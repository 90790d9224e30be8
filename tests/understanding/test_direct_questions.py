import pytest

from assistant.understanding.direct_questions import direct


@pytest.mark.parametrize(
    ("question", "put_directly"),
    [
        ("what the fee is", "what is the fee?"),
        ("how large the hall is.", "how large is the hall?"),
        ("What is it?", "What is it?"),
        ("who pays the fee", "who pays the fee"),
        ("", ""),
    ],
)
def test_a_question_with_its_verb_at_the_end_is_put_directly(
    question: str, put_directly: str
) -> None:
    assert direct(question) == put_directly
