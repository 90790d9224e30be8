"""Rows of tables as a reading model reads them, and the way back to the document's own text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.named_cells import with_column_names

TEXT = (
    "# Rates\n\nPer account.\n\n| Plan | Monthly | Yearly |\n| Basic | 5 | 50 |\n| Max | 19 |  |\n"
)


def written(text: str) -> str:
    return with_column_names(text, 0, len(text)).text


def test_each_value_has_the_name_of_its_column() -> None:
    assert " ".join(written(TEXT).split()) == (
        "# Rates Per account. Basic: Monthly 5, Yearly 50. Max: Monthly 19."
    )


def test_the_names_of_the_columns_may_stand_above_the_stretch() -> None:
    start = TEXT.index("| Max")
    assert with_column_names(TEXT, start, len(TEXT)).text == "Max: Monthly 19.\n"


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ("| Rooms | 3 |\n| Area | 74 m² |\n", "Rooms: 3.\nArea: 74 m².\n"),
        ("| Name: | Ada |\n| Born: | 1910 |\n", "Name: Ada.\nBorn: 1910.\n"),
        ("| Plan: Max | Price: 9 |\n", "Plan: Max, Price: 9.\n"),
        ("|  | Sum | 207 |\n", "Sum, 207.\n"),
        ("No table.\n", "No table.\n"),
        ("", ""),
    ],
)
def test_rows_without_names_are_written_as_they_are_meant(table: str, shown: str) -> None:
    assert written(table) == shown


def original(text: str, words: str) -> str:
    readable = with_column_names(text, 0, len(text))
    start = readable.text.index(words)
    span = readable.original(start, start + len(words))
    return text[span.start : span.end]


@pytest.mark.parametrize(
    ("read", "quoted"),
    [
        ("account", "account"),
        ("50", "50"),
        ("Monthly 5", "5"),
        ("Yearly", "50"),
        ("Basic: Monthly 5", "Basic | 5"),
        ("Monthly 5, Yearly 50.", "5 | 50"),
        ("asi", "asi"),
    ],
)
def test_what_was_read_leads_to_the_cells_of_the_document(read: str, quoted: str) -> None:
    assert original(TEXT, read) == quoted


@given(st.text("ab |-:.\n\\1é", max_size=80), st.data())
def test_every_stretch_of_any_text_leads_into_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    readable = with_column_names(text, start, end)
    for first in range(len(readable.text)):
        span = readable.original(first, first + 1)
        assert start <= span.start <= span.end <= end
