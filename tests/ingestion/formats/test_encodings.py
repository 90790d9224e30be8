import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.encodings import find_encoding
from assistant.ingestion.formats.html import extract
from assistant.ingestion.formats.plain import decode

GERMAN = "Die Prüfstelle für Kühlgeräte in Köln heißt Überwachung Süd."


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (GERMAN.encode() + b" \xff.", GERMAN + " ."),
        (GERMAN.encode() + b" caf\xe9s", GERMAN + " cafés"),
        (GERMAN.encode() + b" \x93so\x94 \x96 12 \x80", GERMAN + " “so” – 12 €"),
        (GERMAN.encode() + "…".encode()[:2], GERMAN),
        (b"\xef\xbb\xbf" + GERMAN.encode() + b"\xff", GERMAN),
    ],
)
def test_a_stray_byte_costs_itself_and_not_the_file(content: bytes, text: str) -> None:
    assert decode(content) == text


def test_a_single_letter_beyond_ascii_is_of_windows_1252() -> None:
    assert find_encoding(b"The caf\xe9 opens at 7.") == (b"", "windows-1252")
    assert decode(b"The caf\xe9 opens at 7.") == "The café opens at 7."


@pytest.mark.parametrize("zeros", [1, 8, 5000])
def test_zeros_that_a_crash_left_in_a_text_are_dropped(zeros: int) -> None:
    content = b"The mixer failed.\n" + b"\0" * zeros + b"\nIt restarted.\n"
    assert decode(content) == "The mixer failed.\n\nIt restarted.\n"


JAPANESE = "会議は火曜日です。東京タワーの高さは333メートルです。" * 5


def test_a_declared_encoding_holds_although_a_byte_is_broken() -> None:
    page = ("<meta charset=shift_jis><p>" + JAPANESE).encode("shift_jis") + b"\xff</p><p>end"
    assert extract(page).text == f"{JAPANESE}\n\nend\n"


def test_an_encoding_of_escape_sequences_is_not_taken_for_codes_of_a_terminal() -> None:
    assert decode(JAPANESE.encode("iso2022_jp")) == JAPANESE


def test_nothing_but_zeros_is_binary() -> None:
    with pytest.raises(UnreadableFileError, match="binary"):
        decode(b"\0" * 64)
