"""A document is shown as it was written, with every character in its place."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.testing import document_of
from assistant.text.layout import parts
from assistant.text.media_types import HTML, MARKDOWN, PDF, PLAIN
from assistant.web.documents.sources import render_document
from assistant.web.documents.styling import MARKUP, layout
from tests.ingestion.test_loading import loaded

TEXT = """# Manual

Some *literal* words, as the file shows them,
over two lines.

- first
  - inner
1. numbered

| Part | Price |
| ---- | ----- |
| Pump | 40    |

> quoted
> twice

```sh
a **b**
```
"""


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a.md", "A **bold *fine* word**.\n\n> Quoted, *twice*.\n\n1. one\n   - inner\n"),
        (
            "a.html",
            "<p>A <strong>bold <em>fine</em> word</strong>.</p>"
            "<blockquote>Quoted, <i>twice</i>.</blockquote><ol><li>one<ul><li>inner</ul></ol>",
        ),
    ],
)
def test_emphasis_and_quotations_are_shown_as_they_were_written(
    tmp_path: Path, name: str, written: str
) -> None:
    (tmp_path / name).write_text(written)
    document = loaded(tmp_path)
    start = document.text.index("fine word")
    shown = render_document(document, (start, start + len("fine word")), changed=False)
    assert "A <strong>bold </strong><mark" in shown
    assert "><em><strong>fine</strong></em><strong> word</strong></mark>." in shown
    assert "<blockquote>Quoted, <em>twice</em>." in shown
    assert '<li class="depth-1 bullet">' in shown


class Page(HTMLParser):
    """The text of the part ``class="text"``, what is marked, and what is hidden."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.all = self.marked = self.visible = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.open.append(f"{tag} {dict(attributes).get('class', '')}")

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(one.startswith("div text") for one in self.open):
            return
        self.all += data
        if any(one.startswith("mark") for one in self.open):
            self.marked += data
        if not any("markup" in one for one in self.open):
            self.visible += data


def shown(text: str, media_type: str, passage: tuple[int, int] | None = None) -> Page:
    document = document_of(text, "manual.md")
    page = Page()
    page.feed(render_document(replace(document, media_type=media_type), passage, False))
    return page


def kinds(text: str, media_type: str = MARKDOWN) -> list[str]:
    return [part.kind for part in parts(text, media_type)]


def test_headings_lists_tables_quotations_and_code_are_found() -> None:
    assert kinds(TEXT) == ["h1", "p", "li", "li", "li", "th", "rule", "tr", "quote", "pre"]
    groups = layout(TEXT, MARKDOWN, 0, len(TEXT), None)
    assert [group.kind for group in groups] == ["h1", "p", "ul", "table", "quote", "pre"]
    assert [item.depth for item in groups[2].elements] == [0, 1, 0]
    assert [item.is_bullet for item in groups[2].elements] == [True, True, False]
    assert [len(row.cells) for row in groups[3].elements] == [2, 1, 2]


def test_marks_of_structure_are_hidden_and_words_are_not() -> None:
    visible = shown(TEXT, MARKDOWN).visible
    for mark in ("#", "`", "|", "> ", "- first"):
        assert mark not in visible
    for words in ("Manual", "*literal*", "two", "1. numbered", "Pump", "a **b**"):
        assert words in visible


def test_plain_text_has_paragraphs_only() -> None:
    assert kinds("# no heading\n- no item\n\n| no row |\n", PLAIN) == ["p", "p"]
    assert shown("# no heading\n\n*a*", PLAIN).visible == "# no heading*a*"


def test_a_page_of_html_has_headings_and_rows() -> None:
    assert kinds("# Title\n\n2 * 3 * 4\n\n| a | b |\n", HTML) == ["h1", "p", "tr"]
    assert "*x*" in shown("# Title\n\n*x*\n", HTML).visible


@pytest.mark.parametrize("media_type", [MARKDOWN, HTML, PLAIN])
@pytest.mark.parametrize(
    "quote", ["literal* words", "first\n  - inner\n1", "Pump | 40", "quoted\n> "]
)
def test_the_marked_text_is_the_passage(media_type: str, quote: str) -> None:
    start = TEXT.index(quote)
    page = shown(TEXT, media_type, (start, start + len(quote)))
    assert (page.all, page.marked) == (TEXT, quote)


WRITTEN = st.text("#*_`|->[]() \n\tab1.~=\u2028", max_size=80)


@given(WRITTEN, st.sampled_from([MARKDOWN, HTML, PLAIN]), st.data())
def test_every_character_stays_in_its_place(
    text: str, media_type: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(min(start + 1, len(text)), len(text)))
    pieces = [
        (piece, segment)
        for group in layout(text, media_type, 0, len(text), (start, end))
        for element in group.elements
        for cell in element.cells
        for segment in cell
        for piece in segment.pieces
    ]
    assert "".join(text[piece.start : piece.end] for piece, _ in pieces) == text
    cited = "".join(text[one.start : one.end] for one, segment in pieces if segment.cited)
    assert cited == text[start:end]


def test_a_part_that_begins_in_the_middle_is_shown_from_there() -> None:
    groups = layout(TEXT, MARKDOWN, 10, TEXT.index("- first"), None)
    pieces = [piece for group in groups for piece in group.elements[0].cells[0][0].pieces]
    assert pieces[0].start == 0
    assert MARKUP in {piece.style for piece in pieces}


def test_a_table_in_a_pdf_is_shown_as_a_table() -> None:
    text = "Ages\n\n| Name | Age |\n| Ada | 36 |\n\n• One\n"
    page = shown(text, PDF)
    assert page.all == text
    assert "|" not in page.visible
    groups = layout(text, PDF, 0, len(text), None)
    assert [group.kind for group in groups] == ["p", "table", "ul"]


def test_code_of_every_format_is_shown_without_its_fences() -> None:
    text = "Run:\n\n```\nmake\n```\n"
    page = shown(text, HTML)
    assert page.all == text
    assert "`" not in page.visible
