"""What other rooms say in English reaches readers in their language."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

import assistant
from assistant.errors import ServerBusyError
from assistant.web.concurrency import AnsweringLimit
from assistant.web.messages.translating import LONGEST, read_catalog, translated
from assistant.web.strings import LANGUAGE, load_strings

LANGUAGES = sorted(load_strings("chat").languages - {"en"})
ROOM = Path(assistant.__file__).parent
_VALUE = re.compile(r"\{\w+\}")
_JOINED = re.compile(r"[\"']\s*\n\s*f?[\"']")


@pytest.fixture
def german() -> Iterator[None]:
    token = LANGUAGE.set("de")
    yield
    LANGUAGE.reset(token)


def test_every_language_has_every_message_with_its_values() -> None:
    first, *others = (read_catalog(language) for language in LANGUAGES)
    for catalog in (first, *others):
        assert list(catalog) == list(first)
        assert all(text.strip() for text in catalog.values())
        values = {english: sorted(set(_VALUE.findall(english))) for english in catalog}
        assert {
            english: sorted(set(_VALUE.findall(catalog[english]))) for english in catalog
        } == values
    assert read_catalog("en") == {}


COMPOSED = ("question", "“{words}” does not appear in any passage.")
"""Messages whose words stand apart in the code. Those about questions are tested below."""


@pytest.fixture(scope="module")
def code() -> str:
    """The product's code, without the seams of joined strings."""
    return _JOINED.sub("", "\n".join(path.read_text("utf-8") for path in ROOM.rglob("*.py")))


@pytest.mark.parametrize(
    "english", [one for one in read_catalog("de") if not any(part in one for part in COMPOSED)]
)
def test_every_message_is_one_that_the_product_writes(english: str, code: str) -> None:
    longest = max((part.strip(" “”.,") for part in _VALUE.split(english)), key=len)
    assert longest[1:].removesuffix(" again in") in code


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("most", [1, 2])
def test_a_busy_server_is_described_in_the_readers_language(most: int) -> None:
    limit = AnsweringLimit(1, most)
    with ExitStack() as stack:
        for _ in range(most):
            stack.enter_context(limit.place())
        with pytest.raises(ServerBusyError) as refused:
            limit.check()
    assert "Fragen Sie in ein paar Sekunden noch einmal" in translated(str(refused.value))


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("No passage says this.", "Keine Textstelle sagt das."),
        ("“Rom” does not appear in any passage.", "„Rom“ kommt in keiner Textstelle vor."),
        ("The cited text says “2”, not “3”.", "Der zitierte Text sagt „2“, nicht „3“."),
        (
            "The language model cannot be reached. These are quotes from the documents instead.",
            "Das Sprachmodell ist nicht erreichbar. Stattdessen stehen hier Zitate aus den Dokumenten.",
        ),
        (
            "'a b.pdf' cannot be read: it is encrypted.",
            "'a b.pdf' lässt sich nicht lesen: Die Datei ist verschlüsselt.",
        ),
        ("No passage says this. More is unknown.", "No passage says this. More is unknown."),
        ("", ""),
        ("{name} {0}", "{name} {0}"),
    ],
)
def test_sentences_are_translated_together_or_not_at_all(message: str, expected: str) -> None:
    assert translated(message) == expected


@pytest.mark.usefixtures("german")
def test_a_message_of_absurd_length_is_left_as_it_is() -> None:
    long = "“" + "x" * LONGEST + "” does not appear in any passage."
    assert translated(long) == long


def test_english_stays_as_it_is() -> None:
    assert translated("No passage says this.") == "No passage says this."


@pytest.mark.usefixtures("german")
def test_two_sentences_of_one_kind_are_two() -> None:
    two = "I found no answer to “Who is A?”. I found no answer to “Who is B?”."
    assert translated(two) == (
        "Keine Antwort gefunden auf „Who is A?“. Keine Antwort gefunden auf „Who is B?“."
    )
    whole = "I found no answer in the documents. The nearest passages are shown below."
    assert translated(whole) == read_catalog("de")[whole]
