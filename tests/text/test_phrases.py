import re

import pytest

from assistant.text.lexicons import lexicon
from assistant.text.phrases import Phrase, compiled, finders, opening, phrases


def matches(phrase: str, text: str) -> bool:
    return re.fullmatch(compiled(phrase), text) is not None


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("sum up", "sum up", True),
        ("sum up", "sum, up", True),
        ("sum up", "sumup", False),
        ("(a|the) report", "the report", True),
        ("(a|the) report", "report", False),
        ("[a|the] report", "report", True),
        ("[a|the] report", "a report", True),
        ("report [in brief]", "report in brief", True),
        ("report [in brief]", "report in", False),
        ("(one [more]|a) thing", "one more thing", True),
        ("(one [more]|a) thing", "more thing", False),
        ("about *topic", "about the tax", True),
        ("about *topic", "about", False),
        ("thanks for the *noun", "thanks for the help", True),
        ("thanks for the *noun", "thanks for the quick help", False),
        ("what is it?", "what is it", False),
        ("{summary_verbs} it", "sum up it", True),
        ("{summary_verbs} it", "write it", False),
    ],
)
def test_the_notation_of_phrases(phrase: str, text: str, expected: bool) -> None:
    assert matches(phrase, text) is expected


def test_words_are_captured_by_their_name_on_demand() -> None:
    found = re.fullmatch(compiled("about *topic", captures=True), "about the tax")
    assert found
    assert found["topic"] == "the tax"
    assert "?P<" not in compiled("about *topic")


def test_a_phrase_matches_whole_messages_in_any_case_with_any_apostrophe() -> None:
    phrase = Phrase("", re.compile("what's new", re.IGNORECASE))
    assert phrase.match("What’s new")
    assert phrase.match("what's new here") is None


def test_a_line_may_begin_with_a_label() -> None:
    assert {phrase.label for phrase in phrases("summaries")} == {"whole", "topic", "named"}
    assert {phrase.label for phrase in phrases("summary_verbs")} == {""}


def test_punctuation_around_a_message_is_passed_over() -> None:
    (thanks, *_) = [phrase for phrase in phrases("small_talk") if phrase.label == "thanks"]
    assert thanks.match(" “Thank you!” ")
    assert thanks.match("Thank you for nothing at all") is None


def test_an_opening_is_any_run_of_phrases() -> None:
    found = opening("openings").match("Hi, please, sorry, who is she?")
    assert found
    assert found.end() == len("Hi, please, sorry, ")
    assert opening("openings").match("Who is she, please?") is None


def test_finders_find_a_phrase_anywhere_by_its_label() -> None:
    found = {
        label
        for label, pattern in finders("asked_kinds")
        if pattern.search("And how many days does it take?")
    }
    assert "duration" in found
    assert len(finders("asked_kinds")) == len(lexicon("asked_kinds"))
