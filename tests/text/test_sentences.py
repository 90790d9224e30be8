from hypothesis import given

from assistant import Document
from assistant.text.sentences import sentences, whole_sentences
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


@given(any_text)
def test_sentences_are_in_order_and_leave_out_only_white_space(text: str) -> None:
    position, left_out = 0, ""
    for span in sentences(text):
        assert position <= span.start < span.end
        left_out += text[position : span.start]
        position = span.end
    assert not (left_out + text[position:]).strip()


def test_a_span_over_two_sentences_gives_both() -> None:
    start, end = TEXT.index("day"), TEXT.index("They") + 4
    span = whole_sentences(DOCUMENT, start, end)
    assert TEXT[span.start : span.end] == "Otters sleep by day. They fish by night."
