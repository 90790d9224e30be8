"""Classify a message by one table: small talk, a fact about a document, a summary, a question.

The table consists of the lexicons `small_talk`, `document_facts` and `summaries`, of the polite
`openings` and `closings` that are removed from a question, and of the `document_references` that
all share.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from assistant.text.lexicons import lexicon
from assistant.text.phrases import any_of, closing, finders, opening, phrases
from assistant.text.words import plural, words
from assistant.types import Status, Turn
from assistant.understanding.direct_questions import direct
from assistant.understanding.several import split_questions

_COLON = re.compile(r":\s")
_LONGEST_ENDING = 200
"""Numbers of characters at the end of a message in which a polite ending is looked for."""
_SECTION_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-z]?|[ivxlc]+|[a-z]", re.IGNORECASE)
_WORDS = re.compile(r"\b(?P<number>\d{1,4}) words?\b", re.IGNORECASE)
_LONGEST = {
    "small_talk": 120,
    "summary_changes": 120,
    "document_facts": 200,
    "summaries": 200,
    "section_questions": 120,
}
"""Numbers of characters. A longer message is a question, whatever it begins with."""


class IntentKind(StrEnum):
    """The kind of reply that a message asks for."""

    SMALL_TALK = "small_talk"
    DOCUMENT_FACT = "document_fact"
    SUMMARY = "summary"
    SECTION = "section"
    QUESTION = "question"


@dataclass(frozen=True, slots=True)
class Intent:
    """What a message asks for.

    ``question`` is the message without its polite opening and ending. ``detail`` is the kind of small talk,
    the field of the document that is asked for, or the number of the section. ``topic`` is the
    topic to summarize, empty for the documents as a whole. With ``names_document``, the topic is the
    name of a document.
    ``noun`` is what the message calls the document ("handbook"). ``sentences`` is the number of
    sentences that a summary should have, and ``words`` that of its words, 0 if the message does not
    say. ``in_points`` is whether it asks for a list. ``said`` are the passages that earlier summaries had, for a message that asks
    to explain one further.
    """

    kind: IntentKind
    question: str
    detail: str = ""
    topic: str = ""
    names_document: bool = False
    noun: str = ""
    sentences: int = 0
    words: int = 0
    in_points: bool = False
    said: frozenset[tuple[str, int, int]] = frozenset()


def understand(message: str, history: Sequence[Turn] = ()) -> Intent:
    """Return what a message asks for, given the turns before it, oldest first.

    After a question about something else than a document, "it" refers to that topic, unless the
    message names what to summarize.
    """
    if detail := _label("small_talk", message):
        return Intent(IntentKind.SMALL_TALK, message, detail)
    question = without_opening(without_ending(message))
    if len(split_questions(question)) == 1:
        question = direct(without_padding(question))
    if changed := _changed_summary(question, history):
        return changed
    if section := _section(question):
        return section
    intent = _about_documents(question) or Intent(IntentKind.QUESTION, question)
    if not intent.topic and "it" in words(question.lower()) and _has_other_topic(history):
        return Intent(IntentKind.QUESTION, question)
    return intent


def without_opening(message: str, name: str = "openings") -> str:
    """Return a message without the phrases of a lexicon that it begins with.

    A message that consists only of them is returned unchanged. So is "tell me about …", whose
    opening is the request itself.
    """
    match = opening(name).match(message.replace("’", "'"))
    rest = message[match.end() :].lstrip(" ,;:.!–-").rstrip() if match else message
    first = next(iter(words(rest.lower())), "")
    return rest if first and first not in lexicon("leaning_words") else message


def without_ending(message: str) -> str:
    """Return a message without the polite phrases that it ends with, or unchanged without others.

    >>> without_ending("When does the office open, please?")
    'When does the office open?'
    """
    start = max(0, len(message) - _LONGEST_ENDING)
    match = closing("closings").search(message.replace("’", "'"), start)
    if not match or not words(message[: match.start()]):
        return message
    mark = "?" if "?" in match[0] else ""
    return message[: match.start()] + mark


def without_padding(message: str) -> str:
    """Return the question that follows an explanation why it is asked, or the message unchanged.

    >>> without_padding("I write a report on our sites, so can you tell me how large Cork is?")
    'how large Cork is?'
    >>> without_padding("One thing for my report: when was it built?")
    'when was it built?'
    """
    text = message.replace("’", "'")
    ends = [match.end() for _, pattern in finders("requests") for match in pattern.finditer(text)]
    if next(iter(words(text.lower())), "") not in lexicon("question_beginnings"):
        ends += [match.end() for match in _COLON.finditer(text)]
    for end in sorted(ends, reverse=True):
        rest = message[end:].lstrip(" ,;:–-")
        if next(iter(words(rest.lower())), "") in lexicon("question_beginnings"):
            return rest
    return message


def _about_documents(message: str) -> Intent | None:
    """Return the intent of a question about the documents themselves, or None for any other."""
    question = without_opening(message, "request_openings")
    if detail := _label("document_facts", question):
        noun = _noun(question)
        return Intent(IntentKind.DOCUMENT_FACT, question, detail, noun=noun)
    if len(question) > _LONGEST["summaries"]:
        return None
    intent = _summary(question) or _summary(_without_length(question))
    return replace(intent, question=question, **_shape(question)) if intent else None


def _summary(question: str) -> Intent | None:
    """Return the intent of a request for a summary, of no length in particular, or None."""
    for phrase in phrases("summaries"):
        if match := phrase.match(question):
            if phrase.label == "whole":
                return Intent(IntentKind.SUMMARY, question, noun=_noun(question))
            topic, is_name = match["topic"].strip(" .!?,"), phrase.label == "named"
            return Intent(IntentKind.SUMMARY, question, topic=topic, names_document=is_name)
    return None


def _section(message: str) -> Intent | None:
    """Return the intent of a request for a numbered part of a document, or None for any other."""
    if len(message) > _LONGEST["section_questions"]:
        return None
    for phrase in phrases("section_questions"):
        match = phrase.match(message)
        if match and _SECTION_NUMBER.fullmatch(number := match["number"].strip(" .?!")):
            named = match.groupdict().get("document") or ""
            is_name = not re.fullmatch(any_of("document_references"), named, re.IGNORECASE)
            return Intent(
                IntentKind.SECTION,
                message,
                number,
                topic=named,
                names_document=bool(named) and is_name,
            )
    return None


def _changed_summary(message: str, history: Sequence[Turn]) -> Intent | None:
    """Return the intent of "shorter" or "in three bullet points" after a summary, or None."""
    change = _label("summary_changes", message)
    turns = [turn for turn in history if turn.answer.status != Status.SMALL_TALK]
    if not change or not turns:
        return None
    before = understand(turns[-1].question, turns[:-1])
    if before.kind is not IntentKind.SUMMARY:
        return None
    last = max(1, len(turns[-1].answer.statements))
    lengths = {"shorter": max(1, last // 2), "longer": last + 3}
    shape = _shape(message)
    shape["sentences"] = shape["sentences"] or lengths.get(change, before.sentences)
    said = frozenset[tuple[str, int, int]]() if change == "same" else before.said
    if change == "further":
        cited = (citation for turn in turns for citation in turn.answer.citations)
        said = frozenset((one.document_id, one.start, one.end) for one in cited)
    return replace(before, said=said, **shape)


def _without_length(question: str) -> str:
    """Return a question without the length and form of the answer at its beginning or end.

    >>> _without_length("In three bullet points, what is this about? Please answer briefly.")
    'what is this about?'
    """
    match = opening("summary_lengths").match(question)
    rest = question[match.end() :] if match else question
    found = closing("summary_endings").search(rest)
    if not found or not words(rest[: found.start()]):
        return rest
    return rest[: found.start()] + ("?" if "?" in found[0] else "")


def _shape(message: str) -> dict[str, Any]:
    """Return the length and form that a message asks for, as fields of an intent."""
    spaced = message.replace("-", " ")
    counts = [int(one) for one, pattern in finders("summary_counts") if pattern.search(spaced)]
    limit = _WORDS.search(spaced)
    in_points = any(pattern.search(spaced) for _, pattern in finders("summary_points"))
    return {
        "sentences": counts[0] if counts else 0,
        "words": int(limit["number"]) if limit else 0,
        "in_points": in_points,
    }


def _label(name: str, message: str) -> str:
    """Return the label of the first phrase that matches the whole message, or an empty string."""
    if len(message) > _LONGEST[name]:
        return ""
    return next((phrase.label for phrase in phrases(name) if phrase.match(message)), "")


def _noun(question: str) -> str:
    """Return what a question calls the document, if the word can tell documents apart."""
    asked = f" {' '.join(words(question.lower()))} "
    general = set(lexicon("general_document_nouns"))
    nouns = sorted(set(lexicon("document_nouns")) - general, key=len, reverse=True)
    forms = ((noun, form) for noun in nouns for form in (noun, plural(noun)))
    return next((noun for noun, form in forms if f" {form} " in asked), "")


def _has_other_topic(history: Sequence[Turn]) -> bool:
    """Return whether the last question was about something other than a document itself."""
    turns = [turn for turn in history if turn.answer.status != Status.SMALL_TALK]
    return bool(turns) and _about_documents(without_opening(turns[-1].question)) is None
