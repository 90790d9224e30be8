import pytest

from assistant.checking.values.tokens import Token, is_word, tokenize


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2001-06-15", "iso"),
        ("15/06/2001", "numeric"),
        ("15.06.2001", "numeric"),
        ("1.000.000", "thousands"),
        ("v3.0.4", "version"),
        ("3.0.4", "version"),
        ("17:00", "time"),
        ("5 p.m.", "time"),
        ("1990s", "decade"),
        ("1,021st", "ordinal"),
        ("IP65", "code"),
        ("A4-x", "code"),
        ("1,500.25", "number"),
        ("−5", "number"),
        ("20", "number"),
        ("China’s", "word"),
        ("€", "sign"),
        ("m²", "word"),
    ],
)
def test_a_text_is_one_token_of_its_kind(text: str, kind: str) -> None:
    assert tokenize(text) == [Token(kind, text, 0, len(text))]


def test_tokens_are_in_order_with_their_places_and_without_white_space() -> None:
    text = " About $5\n(or 4)."
    tokens = tokenize(text)
    assert [token.text for token in tokens] == ["About", "$", "5", "(", "or", "4", ")", "."]
    assert all(text[token.start : token.end] == token.text for token in tokens)


def test_a_hyphen_between_numbers_is_not_a_minus() -> None:
    assert [token.text for token in tokenize("4-5 −5")] == ["4", "-", "5", "−5"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5", True),
        ("1.000.000", True),
        ("21st", True),
        ("9" * 28, True),
        ("9" * 29, False),
        ("a", False),
    ],
)
def test_an_amount_has_few_enough_digits_to_count_with(text: str, expected: bool) -> None:
    (token,) = tokenize(text)
    assert token.is_amount is expected


def test_a_word_is_compared_without_capitals_and_only_where_there_is_a_token() -> None:
    tokens = tokenize("Half an hour")
    assert is_word(tokens, 0, "half", "all")
    assert not is_word(tokens, 1, "a")
    assert not is_word(tokens, 3, "hour")
    assert not is_word(tokens, -1, "hour")
