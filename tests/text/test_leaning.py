import pytest

from assistant.text.leaning import leans


@pytest.mark.parametrize(
    ("text", "is_leaning"),
    [
        ("She was born in Oslo.", True),
        ("“This is so,” he said.", True),
        ("In addition, dogs are welcome.", True),
        ("Itemise what you need.", False),
        ("Ada was born in Oslo.", False),
        ("", False),
    ],
)
def test_what_begins_with_a_word_for_what_was_said_leans(text: str, is_leaning: bool) -> None:
    assert leans(text) is is_leaning
