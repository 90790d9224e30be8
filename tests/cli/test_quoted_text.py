"""Quotes on a terminal: columns aligned below their names, items with their markers."""

from assistant import Citation, Document, Statement
from assistant.cli.quoted_text import cited_text, quoted_text
from assistant.text.media_types import MARKDOWN
from assistant.types import QuotedBlock

ROW = "| Max | 19 |"
COLUMNS = ("Plan", "Monthly")


def row(columns: tuple[str, ...] = COLUMNS) -> QuotedBlock:
    return QuotedBlock("row", 0, len(ROW), cells=((2, 5), (8, 10)), columns=columns)


def test_a_row_is_aligned_below_the_names_of_its_columns() -> None:
    shown = quoted_text(Statement(ROW, (1,), (8, 10), blocks=(row(),)))
    assert shown.plain == "Plan  Monthly\nMax   19"
    assert [shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold"] == [
        "19"
    ]


def test_a_row_without_names_is_its_cells() -> None:
    assert quoted_text(Statement(ROW, (1,), blocks=(row(()),))).plain == "Max  19"


def test_the_quote_of_a_citation_is_laid_out_as_its_document_has_it() -> None:
    text = f"# Plans\n\n| Plan | Monthly |\n| --- | --- |\n{ROW}\n\nAsk us.\n"
    document = Document("d", "plans.md", "Plans", text, "hash", MARKDOWN)

    def shown(quote: str) -> str:
        start = text.index(quote)
        end = start + len(quote)
        cited = Citation(0, "d", "Plans", "plans.md", start, end, quote, "hash")
        return cited_text(cited, document).plain

    assert shown(ROW) == "Plan  Monthly\nMax   19"
    assert shown("Ask us.") == "“Ask us.”"
    old = Citation(0, "d", "Plans", "plans.md", 0, len(ROW), ROW, "other")
    assert cited_text(old, document).plain == f"“{ROW}”"


def test_items_have_their_markers() -> None:
    text = "Pack:\n• map\n• rope"
    blocks = (
        QuotedBlock("paragraph", 0, 5),
        QuotedBlock("item", 8, 11, "•"),
        QuotedBlock("item", 14, 18, "•"),
    )
    assert quoted_text(Statement(text, (1,), blocks=blocks)).plain == text


def test_control_characters_of_a_document_are_harmless() -> None:
    text = "| \x1b[31m | 19 |"
    block = QuotedBlock("row", 0, len(text), cells=((2, 7), (10, 12)), columns=("\x1b]0;x", "b"))
    assert "\x1b" not in quoted_text(Statement(text, (1,), blocks=(block,))).plain
