"""The blocks of a document, with offsets in its text."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.testing import document_of
from assistant.text.document_blocks import document_blocks
from assistant.text.media_types import HTML, MARKDOWN, PDF, PLAIN, SOURCE

TEXT = """# 2.1 Fees

The fees are these:

1. Entry
  - for members
2. Exit

Prices follow:

| Part | Price |
| ---- | ----- |
| Pump | 40 |
| Hose | 12 |

> They rise.

```
a: 1

b: 2
```
"""


def shown(text: str, media_type: str = MARKDOWN) -> list[tuple[str, int, str, str, str, str]]:
    """Kind, level, number, text, header and lead-in of each block."""
    document = replace(document_of(text, "a"), media_type=media_type)
    return [
        (
            block.kind,
            block.level,
            block.number,
            text[block.start : block.end],
            text[slice(*block.header)] if block.header else "",
            text[slice(*block.lead_in)] if block.lead_in else "",
        )
        for block in document_blocks(document)
    ]


def test_each_block_knows_what_it_is_and_what_it_belongs_to() -> None:
    fees, head = "The fees are these:", "| Part | Price |"
    assert shown(TEXT) == [
        ("heading", 1, "2.1", "# 2.1 Fees", "", ""),
        ("paragraph", 0, "", fees, "", ""),
        ("item", 0, "1.", "1. Entry", "", fees),
        ("item", 1, "-", "- for members", "", fees),
        ("item", 0, "2.", "2. Exit", "", fees),
        ("paragraph", 0, "", "Prices follow:", "", ""),
        ("row", 0, "", head, "", "Prices follow:"),
        ("row", 0, "", "| Pump | 40 |", head, "Prices follow:"),
        ("row", 0, "", "| Hose | 12 |", head, "Prices follow:"),
        ("quotation", 0, "", "> They rise.", "", ""),
        ("code", 0, "", "```\na: 1\n\nb: 2\n```", "", ""),
    ]


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("3 Scope", "3"),
        ("3.2. Scope", "3.2."),
        ("§ 12 Scope", "§ 12"),
        ("(iv) Scope", ""),
        ("(a) Scope", "(a)"),
        ("IV. Scope", "IV."),
        ("A history of terns", ""),
        ("2024", ""),
        ("I saw a tern", ""),
    ],
)
def test_headings_have_their_numbers(title: str, number: str) -> None:
    assert shown(f"## {title}\n")[0][:3] == ("heading", 2, number)


def test_tables_and_lists_of_a_pdf_are_rows_and_items() -> None:
    found = shown("Contents:\n\n• One\n• Two\n\n| Name | Age |\n| Ada | 36 |\n| Bo | 7 |\n", PDF)
    assert [block[0] for block in found] == ["paragraph", "item", "item", "row", "row", "row"]
    assert found[4][4] == "| Name | Age |"


def test_plain_text_has_paragraphs_alone() -> None:
    assert [block[0] for block in shown("# a\n\n| b |\n", PLAIN)] == ["paragraph", "paragraph"]


@given(st.text(alphabet="#|-*1. ab:>`\n\r", max_size=200))
@pytest.mark.parametrize("media_type", [MARKDOWN, HTML, PDF, PLAIN, SOURCE])
def test_blocks_are_in_order_and_leave_out_no_words(media_type: str, text: str) -> None:
    document = replace(document_of(text, "a"), media_type=media_type)
    blocks = document_blocks(document)
    assert all(one.end <= other.start for one, other in pairwise(blocks))
    covered = "".join(text[block.start : block.end] for block in blocks)
    assert covered.count("a") == text.count("a")
