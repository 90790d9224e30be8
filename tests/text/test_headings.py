import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Document
from assistant.text.headings import first_heading, headings, is_heading, sections
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
    assert headings("```\n# no\n```\n\nYes\n===\n")[0].title == "Yes"


def test_first_heading_is_empty_without_headings() -> None:
    assert first_heading("Just text.") == ""


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


def test_a_byline_and_a_source_line_are_no_headings() -> None:
    text = "T\n\nBy Ann Example\n\nSource: The Paper\n\nText."
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    for line in ("By Ann Example", "Source: The Paper"):
        start = text.index(line)
        assert not is_heading(document, Span(start, start + len(line)))
