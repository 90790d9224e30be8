import pytest

from assistant.text.surrogates import joined_surrogates, without_surrogates


@pytest.mark.parametrize("text", ["", "Otters 🙂 你好", "\0"])
def test_text_without_surrogates_stays_as_it_is(text: str) -> None:
    assert without_surrogates(text) == text
    assert joined_surrogates(text) == text


@pytest.mark.parametrize("half", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
def test_a_lone_surrogate_is_replaced(half: int) -> None:
    assert without_surrogates(f"a{chr(half)}b") == "a\ufffdb"
    assert joined_surrogates(f"a{chr(half)}b") == "a\ufffdb"


def test_offsets_stay_where_surrogates_are_replaced() -> None:
    assert without_surrogates("\ud83d\ude42!") == "\ufffd\ufffd!"


def test_the_halves_of_a_character_are_joined() -> None:
    assert joined_surrogates("\ud83d" + "\ude42!") == "🙂!"
