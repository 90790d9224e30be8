import pytest

from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.formats.characters import without_controls


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[1;31mred\x1b[0m and \x1b[4munderlined\x1b[m", "red and underlined"),
        ("\x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\ here", "link here"),
        ("\x1b]0;title of the window\x07$ make", "$ make"),
        ("\x1b(Bplain\x1b[K\x1b[2J", "plain"),
        ("N\x08NA\x08AM\x08ME\x08E and _\x08f_\x08i_\x08l_\x08e", "NAME and file"),
        ("The cause-and\x02effect relationship of it", "The cause-and-effect relationship of it"),
        ("The honey of the\x07 hive of Ely", "The honey of the  hive of Ely"),
        (
            "A non\x1ebreaking hyphen and an opt\x1fional one, too.",
            "A non-breaking hyphen and an optional one, too.",
        ),
        ("The first line of it\x0bthe second one", "The first line of it\nthe second one"),
        ("It\x92s \x9312\x94 \x96 30 \x80", "It’s “12” – 30 €"),
        ("one\r\ntwo\tthree\f", "one\r\ntwo\tthree\f"),
    ],
)
def test_a_text_is_what_is_seen_of_it(text: str, seen: str) -> None:
    assert without_controls(text) == seen


def test_what_is_full_of_control_characters_is_binary() -> None:
    with pytest.raises(UnreadableFileError, match="binary"):
        without_controls("ab\x01\x02cd" * 9)
