import pytest

from assistant.ingestion.formats.docx import extract
from assistant.ingestion.formats.docx_styles import Styles
from assistant.ingestion.formats.docx_tables import WordTable, is_layout
from assistant.ingestion.formats.open_xml import parse
from assistant.text.table_structure import HEAD_MARK
from tests.ingestion.formats.files import word_of_xml


def cell(text: str, properties: str = "") -> str:
    paragraphs = "".join(f"<w:p><w:r><w:t>{part}</w:t></w:r></w:p>" for part in text.split("\n"))
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>"


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def row(*texts: str) -> str:
    return "".join(map(cell, texts))


DOWN, ON = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
ACROSS, ALONG = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
WIDE = '<w:gridSpan w:val="2"/>'
HEAD = "<w:trPr><w:tblHeader/></w:trPr>"
BEFORE = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (
            table(row("Region", "Price"), cell("North", DOWN) + cell("3"), cell("", ON) + cell("4")),
            "| Region | Price |\n| North | 3 |\n| North | 4 |\n",
        ),
        (
            table(
                row("A", "B", "C"), cell("x", WIDE + DOWN) + cell("1"), cell("", WIDE + ON) + cell("2")
            ),
            "| A | B | C |\n| x | x | 1 |\n| x | x | 2 |\n",
        ),
        (
            table(row("A", "B", "C"), cell("x", ACROSS) + cell("", ALONG) + cell("1")),
            "| A | B | C |\n| x | x | 1 |\n",
        ),
        (table(row("A", "B"), BEFORE + cell("1")), "| A | B |\n|  | 1 |\n"),
        (
            table(
                HEAD + cell("Room", DOWN) + cell("Summer", WIDE),
                HEAD + cell("", ON) + cell("Week") + cell("Day"),
                row("Single", "1", "2"),
            ),
            "| Room | Summer Week | Summer Day |\n| Single | 1 | 2 |\n",
        ),
        (
            table(
                row("Region", "Prices"),
                cell("North") + f"<w:tc>{table(row('ap', '3'), row('pe', '4'))}<w:p/></w:tc>",
            ),
            "| Region | Prices | Prices |\n| North | ap | 3 |\n| North | pe | 4 |\n",
        ),
        (table(cell("A note.\nOf two paragraphs.")), "A note.\n\nOf two paragraphs.\n"),
        (
            table(row("left") + f"<w:tc><w:p><w:r><w:t>Read:</w:t></w:r></w:p>{table(row('a', '1'))}</w:tc>"),
            "left\n\nRead:\n\n| a | 1 |\n",
        ),
        (table(row("a", "b\nc")), "| a | b c |\n"),
        (table(row("a", "b"), "<w:trPr><w:del/></w:trPr>" + row("gone", "1")), "| a | b |\n"),
    ],
    ids=["down", "both", "old", "before", "header", "nested", "one cell", "layout", "paragraphs", "deleted"],
)  # fmt: skip
def test_every_value_is_in_its_row_and_column(xml: str, text: str) -> None:
    assert extract(word_of_xml(xml), 1_000_000).text.replace(HEAD_MARK, "") == text


def test_tables_nested_without_end_are_no_recursion() -> None:
    xml = cell("deep")
    for _ in range(400):
        xml = f"<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p>{table(xml)}</w:tc>"
    assert "deep" in extract(word_of_xml(table(xml)), 10_000_000).text


@pytest.mark.parametrize(
    ("rows", "arranges_the_page"),
    [
        ([row("a", "b"), row("c", "d")], False),
        ([row("a note of one paragraph")], False),
        ([row("a note\nof two")], True),
        ([row("a", "b\nc")], False),
        ([row("a", f"b\n{'c' * 1001}")], True),
    ],
)
def test_a_table_arranges_the_page_or_holds_data(rows: list[str], arranges_the_page: bool) -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    xml = parse(table(*rows).replace("<w:tbl>", f"<w:tbl {space}>").encode())
    assert is_layout(xml, Styles(None)) == arranges_the_page
    assert len(list(WordTable(xml).cells())) == sum(row.count("<w:tc>") for row in rows)
