import pytest

from assistant.text.blocks import blocks, is_one_block


def test_a_year_at_the_beginning_of_a_line_is_no_list_marker() -> None:
    assert len(blocks("It was founded in\n2001. It grew.")) == 1


def test_table_rows_are_blocks_of_their_own() -> None:
    assert len(blocks("| a | b |\n| - | - |\n| 1 | 2 |\nText.")) == 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.\nThree.", True),
        ("| a | b |", True),
        ("- item\n  goes on", True),
        ("One.\n\nTwo.", False),
        ("One.\n \t\r\nTwo.", False),
        ("- one\n- two", False),
        ("| a |\n| b |", False),
        ("\n \n", False),
        ("", False),
    ],
)
def test_a_stretch_is_one_block_or_not(text: str, expected: bool) -> None:
    assert is_one_block(text, 0, len(text)) is expected
    assert (len(blocks(text)) == 1) is expected
