import pytest

from assistant.ingestion.formats.outline import Outline
from assistant.ingestion.formats.table_records import write_records


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        (["Plan,Price", "Plus,9", "Max,19"], "| Plan: Plus | Price: 9 |\n| Plan: Max | Price: 19 |\n"),
        (["Rates", "Plan,Price", "Plus,9"], "Rates\n\n| Plan: Plus | Price: 9 |\n"),
        (["Plus,9", "Max,19"], "| Plus | 9 |\n| Max | 19 |\n"),
        (["2023,2024", "1,2"], "| 2023 | 2024 |\n| 1 | 2 |\n"),
        (["Plan,Price,Note", "Plus,,new", ",9,"], "| Plan: Plus | Note: new |\n| Price: 9 |\n"),
        (["Plan,Plan", "a,b"], "| Plan | Plan |\n| a | b |\n"),
        (["Plan,Price", "Plus,9,extra"], "| Plan: Plus | Price: 9 | extra |\n"),
        (["only", "one", "column"], "| only |\n| one |\n| column |\n"),
        ([",", ","], ""),
        (["Plan,Price", "Plus,9", ",", "Max,19"], "| Plan: Plus | Price: 9 |\n\n| Plan: Max | Price: 19 |\n"),
        (["Plan,Price", "Plus,9", ",", "Prices hold until May.,"], "| Plan: Plus | Price: 9 |\n\nPrices hold until May.\n"),
        (["Plan,Price", "Plus,9", ",", "Town,Shops", "Hull,3"], "| Plan: Plus | Price: 9 |\n\n| Town: Hull | Shops: 3 |\n"),
        (["Contact,Ada Brook", "Phone,01482 555 010", "Town,Hull"], "| Contact | Ada Brook |\n| Phone | 01482 555 010 |\n| Town | Hull |\n"),
        (["Contact,01482 555 010", "Fax,01482 555 011"], "| Contact | 01482 555 010 |\n| Fax | 01482 555 011 |\n"),
    ],
)  # fmt: skip
def test_each_value_has_the_name_of_its_column(rows: list[str], text: str) -> None:
    outline = Outline()
    write_records([(number, row.split(",")) for number, row in enumerate(rows, 1)], outline)
    assert outline.text() == text


def test_each_row_has_its_number_and_its_offset() -> None:
    outline = Outline()
    places = write_records(
        [(1, ["A", "B"]), (2, ["", ""]), (3, ["1", "2"]), (4, ["3", "4"])], outline
    )
    assert [number for _, number in places] == [3, 4]
    assert outline.text()[places[1][0] :].strip() == "| A: 3 | B: 4 |"
