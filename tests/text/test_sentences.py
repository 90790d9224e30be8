import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Document
from assistant.text.sentences import sentences, whole_sentences
from assistant.text.spans import Span
from tests.ingestion.texts import any_text

TEXT = (
    "The Title\n\nOtters sleep by day. They fish by night.\n\nFeeding\n\n"
    "- Otters eat crabs.\n- Otters eat eels.\n"
)
DOCUMENT = Document("d", "a.txt", "The Title", TEXT, "h", "text/plain")


def _texts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


def test_sentences_keep_abbreviations_together() -> None:
    assert _texts("Dr. Smith met the U.S. Army. He left.") == [
        "Dr. Smith met the U.S. Army.",
        "He left.",
    ]


def test_what_is_written_without_spaces_is_not_split() -> None:
    text = "It fails with Cannot find module '.../daemon.js'. Then look into .../logs?all. End."
    found = [text[span.start : span.end] for span in sentences(text)]
    assert found == [
        "It fails with Cannot find module '.../daemon.js'.",
        "Then look into .../logs?all.",
        "End.",
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


@settings(max_examples=40, deadline=None)
@given(any_text)
def test_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    covered = [0] * len(text)
    for span in sentences(text):
        assert text[span.start : span.end] == text[span.start : span.end].strip()
        for at in range(span.start, span.end):
            covered[at] += 1
    wrong = [
        at for at, times in enumerate(covered) if times > 1 or not (times or text[at].isspace())
    ]
    assert wrong == []


@settings(max_examples=40, deadline=None)
@given(any_text, st.integers(0, 300), st.integers(0, 300))
def test_sentences_of_a_part_stay_within_it_and_in_order(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    spans = sentences(text, start, end)
    borders = [start, *(at for span in spans for at in (span.start, span.end)), end]
    assert borders == sorted(borders)
    left_out = "".join(
        text[left:right] for left, right in zip(borders[::2], borders[1::2], strict=True)
    )
    assert not left_out.strip()


def test_a_span_over_two_sentences_gives_both() -> None:
    start, end = TEXT.index("day"), TEXT.index("They") + 4
    span = whole_sentences(DOCUMENT, start, end)
    assert TEXT[span.start : span.end] == "Otters sleep by day. They fish by night."


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("fish", "They fish by night."),
        ("eels", "Otters eat eels."),
        ("Feeding", "Feeding"),
    ],
)
def test_words_lie_in_their_whole_sentence(words: str, expected: str) -> None:
    start = TEXT.index(words)
    span = whole_sentences(DOCUMENT, start, start + len(words))
    assert TEXT[span.start : span.end] == expected


def test_white_space_alone_lies_in_no_sentence() -> None:
    start = TEXT.index("\n\nFeeding")
    assert whole_sentences(DOCUMENT, start, start + 2) == Span(start, start + 2)


def test_a_long_line_is_split_as_a_short_one_is() -> None:
    found = sentences("Otters eat crabs. " * 3_000)
    assert len(found) == 3_000
    assert {span.end - span.start for span in found} == {len("Otters eat crabs.")}


def test_a_lone_surrogate_is_part_of_its_sentence() -> None:
    assert sentences("It \ud800 ends. It \udfffbegins.") == [Span(0, 10), Span(11, 22)]


def test_a_heading_before_the_words_is_not_part_of_the_sentences() -> None:
    text = "The mill\n\nThe mill was built in 1911."
    document = Document("d", "a.txt", "The mill", text, "h", "text/plain")
    span = whole_sentences(document, 4, text.index("1911"))
    assert text[span.start : span.end] == "The mill was built in 1911."
    alone = whole_sentences(document, 0, 3)
    assert text[alone.start : alone.end] == "The mill"
