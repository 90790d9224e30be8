"""The part of a document that bears a number is quoted, and no other."""

import pytest

from assistant import Document
from assistant.reading.numbered_sections import numbered_section

MARKDOWN = """# 1 General

The office is in Lund.

# 2 Payment

Bills are due.

## 2.1 Terms

Bills are due in 20 days.

## 2.2 Late payment

Interest is 8 %.

- from day one
- until it is paid

# 21 Court

Lund.
"""
PLAIN = """Terms

1. Delivery
1.1 Goods are sent from Leith.
1.2 Late delivery costs two per cent a week.
This holds for all orders.
2. Payment
2.1 Invoices are paid within 45 days.
Article 7
The court is in Leith.
"""


def said(text: str, number: str, media_type: str = "text/plain") -> list[str]:
    document = Document("d", "a", "Terms", text, "h", media_type)
    return [passage.text for passage in numbered_section(document, number)]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1", ["The office is in Lund."]),
        ("2.1", ["Bills are due in 20 days."]),
        ("2.2", ["Interest is 8 %.\n\n- from day one\n- until it is paid"]),
        ("21", ["Lund."]),
        ("2.3", []),
        ("2.2.1", []),
    ],
)
def test_a_heading_with_a_number_begins_a_section(number: str, expected: list[str]) -> None:
    assert said(MARKDOWN, number, "text/markdown") == expected


def test_a_section_contains_those_below_it_without_their_headings() -> None:
    assert said(MARKDOWN, "2", "text/markdown") == [
        "Bills are due.",
        "Bills are due in 20 days.",
        "Interest is 8 %.\n\n- from day one\n- until it is paid",
    ]


def test_a_clause_begins_with_its_number() -> None:
    assert said(PLAIN, "1.2") == [
        "1.2 Late delivery costs two per cent a week.\nThis holds for all orders."
    ]
    assert said(PLAIN, "2.1") == ["2.1 Invoices are paid within 45 days."]
    assert said(PLAIN, "7") == ["Article 7\nThe court is in Leith."]


def test_a_number_that_stands_in_two_places_names_no_section() -> None:
    assert said("Tools\n\n1. a saw\n2. a file\n\nSteps\n\n1. Cut.\n2. File.\n", "2") == []


def test_a_long_section_is_cut_off_after_a_paragraph() -> None:
    text = "# 3 Long\n\n" + "Short.\n\n" + "many words " * 100 + "\n\nLast.\n\n# 4 Next\n\nNo.\n"
    assert said(text, "3", "text/markdown") == ["Short."]
