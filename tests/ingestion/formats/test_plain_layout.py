"""Plain text as it is shown: columns, rules and headings that nothing marks but their place."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion.formats.plain_layout import extract_shown
from assistant.text.media_types import PLAIN
from assistant.text.table_structure import HEAD_MARK, table_rows
from assistant.types import Document


def shown(*lines: str) -> str:
    return extract_shown("\n".join(lines) + "\n").text


def rows(*lines: str) -> list[list[str]]:
    text = shown(*lines)
    return [[text[c.start : c.end] for c in row.cells] for row in table_rows(text, 0, len(text))]


def test_aligned_columns_are_rows_whatever_side_they_are_aligned_to() -> None:
    assert rows(
        "                  Finch    Heron 900",
        "Beam distance      70 m        160 m",
        "Battery           no        yes",
    ) == [["", "Finch", "Heron 900"], ["Beam distance", "70 m", "160 m"], ["Battery", "no", "yes"]]


def test_a_first_row_without_a_label_or_above_a_rule_names_the_columns() -> None:
    assert shown("         Finch 4  Heron 9", "Weight   118 g    236 g").startswith(HEAD_MARK)
    headed = shown("Zone   Fare 2024", "----   ---------", "A      4", "B      5")
    assert headed == f"{HEAD_MARK}| Zone | Fare 2024 |\n| A | 4 |\n| B | 5 |\n"
    assert not shown("Zone A   4", "Zone B   5").startswith(HEAD_MARK)


def test_a_cell_goes_on_below_its_beginning() -> None:
    assert rows(
        "Lock:     press five times. The lock",
        "          keeps it dark.",
        "Memory:   the mode last used",
    ) == [
        ["Lock:", "press five times. The lock keeps it dark."],
        ["Memory:", "the mode last used"],
    ]


def test_what_goes_on_below_a_cell_may_be_wider_than_its_column() -> None:
    assert rows(
        "Key   Value   Note",
        "aaa   bbbbb   cc",
        "      more than fits there",
    )[-1] == ["aaa", "bbbbb more than fits there", "cc"]


def test_a_row_with_all_cells_may_be_wider_than_its_columns() -> None:
    assert rows(
        "active members        264 euros",
        "junior members        120 euros",
        "families (from three people)  480 euros",
    )[-1] == ["families (from three people)", "480 euros"]


@pytest.mark.parametrize(
    "lines",
    [
        ("Adults ......... 8.50", "Children under six .... free"),
        ("Adults\t8.50", "Children\tfree"),
        ("Adults                 £  9", "Children               £ 12"),
    ],
)
def test_dots_tabs_and_signs_of_money(lines: tuple[str, str]) -> None:
    assert [len(row) for row in rows(*lines)] == [2, 2]


@pytest.mark.parametrize(
    "lines",
    [
        ("It closes at six.  On Sundays it is", "shut.  Ask the caretaker for the keys."),
        ("1.  Press the button.", "2.  Wait for the light."),
        ("-  soap", "-  towels"),
        ("Q:  Is there a car park?", "A:  Yes, behind the hall."),
        ("A single line   with a gap", "and a long line without one below it"),
        ("      /\\      /\\", "     /  \\    /  \\", "----+    +--+    +--"),
        ("Basic | 5", "Plus  | 9"),
        ("the words  of a  text that  is set", "in  justified lines  are no  table"),
    ],
)
def test_what_is_no_table_stays_as_it_is(lines: tuple[str, ...]) -> None:
    source = "\n".join(lines) + "\n"
    assert extract_shown(source).text == source
    assert extract_shown(source).origins == ()


def test_rules_are_gaps_and_a_heading_in_capitals_stands_alone() -> None:
    text = shown("-----", "RESULTS", "=====", "Ann won.", "", "TREES", "The ash is ill.")
    assert text == "\nRESULTS\n\nAnn won.\n\nTREES\n\nThe ash is ill.\n"


@pytest.mark.parametrize(
    "lines",
    [
        ("KEEP OUT OF THE REACH", "OF CHILDREN AND PETS"),
        ("PS", "The key is under the mat."),
        ("It is said that the", "CLERK", "wrote it."),
        ("NO SMOKING!", "The fine is 40 euros."),
    ],
)
def test_other_lines_in_capitals_are_no_headings(lines: tuple[str, ...]) -> None:
    assert shown(*lines) == "\n".join(lines) + "\n"


def test_what_is_shown_leads_back_to_the_lines_of_the_file() -> None:
    source = "FARES\r\nZone A    4 euros\r\nZone B    5 euros\r\n\r\nChildren go free.\r\n"
    found = extract_shown(source)
    document = Document("d", "d.txt", "d", found.text, "0" * 64, PLAIN, origins=found.origins)
    for words, line in (("FARES", 1), ("5 euros", 3), ("Children", 5)):
        at = found.text.index(words)
        assert document.line_at(at) == line
        assert source.startswith(words, document.file_offset_at(at))


@given(st.text("ab1.:|?£$- \t\r\n", max_size=200))
def test_no_word_is_lost_or_made_up(source: str) -> None:
    signs = " \t\r\n|.-" + HEAD_MARK
    text = extract_shown(source).text
    assert [one for one in text if one not in signs] == [one for one in source if one not in signs]


@pytest.mark.parametrize(
    "line", ["a  b\n", "--   --\n", "  x\n", "A\nb\n", "a  \t" * 25 + "\n", "a  b\n----x\n"]
)
def test_a_large_file_takes_linear_time(line: str) -> None:
    def seconds(count: int) -> float:
        started = time.process_time()
        extract_shown(line * count)
        return time.process_time() - started

    assert seconds(8_000) < 2 * 8 * max(seconds(1_000), 0.1)


def test_a_line_of_many_dashes_takes_linear_time() -> None:
    source = "Zone   Fare\n" + "-" * 100_000 + "x\n"
    assert extract_shown(source).text == source
