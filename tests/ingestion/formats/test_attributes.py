import pytest

from assistant.ingestion.formats.attributes import picture_text, whole_number


@pytest.mark.parametrize(
    ("written", "number"),
    [("12", 12), (" 7 ", 7), ("", 1), (None, 1), ("-3", 1), ("1.5", 1), ("٣", 1), ("9" * 7, 1)],
)
def test_a_whole_number_is_read_and_nothing_else(written: str | None, number: int) -> None:
    assert whole_number(written, 1) == number


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ("A map of\nthe pier", "[A map of the pier]"),
        ("The logo", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_picture_is_what_its_description_says(description: str | None, text: str) -> None:
    assert picture_text(description) == text
