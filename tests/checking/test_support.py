"""Sentences against passages of the real article, with the real embedding model."""

from collections.abc import Callable

import pytest

from assistant import Assistant, Document, Encoder
from assistant.checking.support import Support, attribute, check_support, is_neutral_heading
from assistant.models.sentence_transformer import CachingEncoder
from assistant.storage.stemming import Stemmer
from assistant.types import Passage

Check = Callable[..., Support]
"""Checks a sentence against the paragraphs that begin so."""
ECONOMY = "As security cooperation yields results"
SECURITY = "After the SCO was founded"
MEMBERS = "Despite myriad challenges"
LOANS = "Last but not least"
ALLIANCE = "The SCO will not become"


@pytest.fixture(scope="module")
def article(article_assistant: Assistant) -> Document:
    (summary,) = article_assistant.documents()
    return article_assistant.document(summary.id)


@pytest.fixture(scope="module")
def models(encoder: Encoder) -> tuple[Encoder, Stemmer]:
    return CachingEncoder(encoder), Stemmer()


@pytest.fixture(scope="module")
def check(article: Document, models: tuple[Encoder, Stemmer]) -> Check:
    def check(sentence: str, *beginnings: str) -> Support:
        return check_support(sentence, [paragraph(article, one) for one in beginnings], *models)

    return check


def paragraph(document: Document, beginning: str) -> Passage:
    start = document.text.index(beginning)
    return Passage(document, start, document.text.index("\n\n", start))


@pytest.mark.parametrize(
    ("sentence", "beginning"),
    [
        ("The program was signed in Beijing in 2003.", ECONOMY),
        ("Members set eleven priority areas and 127 key projects.", ECONOMY),
        ("The Shanghai Cooperation Organization was founded in 2001.", SECURITY),
        ("Mongolia became the first observer in 2004.", MEMBERS),
        ("China gave over 22 billion dollars in concessionary loans.", LOANS),
        ("The SCO won't become a military alliance.", ALLIANCE),
    ],
)
def test_what_the_passage_says_in_other_words_is_supported(
    check: Check, sentence: str, beginning: str
) -> None:
    found = check(sentence, beginning)
    assert found.supported, found.reason
    assert found.reason == ""


@pytest.mark.parametrize(
    ("sentence", "beginning", "reason"),
    [
        (
            "The program was signed in Beijing in 2004.",
            ECONOMY,
            "“2004” does not appear in the cited passage.",
        ),
        (
            "The program was signed in Moscow in 2003.",
            ECONOMY,
            "“Moscow” does not appear in the cited passage.",
        ),
        (
            "China gave more than 22 billion euros in concessionary loans.",
            LOANS,
            "The cited passage says “$22 billion”, not “22 billion euros”.",
        ),
        (
            "China gave less than $22 billion in concessionary loans.",
            LOANS,
            "The cited passage says “more than $22 billion”, not “less than $22 billion”.",
        ),
        (
            "The SCO was not founded in 2001.",
            SECURITY,
            "The cited passage says this without “not”.",
        ),
        (
            "The SCO will become a military or political alliance.",
            ALLIANCE,
            "The cited passage says “not” where the sentence does not.",
        ),
        (
            "The organization has a large budget for its own buildings.",
            ECONOMY,
            "The cited passage does not say this.",
        ),
    ],
)
def test_what_the_passage_does_not_say_is_told_with_the_reason(
    check: Check, sentence: str, beginning: str, reason: str
) -> None:
    found = check(sentence, beginning)
    assert not found.supported
    assert found.reason == reason
    assert found.carrying == ()


def test_the_citation_narrows_to_the_sentences_that_carry_it(
    check: Check, article: Document
) -> None:
    found = check("The program was signed in Beijing in 2003.", SECURITY, ECONOMY)
    (carrying,) = found.carrying
    assert carrying.text.startswith("The Program of Multilateral Trade")
    assert carrying.text.endswith("in Beijing in 2003.")
    assert article.text[carrying.start : carrying.end] == carrying.text


def test_a_sentence_from_two_passages_is_carried_by_both(check: Check) -> None:
    sentence = "The SCO was founded in 2001, and Mongolia became its first observer in 2004."
    assert not check(sentence, SECURITY).supported
    found = check(sentence, SECURITY, MEMBERS)
    assert [passage.text[:20] for passage in found.carrying] == [
        "After the SCO was fo",
        "In 2004, Mongolia be",
    ]


def test_a_sentence_without_a_mark_goes_to_the_passage_that_supports_it(
    article: Document, models: tuple[Encoder, Stemmer]
) -> None:
    passages = [paragraph(article, one) for one in (SECURITY, ECONOMY, MEMBERS)]
    found = attribute("Mongolia became an observer in 2004.", passages, *models)
    assert found.supported
    assert found.carrying[0].text.startswith("In 2004, Mongolia")
    nothing = attribute("France became an observer in 2004.", passages, *models)
    assert not nothing.supported
    assert nothing.reason == "“France” does not appear in any passage."
    elsewhere = attribute("The organization has a large budget.", passages, *models)
    assert elsewhere.reason == "No passage says this."


def test_a_sentence_that_the_nearest_passage_denies_is_not_attributed_to_another_one(
    article: Document, models: tuple[Encoder, Stemmer]
) -> None:
    observer = paragraph(article, "Despite myriad challenges")
    for passages in ([observer, paragraph(article, ALLIANCE)], [paragraph(article, ALLIANCE)]):
        found = attribute("The SCO will become a military alliance.", passages, *models)
        assert found.reason == "The nearest passage says “not” where the sentence does not."


@pytest.mark.parametrize("sentence", ["", "…", "   "])
def test_a_sentence_without_a_word_is_not_supported(check: Check, sentence: str) -> None:
    assert not check(sentence, SECURITY).supported


def test_without_a_passage_nothing_is_supported(check: Check) -> None:
    assert check("The SCO was founded in 2001.").reason == "The sentence cites no passage."


@pytest.mark.parametrize(
    ("heading", "is_shown"),
    [
        ("Overview", True),
        ("Key points", True),
        ("Regional security", True),
        ("The Shanghai Spirit", True),
        ("Corrupt security", False),
        ("No security", False),
        ("Security in 1999", False),
        ("Bill Gates", False),
        ("", True),
        ("security " * 20, False),
    ],
)
def test_a_heading_is_shown_only_if_it_says_nothing_of_its_own(
    article: Document, models: tuple[Encoder, Stemmer], heading: str, is_shown: bool
) -> None:
    whole = Passage(article, 0, len(article.text))
    assert is_neutral_heading(heading, [whole], models[1]) is is_shown
