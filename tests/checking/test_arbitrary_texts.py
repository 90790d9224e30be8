"""Whatever a model writes and a document holds, the check comes to a verdict."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Document
from assistant.checking.support import LONGEST_CHECKED, check_support
from assistant.checking.values.quantities import values
from assistant.storage.stemming import Stemmer
from assistant.testing import WordEncoder
from assistant.types import Passage

PARTS = (
    *(
        "a",
        "an",
        "half",
        "one",
        "twenty-",
        "first",
        "hundred",
        "million",
        "May",
        "of",
        "minus",
        "Q",
    ),
    *("7", "2001", "12:30", "3/4/2001", "1.000.000", "½", "²", "٣", "%", "$", "US$", "EUR", "km"),
    *(
        "X",
        "Rillo",
        "8",
        "not",
        "without",
        "Ada",
        "U.S.",
        "(",
        ")",
        "“",
        "-",
        "—",
        ".",
        ",",
        "\n",
        " ",
    ),
)
STEMMER = Stemmer()
anything = st.lists(
    st.one_of(st.sampled_from(PARTS), st.characters(), st.just(" ")), max_size=60
).map("".join)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_values_are_in_order_and_within_the_text(text: str) -> None:
    position = 0
    for value in values(text):
        assert position <= value.start < value.end <= len(text)
        position = value.end


@settings(max_examples=60, deadline=None)
@given(anything, anything)
def test_every_sentence_gets_a_verdict(sentence: str, source: str) -> None:
    document = Document("d", "a.txt", "T", source, "h", "text/plain")
    passage = Passage(document, 0, len(source))
    found = check_support(sentence, [passage], WordEncoder(), STEMMER)
    assert found.supported != bool(found.reason)


def test_a_text_too_long_for_a_sentence_is_not_checked() -> None:
    text = "7 x " * LONGEST_CHECKED
    document = Document("d", "a.txt", "T", text, "h", "text/plain")
    found = check_support(text, [Passage(document, 0, len(text))], WordEncoder(), STEMMER)
    assert found.reason == "The sentence is longer than 2,000 characters, too long to check."
