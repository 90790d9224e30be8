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


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2. RENT\n2.1 The rent is due.\n2.2 It is paid\nin advance.", 3),
        ("4.1.2. A dog may be kept.\n4.1.3. “Cats” may not.", 2),
        ("It uses about\n1.5 litres of water.", 1),
        ("It rose by\n2.5 GB a day.", 1),
        ("Version\n2.1 and later", 1),
    ],
)
def test_a_numbered_clause_is_a_block_and_a_number_in_a_sentence_is_not(
    text: str, count: int
) -> None:
    assert len(blocks(text)) == count
