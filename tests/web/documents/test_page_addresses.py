"""Parameters that name a passage, and the addresses that have them."""

import pytest

from assistant.types import Document
from assistant.web.documents.page_addresses import (
    number_of,
    page_address,
    passage_in,
    picture_address,
)

OTTERS = Document("a&b", "a.pdf", "Otters", "Otters swim.", "0", "application/pdf", (0, 6))


@pytest.mark.parametrize(
    ("start", "end", "passage"),
    [
        ("0", "6", (0, 6)),
        ("6", "12", (6, 12)),
        ("6", "13", None),
        ("6", "6", None),
        ("-1", "5", None),
        ("5", "1", None),
        ("9" * 30, "1", None),
        ("a", "b", None),
        ("", "", None),
        ("٣", "٥", None),
    ],
)
def test_a_passage_is_one_of_the_document(
    start: str, end: str, passage: tuple[int, int] | None
) -> None:
    assert passage_in(OTTERS, start, end) == passage


def test_addresses_name_what_is_needed() -> None:
    assert page_address(OTTERS, None, None) == "page?document=a%26b"
    assert page_address(OTTERS, 2, None, 150) == "page?document=a%26b&page=2&zoom=150"
    assert page_address(OTTERS, None, (0, 6)) == "page?document=a%26b&start=0&end=6#passage"
    assert picture_address(OTTERS, 2) == "page.png?document=a%26b&page=2"


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("", None), ("1.5", None), ("1" * 13, None)]
)
def test_a_number_is_decimal_and_short(text: str, number: int | None) -> None:
    assert number_of(text) == number
