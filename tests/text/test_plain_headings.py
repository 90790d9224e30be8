import pytest

from assistant.text.headings import sections
from assistant.text.plain_headings import plain_headings

CONTRACT = """\
TENANCY AGREEMENT

Property: Flat 3, 18 Weir Lane
Landlady: Ms Ada Moss

1. TERM
1.1 The tenancy begins on 1 May.

2. WHAT THE TENANT AGREES TO
2.1 The rent is 900 pounds,
of which 1.5 per cent goes to the fund.
2.2 It is paid in advance.

3. Signatures

A. Moss          B. Pike
"""
NOTICE = """\
MOSSDALE COUNCIL

PUBLIC NOTICE

Closing of Weir Lane

The lane is closed to traffic.

When

Phase 1: in June

Article 7 - The board
(1) It has five members.

A member may
- speak
- vote

By Ada Moss

Not until 5 pm.
"""


def titles(text: str) -> list[tuple[int, str]]:
    return [(heading.level, heading.title) for heading in plain_headings(text)]


def test_a_short_line_that_stands_alone_or_above_its_clauses_is_a_heading() -> None:
    assert titles(CONTRACT) == [
        (1, "TENANCY AGREEMENT"),
        (4, "1. TERM"),
        (4, "2. WHAT THE TENANT AGREES TO"),
        (4, "3. Signatures"),
    ]


def test_the_lines_of_a_title_are_above_all_headings() -> None:
    assert titles(NOTICE) == [
        (1, "MOSSDALE COUNCIL"),
        (2, "PUBLIC NOTICE"),
        (3, "Closing of Weir Lane"),
        (4, "When"),
        (4, "Article 7 - The board"),
    ]
    assert sections(NOTICE, "text/plain")[-1].titles == (
        "MOSSDALE COUNCIL",
        "PUBLIC NOTICE",
        "Closing of Weir Lane",
        "Article 7 - The board",
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Only a line\n",
        "\n\n\n",
        "Is it open?\n\nYes.\n",
        "It is closed.\n\nNobody knows why.\n",
        "Total | 40\n\nText.\n",
        "- Milk\n\n- Bread\n\nText.\n",
        "1. Milk\n2. Bread\n\nText.\n",
        f"{'word ' * 40}\n\nText.\n",
        "2024\n\nText.\n",
        "Run this:\n\n    make install\n\nThen read on.\n",
        "Then:\n\n\t$ git log\n\nThe log is shown.\n",
        " 1. Does it run?\n\n    Type\n\n    make install\n\n    and wait.\n",
        "It is quick.\n\n[1] except on Sundays\n\nText.\n",
    ],
)
def test_no_heading(text: str) -> None:
    assert titles(text) == []


def test_a_numbered_part_has_a_heading_whatever_is_right_below_it() -> None:
    text = "Statutes\nof 1978\n\nArticle 6 - Organs\nThey are two.\n\n§ 7 Fees\nNone.\n"
    assert titles(text) == [(4, "Article 6 - Organs"), (4, "§ 7 Fees")]
    assert titles("Fees\nNobody pays any fees.\n\nPart of it\nis true.\n") == []


def test_numbers_that_follow_each_other_are_a_list() -> None:
    assert titles("1. Milk\n\n2. Bread\n\n3. Salt\n") == []
    assert titles("1. Milk\n\nFrom the farm.\n\n1.1 Cream\n\nFrom the milk.\n") == [
        (1, "1. Milk"),
        (5, "1.1 Cream"),
    ]


def test_a_heading_spans_its_line() -> None:
    assert [CONTRACT[one.start : one.end] for one in plain_headings(CONTRACT)][1] == "1. TERM\n"


def test_a_long_text_without_line_ends_takes_linear_time() -> None:
    assert titles("word " * 400_000) == []
    assert len(titles("Label\n\nText goes on.\n\n" * 20_000)) == 20_000
