from collections.abc import Iterable, Sequence

import pytest

from assistant import Assistant
from assistant.storage.stemming import Stemmer
from assistant.text.lexicons import lexicon
from assistant.understanding.spelling import edits, mend_spelling

DOCUMENTS = {
    "found": 3,
    "fund": 9,
    "agreement": 1,
    "spirit": 2,
    "alliance": 1,
    "allianc": 1,
    "financ": 5,
}
COMMON = {
    "founded",
    "funded",
    "agreement",
    "agreements",
    "spirit",
    "alliance",
    "france",
    "finance",
    "beers",
}


def frequencies(stems: Iterable[str]) -> dict[str, int]:
    return {stem: DOCUMENTS[stem] for stem in stems if stem in DOCUMENTS}


def tokens(texts: Sequence[str]) -> list[int]:
    return [1 if text in COMMON else 2 for text in texts]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("When was it fuonded?", "When was it founded?"),
        ("wich agreemnts", "which agreements"),
        ("The Spirt", "The Spirit"),
        ("an aliance", "an alliance"),
        ("Wen was teh end", "When was the end"),
    ],
)
def test_a_slip_is_mended_by_a_word_of_the_documents(typed: str, meant: str) -> None:
    assert mend_spelling(typed, frequencies, Stemmer(), tokens) == meant


@pytest.mark.parametrize("line", lexicon("question_word_slips"))
def test_a_slip_in_a_question_word_is_mended(line: str) -> None:
    typed, meant = line.split(": ")
    assert mend_spelling(typed, frequencies, Stemmer(), tokens) == meant


@pytest.mark.parametrize(
    "question",
    [
        "When was it founded?",
        "Is France rich?",
        "zzzzzz qqqqqq",
        "a beers",
        "2001 founded2",
        "",
        "Fünf 你好",
    ],
)
def test_what_is_right_common_or_unknown_is_left_alone(question: str) -> None:
    assert mend_spelling(question, frequencies, Stemmer(), tokens) == question


def test_edits_are_those_one_step_away() -> None:
    found = edits("ab")
    assert {"b", "a", "ba", "xb", "ax", "xab", "axb", "abx"} <= set(found)
    assert "ab" not in found
    assert len(found) == len(set(found))


def test_the_answer_shows_what_was_understood(article_assistant: Assistant) -> None:
    answer = article_assistant.ask("What is the Shangai Spirt?")
    assert answer.standalone_question == "What is the Shanghai Spirit?"
    assert "reciprocal trust" in answer.text
