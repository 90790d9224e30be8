import pytest

from assistant.text.safe_display import safe


@pytest.mark.parametrize("text", ["Otters eat crabs.", "one\n\ttwo", "你好 – “é” 🙂", ""])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "character",
    ["\0", "\x07", "\x08", "\x1b", "\r", "\x7f", "\x9b", "\u2028", "\u2029", "\u202e", "\u2066"],
)
def test_what_a_terminal_would_obey_is_replaced(character: str) -> None:
    assert safe(f"a{character}b") == "a\ufffdb"


def test_a_line_end_of_windows_becomes_a_plain_one() -> None:
    assert safe("one\r\ntwo") == "one\ntwo"
