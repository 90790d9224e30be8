from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from assistant import Document, Encoder
from assistant.checking.grounding import judge_of
from assistant.checking.support import Support, attribute, check_support
from assistant.models.sentence_transformer import CachingEncoder
from assistant.storage.stemming import Stemmer
from assistant.testing import WordEncoder
from assistant.types import Passage, StatementSupport, WindowText

STEMMER = Stemmer()
TEXT = """# Ada Quill

Ada Quill was born in Barrow in 1871. She left school at twelve.

## The Great Fire of Penwick

## Last years

Her diaries are kept in the town library.
"""
ADA = Document("a", "ada.md", "Ada Quill", TEXT, "sha", "text/markdown")


@dataclass
class Judge:
    """Gives the same judgement on every passage, and keeps what it was asked."""

    judgement: StatementSupport
    asked: list[WindowText] = field(default_factory=list)

    def support(self, sentence: str, passages: Sequence[WindowText]) -> list[StatementSupport]:
        self.asked.extend(passages)
        return [self.judgement for _ in passages]


def passage(text: str = TEXT) -> Passage:
    start = TEXT.index(text)
    return Passage(ADA, start, start + len(text))


@pytest.fixture(scope="module")
def cached(encoder: Encoder) -> Encoder:
    return CachingEncoder(encoder)


def check(sentence: str, encoder: Encoder, judge: Judge | None = None) -> Support:
    return check_support(sentence, [passage()], encoder, STEMMER, judge=judge)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Quill was born in 1871 in Barrow.",
        "She left school when she was twelve.",
        "The town library keeps her diaries.",
        "Her diaries are stored in the town library.",
    ],
)
def test_other_words_for_the_same_are_supported(sentence: str, cached: Encoder) -> None:
    assert check(sentence, cached).supported


@pytest.mark.parametrize(
    ("sentence", "foreign"),
    [
        ("Ada Quill was murdered in Barrow.", "murdered"),
        ("Ada Quill was arrested in Barrow in 1871.", "arrested"),
        ("Her diaries are burned in the town library.", "burned"),
    ],
)
def test_a_word_without_ground_is_named(sentence: str, foreign: str, cached: Encoder) -> None:
    found = check(sentence, cached)
    assert not found.supported
    assert found.reason == f"The cited passage does not say “{foreign}”."


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Quill is a murderer.",
        "The Great Fire of Penwick was a hoax.",
        "Ada Quill is haunted.",
    ],
)
def test_a_predicate_that_only_a_heading_could_carry_is_not_supported(
    sentence: str, cached: Encoder
) -> None:
    assert not check(sentence, cached).supported


def test_headings_alone_support_nothing(word_encoder: WordEncoder) -> None:
    heading = passage("## The Great Fire of Penwick")
    found = check_support("The Great Fire of Penwick.", [heading], word_encoder, STEMMER)
    assert found.reason == "A heading alone does not support a sentence."


def test_a_judge_that_finds_a_contradiction_is_heard(cached: Encoder) -> None:
    sentence = "Ada Quill was born in 1871 in Barrow."
    for_it, against = StatementSupport(0.6, 0.2, 0.2), StatementSupport(0.02, 0.9, 0.08)
    assert check(sentence, cached, Judge(for_it)).supported
    found = check(sentence, cached, Judge(against))
    assert found.reason == "The cited passage does not say this."
    attributed = attribute(sentence, [passage()], cached, STEMMER, judge=Judge(against))
    assert not attributed.supported


def test_a_judge_never_overrules_a_value_a_name_or_a_negation(cached: Encoder) -> None:
    certain = Judge(StatementSupport(0.99, 0.005, 0.005))
    for sentence in (
        "Ada Quill was born in Barrow in 1872.",
        "Ada Quill was born in London.",
        "Ada Quill was not born in Barrow.",
    ):
        assert not check(sentence, cached, certain).supported
    assert certain.asked == []


def test_a_judge_reads_the_titles_above_the_passage(cached: Encoder) -> None:
    judge = Judge(StatementSupport(0.6, 0.2, 0.2))
    last = passage("Her diaries are kept in the town library.")
    check_support("Her diaries are kept in the library.", [last], cached, STEMMER, judge=judge)
    assert judge.asked == [
        WindowText("Ada Quill > Last years", "Her diaries are kept in the town library.")
    ]


def test_only_a_model_that_was_trained_to_judge_is_asked() -> None:
    judge = Judge(StatementSupport(0.5, 0.2, 0.3))
    assert judge_of(judge) is judge
    assert judge_of(object()) is None
    assert judge_of(None) is None
