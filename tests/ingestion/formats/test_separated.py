import pytest

from assistant.ingestion.formats.separated import extract

TEXT = "| Plan: Plus | Price: 9,50 |\n| Plan: Max | Price: 19,00 |\n"


@pytest.mark.parametrize(
    "source",
    ["Plan;Price\nPlus;9,50\nMax;19,00\n", 'Plan,Price\r\nPlus,"9,50"\r\nMax,"19,00"\r\n', "Plan\tPrice\nPlus\t9,50\nMax\t19,00", "Plan|Price\nPlus|9,50\nMax|19,00"],
)  # fmt: skip
def test_the_delimiter_is_found(source: str) -> None:
    assert extract(source.encode()).text == TEXT


def test_a_field_may_have_line_ends_and_a_row_knows_its_line() -> None:
    found = extract(b'Name,Note\nAnn,"one\ntwo"\nBob,three\n')
    assert found.text == "| Name: Ann | Note: one two |\n| Name: Bob | Note: three |\n"
    assert [name for _, name in found.places] == ["line 2", "line 4"]


def test_an_old_encoding_is_found() -> None:
    assert "Käse" in extract("Ware;Preis\nKäse;4\n".encode("windows-1252")).text
