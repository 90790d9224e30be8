import pytest

from assistant.text.spans import Span, lines, trimmed


@pytest.mark.parametrize(
    ("text", "span", "expected"),
    [
        ("  a b\n", Span(0, 6), Span(2, 5)),
        ("a b", Span(0, 3), Span(0, 3)),
        ("x \u00a0 y", Span(1, 4), Span(4, 4)),
        ("x  y", Span(0, 2), Span(0, 1)),
        ("", Span(0, 0), Span(0, 0)),
    ],
)
def test_white_space_at_the_ends_is_trimmed(text: str, span: Span, expected: Span) -> None:
    assert trimmed(text, span) == expected


def test_lines_keep_their_ends() -> None:
    text = "one\rtwo\r\n\nfour"
    assert [text[line.start : line.end] for line in lines(text)] == [
        "one\r",
        "two\r\n",
        "\n",
        "four",
    ]


def test_only_cr_lf_and_crlf_end_a_line() -> None:
    assert lines("a\x0bb\x0cc\u2028d\x85e") == [Span(0, 9)]


def test_an_empty_text_has_no_lines() -> None:
    assert lines("") == []
