"""The record of an answer: nothing of what came back is believed."""

from dataclasses import replace
from typing import Any

import pytest

from assistant.answering.citations import cite, state
from assistant.errors import UsageError
from assistant.feedback.recording import MAX_COMMENT, record
from assistant.types import Answer, Document, Passage, Status

DOCUMENT = Document("d", "a.txt", "Title", "The SCO was founded in 2001.", "0" * 64, "text/plain")
STATEMENTS, CITATIONS = state([Passage(DOCUMENT, 0, 28)])
ANSWER = Answer("When?", "When was it?", Status.ANSWERED, STATEMENTS, CITATIONS)


def find(identifier: str) -> Document | None:
    return DOCUMENT if identifier == "d" else None


def test_a_record_holds_question_answer_and_quotes() -> None:
    kept = record(ANSWER, True, "  good \n", find)
    assert (kept.question, kept.standalone_question) == ("When?", "When was it?")
    assert (kept.helpful, kept.comment, kept.status) == (True, "good", Status.ANSWERED)
    assert kept.answer == "The SCO was founded in 2001. [1]"
    assert (kept.citations, kept.unchecked, kept.engine) == (CITATIONS, (), "extractive")


def test_every_record_has_an_id_of_its_own() -> None:
    assert record(ANSWER, True, "", find).id != record(ANSWER, True, "", find).id


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "The SCO was founded in 1999."},
        {"start": 1},
        {"end": 4000},
        {"start": -5},
        {"document_id": "other"},
        {"document_sha256": "1" * 64},
    ],
)
def test_a_quote_that_does_not_hold_is_marked(change: dict[str, Any]) -> None:
    forged = replace(ANSWER, citations=(replace(CITATIONS[0], **change),))
    assert record(forged, True, "", find).unchecked == (1,)


def test_titles_and_sources_are_those_of_the_index() -> None:
    forged = replace(cite(Passage(DOCUMENT, 0, 28), 1), title="Forged", source="../etc", page=9)
    (kept,) = record(replace(ANSWER, citations=(forged,)), True, "", find).citations
    assert (kept.title, kept.source, kept.page) == ("Title", "a.txt", None)


def test_a_comment_has_bounds() -> None:
    assert len(record(ANSWER, True, "x" * MAX_COMMENT, find).comment) == MAX_COMMENT
    with pytest.raises(UsageError, match="2,001 characters; at most 2,000"):
        record(ANSWER, True, "x" * (MAX_COMMENT + 1), find)


@pytest.mark.parametrize("field", ["question", "standalone_question", "engine", "notice"])
def test_an_answer_blown_up_by_a_program_is_refused(field: str) -> None:
    change: dict[str, Any] = {field: "x" * 100_001}
    blown = replace(ANSWER, statements=(), **change)
    with pytest.raises(UsageError, match="at most 100,000 are allowed"):
        record(blown, True, "", find)


def test_lone_surrogates_are_left_out() -> None:
    kept = record(replace(ANSWER, question="Wh\ud800en?"), True, "o\udfffk", find)
    assert (kept.question, kept.comment) == ("When?", "ok")
