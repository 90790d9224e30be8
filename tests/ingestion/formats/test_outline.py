from hypothesis import given
from hypothesis import strategies as st

from assistant.ingestion.formats.outline import Outline
from assistant.text.headings import headings, sections
from assistant.text.media_types import HTML
from tests.ingestion.texts import any_text

_BLOCKS = st.lists(st.tuples(st.sampled_from(["heading", "paragraph", "item", "row"]), any_text))


@given(_BLOCKS)
def test_the_headings_found_in_an_outline_are_those_written(
    blocks: list[tuple[str, str]],
) -> None:
    outline = Outline()
    written = []
    for kind, text in blocks:
        if kind == "heading":
            outline.heading(2, text)
            words = text.replace("\xad", "").replace("\u200b", "").split()
            written += [(2, " ".join(words))] if words else []
        elif kind == "paragraph":
            outline.paragraph(text)
        elif kind == "item":
            outline.item("-", 1, text)
        else:
            outline.row([text, "x"])
    text = outline.text()
    found = headings(text, HTML)
    assert [(heading.level, heading.title) for heading in found] == written
    assert "".join(text[part.start : part.end] for part in sections(text, HTML)) == text


def test_where_a_word_may_be_divided_is_not_kept() -> None:
    outline = Outline()
    outline.heading(1, "Donau\xaddampf")
    outline.paragraph("\u200b# Schiff\xadfahrt")
    outline.row(["a\u200bb", "\xad"])
    assert outline.text() == "# Donaudampf\n\n\u2060# Schifffahrt\n\n| ab |  |\n"


def test_a_line_that_only_looks_like_a_heading_is_guarded_by_an_invisible_character() -> None:
    outline = Outline()
    outline.heading(1, "Real")
    outline.paragraph("# of otters\n## 12")
    assert [heading.title for heading in headings(outline.text(), HTML)] == ["Real"]
    assert outline.text().replace("\u2060", "") == "# Real\n\n# of otters\n## 12\n"


def test_items_and_rows_stand_together_and_everything_else_apart() -> None:
    outline = Outline()
    outline.paragraph("Bring:")
    outline.item("-", 0, "a net")
    outline.item("-", 1, "of  nylon")
    outline.end_of_list_or_table()
    outline.item("1.", 0, "dive")
    outline.row(["a", "b\nc"])
    outline.row(["", " "])
    assert outline.text() == "Bring:\n\n- a net\n  - of nylon\n\n1. dive\n\n| a | b c |\n"


def test_an_outline_of_nothing_is_empty() -> None:
    outline = Outline()
    outline.paragraph(" \n\t")
    outline.heading(1, "")
    assert outline.text() == ""


def test_code_stands_between_fences_with_every_character_and_has_no_headings() -> None:
    outline = Outline()
    outline.verbatim("a ** b\xad\n# no heading\n```\n", is_code=True)
    outline.heading(2, "Real")
    text = outline.text()
    assert text == "````\na ** b\xad\n# no heading\n```\n````\n\n## Real\n"
    assert [heading.title for heading in headings(text, HTML)] == ["Real"]
