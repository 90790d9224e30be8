import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Document
from assistant.text.headings import (
    has_headings,
    headings,
    is_byline,
    is_heading,
    sections,
    without_heading_markup,
)
from assistant.text.spans import Span
from tests.ingestion.texts import any_text

MARKDOWN = "# Manual\n\nIntro.\n\n## Setup\n\n### Tools\n\nA hammer.\n\n## Use\n\nHit it.\n"
TEXT = (
    "The Title\n\nOtters sleep by day. They fish by night.\n\nFeeding\n\n"
    "- Otters eat crabs.\n- Otters eat eels.\n"
)
DOCUMENT = Document("d", "a.txt", "The Title", TEXT, "h", "text/plain")


def test_headings_of_markdown_are_found_with_their_levels() -> None:
    found = [(heading.level, heading.title) for heading in headings(MARKDOWN)]
    assert found == [(1, "Manual"), (2, "Setup"), (3, "Tools"), (2, "Use")]


def test_hash_signs_in_code_are_no_headings() -> None:
    assert [found.title for found in headings("```\n# no\n```\n\n# Yes\n")] == ["Yes"]
    assert [found.title for found in headings("````\n```\n# no\n````\n\n# Yes\n")] == ["Yes"]


def test_sections_carry_the_titles_they_stand_under() -> None:
    found = [
        (section.titles, MARKDOWN[section.body : section.end].strip())
        for section in sections(MARKDOWN, "text/markdown")
    ]
    assert found == [
        (("Manual",), "Intro."),
        (("Manual", "Setup", "Tools"), "A hammer."),
        (("Manual", "Use"), "Hit it."),
    ]


@settings(max_examples=30, deadline=None)
@given(any_text, st.sampled_from(["text/markdown", "text/html", "text/plain"]))
def test_sections_make_up_the_whole_text(text: str, media_type: str) -> None:
    found = sections(text, media_type)
    assert "".join(text[section.start : section.end] for section in found) == text


@pytest.mark.parametrize(
    ("line", "expected"), [("The Title", True), ("Feeding", True), ("They fish by night.", False)]
)
def test_headings_are_told_from_sentences(line: str, expected: bool) -> None:
    start = TEXT.index(line)
    assert is_heading(DOCUMENT, Span(start, start + len(line))) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By Ann Example", True),
        ("Text by Ann M. Example and Bo O’Dea", True),
        ("by: Ann Example ", True),
        ("By noon it had closed.", False),
        ("By Tuesday the choir had sung. It rained.", False),
        ("Byron", False),
        ("", False),
    ],
)
def test_bylines_are_told_from_sentences(text: str, expected: bool) -> None:
    assert is_byline(text) is expected


def test_a_byline_and_a_source_line_are_no_headings() -> None:
    text = "T\n\nBy Ann Example\n\nSource: The Paper\n\nText."
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    for line in ("By Ann Example", "Source: The Paper"):
        start = text.index(line)
        assert not is_heading(document, Span(start, start + len(line)))


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        ("text/markdown", [(1, "Manual"), (2, "Setup")]),
        ("text/html", [(1, "Manual"), (2, "Setup")]),
        ("text/plain", [(1, "# Manual")]),
        ("application/pdf", []),
    ],
)
def test_headings_are_marked_or_stand_alone_in_plain_text(
    media_type: str, expected: list[tuple[int, str]]
) -> None:
    found = headings("# Manual\n\nText.\n\n## Setup\n", media_type)
    assert [(heading.level, heading.title) for heading in found] == expected
    assert has_headings(media_type) == (len(expected) == 2)


def test_a_heading_spans_its_whole_lines() -> None:
    text = "Text.\n\n## Setup\n\nMore.\n"
    (heading,) = headings(text)
    assert text[heading.start : heading.end] == "## Setup\n"


@pytest.mark.parametrize("line", ["# Setup", "  ### Setup ##", "Setup"])
def test_heading_markup_is_removed(line: str) -> None:
    assert without_heading_markup(line) == "Setup"


def test_a_short_line_inside_a_paragraph_is_not_a_heading() -> None:
    text = "T\n\nFeeding\nOtters eat crabs.\n"
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    assert not is_heading(document, Span(3, 10))


def test_in_markdown_only_a_marked_line_is_a_heading() -> None:
    text = "## Feeding\n\nFeeding\n\nOtters eat crabs.\n"
    document = Document("d", "a.md", "T", text, "h", "text/markdown")
    assert is_heading(document, Span(0, 10))
    assert not is_heading(document, Span(12, 19))


@pytest.mark.parametrize(
    ("text", "media_type", "part", "expected"),
    [
        ("# Manual\n\n## 1. What it does\n\nIt does all.\n", "text/markdown", "What it does", True),
        ("# Manual\n\n## 1. What it does\n\nIt does all.\n", "text/markdown", "It does all.", False),
        ("Manual\n\n2. RENT\n2.1 The rent is due.\n", "text/plain", "RENT", True),
        ("Manual\n\n2. RENT\n2.1 The rent is due.\n", "text/plain", "The rent is due.", False),
        ("Manual\n\n2. RENT\n2.1 The rent is due.\n", "text/plain", "RENT\n2.1 The", False),
        ("Manual\n\nText.\n\nEnd of it", "text/plain", "End of it", False),
    ],
)  # fmt: skip
def test_a_part_of_a_heading_is_a_heading(
    text: str, media_type: str, part: str, expected: bool
) -> None:
    document = Document("d", "a", "The title", text, "h", media_type)
    start = text.index(part)
    assert is_heading(document, Span(start, start + len(part))) is expected
