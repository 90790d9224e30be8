import json

import pytest

from assistant.text.safe_display import safe, safe_in_one_line, safe_json, safe_line, safe_name


@pytest.mark.parametrize("text", ["Otters eat crabs.", "one\n\ttwo", "你好 – “é” 🙂", ""])
def test_ordinary_text_is_shown_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "character",
    [
        *("\0", "\x07", "\x08", "\x1b", "\r", "\x7f", "\x80", "\x9b", "\x9f", "\u2028", "\u2029"),
        *("\u202a", "\u202e", "\u2066", "\u2069", "\u200b", "\u200d", "\u200e", "\u200f", "\ufeff"),
        *("\u061c", "\u2060", "\U000e0001", "\U000e0041", "\U000e0100"),
    ],
)
def test_what_a_terminal_would_obey_is_replaced(character: str) -> None:
    assert safe(f"a{character}b") == "a\ufffdb"


def test_a_line_end_of_windows_becomes_a_plain_one() -> None:
    assert safe("one\r\ntwo") == "one\ntwo"


def test_json_carries_such_characters_as_escapes() -> None:
    value = {"text": "a\x9b\u202e\u200b\U000e0041é\n"}
    written = safe_json(value)
    assert written == r'{"text": "a\u009b\u202e\u200b\udb40\udc41é\n"}'
    assert json.loads(written) == value
    assert safe_json("é", in_ascii=True) == r'"\u00e9"'


def test_what_has_one_line_stays_on_one() -> None:
    assert safe_line("a.txt") == "a.txt"
    assert safe_line("a\n[2] Forged\r\nline\u202e") == "a\ufffd[2] Forged\ufffdline\ufffd"


def test_a_name_on_a_page_keeps_what_its_spelling_needs_and_nothing_that_disguises_it() -> None:
    assert safe_name("invoice\u202efdp.exe\n\u2067x\u2069\x9b\U000e0041") == (
        "invoice\ufffdfdp.exe\ufffd\ufffdx\ufffd\ufffd\ufffd"
    )
    persian = "\u062e\u0627\u0646\u0647\u200c\u0647\u0627"
    assert safe_name(f"{persian} \u200f1") == f"{persian} \u200f1"


def test_a_reason_is_shown_in_one_line() -> None:
    forged = "the attachment a.zip\nSkipped b.txt:\u2028 empty\x1b[2K"
    assert safe_in_one_line(forged) == "the attachment a.zip Skipped b.txt: empty\ufffd[2K"
