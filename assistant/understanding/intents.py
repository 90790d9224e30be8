"""What a message asks for, by one table: small talk, a fact about a document, a summary, a question.

The table is ``lexicon/*.txt``: `small_talk`, `document_facts`, `summaries`, with the `openings` that
are taken off a question and the `document_references` that they share.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.text.lexicons import lexicon
from assistant.text.words import words
from assistant.types import Status, Turn
from assistant.understanding.phrases import opening, phrases

_LEANING = frozenset(("about", "more", "of", "on", "with", "for", "to"))
"""Words that cannot begin a question that stands alone."""
_LONGEST = {"small_talk": 120, "document_facts": 200, "summaries": 200}
"""Characters: a longer message is a question, whatever it begins with."""


class IntentKind(StrEnum):
    """What kind of reply a message wants."""

    SMALL_TALK = "small_talk"
    DOCUMENT_FACT = "document_fact"
    SUMMARY = "summary"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for.

    ``question`` is the message without its polite opening. ``detail`` is the kind of small talk or
    the field of the document that is asked for. ``topic`` is what to summarize, empty for the
    documents as a whole; with ``names_document`` it must be the name of a document. ``noun`` is
    what the message calls the document ("handbook").
    """

    kind: IntentKind
    question: str
    detail: str = ""
    topic: str = ""
    names_document: bool = False
    noun: str = ""


def understand(message: str, history: Sequence[Turn] = ()) -> Intent:
    """Return what a message asks for, given the turns before it, oldest first.

    "It" means what was last talked of, not a document, after a question about something else.
    """
    if detail := _label("small_talk", message):
        return Intent(IntentKind.SMALL_TALK, message, detail)
    question = without_opening(message)
    if "it" in words(question.lower()) and _talked_of_something(history):
        return Intent(IntentKind.QUESTION, question)
    return _about_documents(question) or Intent(IntentKind.QUESTION, question)


def without_opening(message: str) -> str:
    """Return a message without the polite phrases that it begins with.

    A message of nothing else is returned as it is, and so is "tell me about …", which asks by
    its opening.
    """
    found = opening("openings").match(message.replace("’", "'"))
    rest = message[found.end() :].lstrip(" ,;:.!–-").rstrip() if found else message
    first = next(iter(words(rest.lower())), "")
    return rest if first and first not in _LEANING else message


def _about_documents(question: str) -> Intent | None:
    """Return the intent of a question about the documents themselves; None for any other."""
    if detail := _label("document_facts", question):
        noun = _noun(question)
        return Intent(IntentKind.DOCUMENT_FACT, question, detail, noun=noun)
    if len(question) > _LONGEST["summaries"]:
        return None
    for phrase in phrases("summaries"):
        if match := phrase.match(question):
            if phrase.label == "whole":
                return Intent(IntentKind.SUMMARY, question, noun=_noun(question))
            topic = match["topic"].strip(" .!?,")
            is_name = phrase.label == "named"
            return Intent(IntentKind.SUMMARY, question, topic=topic, names_document=is_name)
    return None


def _label(name: str, message: str) -> str:
    """Return the label of the first phrase that the whole message fits; empty if none does."""
    if len(message) > _LONGEST[name]:
        return ""
    return next((phrase.label for phrase in phrases(name) if phrase.match(message)), "")


def _noun(question: str) -> str:
    """Return what a question calls the document, if that can tell documents apart."""
    asked = f" {' '.join(words(question.lower()))} "
    general = set(lexicon("general_document_nouns"))
    nouns = sorted(lexicon("document_nouns"), key=len, reverse=True)
    return next((noun for noun in nouns if noun not in general and f" {noun} " in asked), "")


def _talked_of_something(history: Sequence[Turn]) -> bool:
    """Whether the last question was about something else than a document itself."""
    asked = [turn for turn in history if turn.answer.status != Status.SMALL_TALK]
    return bool(asked) and _about_documents(without_opening(asked[-1].question)) is None
