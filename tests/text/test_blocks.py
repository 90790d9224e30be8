from assistant.text.blocks import blocks


def test_a_year_at_the_beginning_of_a_line_is_no_list_marker() -> None:
    assert len(blocks("It was founded in\n2001. It grew.")) == 1


def test_table_rows_are_blocks_of_their_own() -> None:
    assert len(blocks("| a | b |\n| - | - |\n| 1 | 2 |\nText.")) == 4
