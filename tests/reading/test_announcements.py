import time

import pytest

from assistant.reading.announcements import announced
from assistant.text.spans import Span


def found(text: str, sentence: str, most_words: int = 55) -> str | None:
    start = text.index(sentence)
    whole = announced(text, Span(0, len(text)), Span(start, start + len(sentence)), most_words)
    return text[whole.start : whole.end] if whole else None


@pytest.mark.parametrize(
    "lead",
    ["Do the following.", "Proceed as follows:", "Take the following two steps.", "Its rules:\n"],
)
def test_a_colon_and_the_following_announce_the_rest(lead: str) -> None:
    text = f"{lead} Unplug it. Wait a while. Plug it in."
    assert found(text, "Wait a while.") == text
    assert found(text, "Wait a while.", most_words=6) is None


def test_a_number_announces_as_many_sentences_that_begin_alike() -> None:
    three = "She has three tasks. She cooks. She cleans. She sings."
    assert found(f"{three} She is old.", "She sings.") == three
    assert found(f"{three} She is old.", "She is old.") is None
    assert found("She has four tasks. She cooks. She cleans. She sings.", "She cooks.") is None


def test_a_huge_paragraph_takes_no_long_time() -> None:
    text = "Do the following. " + "It is old. " * 5_000
    start = time.perf_counter()
    assert found(text, "It is old.") is None
    assert time.perf_counter() - start < 5
