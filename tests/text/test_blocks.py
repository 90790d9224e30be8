from hypothesis import given
from hypothesis import strategies as st

from assistant.text.blocks import blocks
from assistant.text.headings import first_heading, headings, sections
from assistant.text.sentences import sentences
from tests.ingestion.texts import any_text

MARKDOWN = "# Manual\n\nIntro.\n\n## Setup\n\n### Tools\n\nA hammer.\n\n## Use\n\nHit it.\n"


def _texts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def test_sentences_keep_abbreviations_together() -> None:
    assert _texts("Dr. Smith met the U.S. Army. He left.") == [
        "Dr. Smith met the U.S. Army.",
        "He left.",
    ]


def test_chinese_sentences_are_split() -> None:
    assert _texts("你好。再见！") == ["你好。", "再见！"]


def test_list_items_are_sentences_of_their_own() -> None:
    assert _texts("Bring:\n- a hammer\n- two nails\n1. first\n2. then") == [
        "Bring:",
        "- a hammer",
        "- two nails",
        "1. first",
        "2. then",
    ]


def test_a_wrapped_line_continues_its_sentence() -> None:
    assert _texts("It was signed\nin Beijing. It held.") == [
        "It was signed\nin Beijing.",
        "It held.",
    ]


def test_a_year_at_the_beginning_of_a_line_is_no_list_marker() -> None:
    assert len(blocks("It was founded in\n2001. It grew.")) == 1


def test_table_rows_are_blocks_of_their_own() -> None:
    assert len(blocks("| a | b |\n| - | - |\n| 1 | 2 |\nText.")) == 4


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


@given(any_text)
def test_sentences_are_in_order_and_leave_out_only_white_space(text: str) -> None:
    position, left_out = 0, ""
    for span in sentences(text):
        assert position <= span.start < span.end
        left_out += text[position : span.start]
        position = span.end
    assert not (left_out + text[position:]).strip()
