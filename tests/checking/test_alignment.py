import pytest

from assistant.checking.alignment import Aligned, TokenPart, align, tokens_of
from assistant.storage.stemming import Stemmer

STEMMER = Stemmer()


def aligned(sentence: str, source: str) -> Aligned:
    return align(*(tokens_of(text, frozenset(), STEMMER) for text in (sentence, source)))


def pairs(found: Aligned) -> list[tuple[str, str]]:
    return [
        (
            "" if index is None else found.tokens[index].text,
            "" if place is None else found.source[place].text,
        )
        for index, place in found.pairs
    ]


def test_tokens_are_words_names_values_and_marks() -> None:
    tokens = tokens_of("In 2003 the otters, said Ada Quill, ate 12 crabs.", frozenset(), STEMMER)
    assert [(token.text, token.part) for token in tokens] == [
        ("in", TokenPart.FUNCTION),
        ("2003", TokenPart.VALUE),
        ("the", TokenPart.FUNCTION),
        ("otters", TokenPart.WORD),
        (",", TokenPart.MARK),
        ("said", TokenPart.WORD),
        ("Ada Quill", TokenPart.NAME),
        (",", TokenPart.MARK),
        ("ate", TokenPart.WORD),
        ("12", TokenPart.VALUE),
        ("crabs", TokenPart.WORD),
        (".", TokenPart.MARK),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("otters", "otter"),
        ("12", "twelve"),
        ("then Ada Quill", "then Quill"),
        ("the Baltic Otter Council", "the BOC"),
    ],
)
def test_forms_of_the_same_match(one: str, other: str) -> None:
    first, second = (tokens_of(text, frozenset(), STEMMER)[-1] for text in (one, other))
    assert first.matches(second)
    assert second.matches(first)


def test_what_differs_stands_side_by_side() -> None:
    found = aligned("Otters eat two fish.", "Once upon a time, otters eat two crabs. They swim.")
    assert pairs(found) == [
        ("otters", "otters"),
        ("eat", "eat"),
        ("two", "two"),
        ("fish", "crabs"),
        (".", "."),
    ]
    assert len(found.matched) == 4


def test_the_source_may_say_more() -> None:
    found = aligned("otters eat crabs", "otters that live here eat red crabs")
    assert pairs(found) == [
        ("otters", "otters"),
        ("", "that"),
        ("", "live"),
        ("", "here"),
        ("eat", "eat"),
        ("", "red"),
        ("crabs", "crabs"),
    ]


@pytest.mark.parametrize("texts", [("", ""), ("otters", ""), ("", "otters")])
def test_nothing_is_aligned_with_nothing(texts: tuple[str, str]) -> None:
    assert aligned(*texts).matched == {}
