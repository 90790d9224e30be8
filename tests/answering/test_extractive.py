from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Status, Turn
from assistant.answering.extractive import (
    NOT_FOUND,
    NOT_FOUND_CLOSEST,
    ExtractiveEngine,
    best_way,
    complete,
    extract,
    retrieve,
    without_passages,
)
from assistant.session import Session
from assistant.testing import ScriptedReader
from assistant.understanding.follow_ups import resolve
from assistant.understanding.intents import understand
from tests.sessions import open_session

OTTERS = "The Otter Handbook\n\nBy Ann Example\n\nOtters sleep by day. They fish by night.\n"
ZEBRAS = "The Zebra Report\n\nZebras graze on the savanna. They run from lions.\n"


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "otters.txt").write_text(OTTERS)
    (corpus / "zebras.txt").write_text(ZEBRAS)
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield replace(session, reader=ScriptedReader(night=0.9, savanna=0.2), threshold=0.5)


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def test_an_answer_quotes_the_sentence_that_was_read(session: Session) -> None:
    answer = extract(session, "When do otters fish?", [])
    assert (answer.status, answer.confidence) == (Status.ANSWERED, 0.9)
    assert quotes(answer) == ["They fish by night."]
    assert set(answer.timings) == {"understanding", "retrieval", "reading"}


def test_the_closest_passages_are_shown_where_nothing_answers(session: Session) -> None:
    unsure = replace(session, reader=ScriptedReader(savanna=0.2))
    answer = extract(unsure, "Where do zebras graze?", [])
    assert (answer.status, answer.notice) == (Status.NOT_FOUND, NOT_FOUND_CLOSEST)
    assert [citation.quote for citation in answer.closest] == ["Zebras graze on the savanna."]


@pytest.mark.parametrize("question", ["Where do lions sleep?", "?!"])
def test_nothing_is_shown_where_nothing_was_read(session: Session, question: str) -> None:
    answer = extract(replace(session, reader=ScriptedReader()), question, [])
    assert (answer.status, answer.notice, answer.closest) == (Status.NOT_FOUND, NOT_FOUND, ())


def test_what_was_told_before_is_not_told_again_when_more_is_asked(session: Session) -> None:
    both = replace(session, reader=ScriptedReader(night=0.9, day=0.8))
    first = extract(both, "When do otters fish?", [])
    more = extract(both, "What else?", [Turn("When do otters fish?", first)])
    assert quotes(first) == ["They fish by night."]
    assert quotes(more) == ["Otters sleep by day."]


def test_small_talk_needs_no_passages(session: Session) -> None:
    answer = without_passages(session, "Hello!", understand("Hello!"), [])
    assert answer
    assert (answer.status, answer.citations) == (Status.SMALL_TALK, ())
    assert without_passages(session, "Who?", understand("Who?"), []) is None


def test_a_fact_about_a_document_is_quoted_from_its_text(session: Session) -> None:
    question = "Who wrote the handbook?"
    answer = without_passages(session, question, understand(question), [])
    assert answer
    assert quotes(answer) == ["By Ann Example"]
    question = "Who wrote the report?"
    answer = without_passages(session, question, understand(question), [])
    assert answer
    assert answer.notice == "The text of the documents does not say."


def test_a_question_is_completed_and_a_complete_one_stays_as_typed(session: Session) -> None:
    question = "When  do otters fish?"
    assert complete(session, question, understand(question), []).question == question
    history = [Turn("When do otters fish?", extract(session, "When do otters fish?", []))]
    for follow_up in ("And zebras?", "What about zebras?", "so zebras"):
        resolution = complete(session, follow_up, understand(follow_up, history), history)
        assert (resolution.question, resolution.from_history) == (
            "When do otters fish? (zebras)",
            True,
        )


def test_of_several_ways_the_surest_one_is_taken(session: Session) -> None:
    resolution = replace(resolve("lions", []), question="lions", others=("otters fish",))
    narrow = replace(session, top_k=1)
    way, chosen = best_way(narrow, resolution, [])
    assert (way, chosen.confidence) == ("otters fish", 0.9)


def test_the_passage_last_cited_is_retrieved_with_a_follow_up(session: Session) -> None:
    narrow = replace(session, top_k=1)
    history = [Turn("q", extract(session, "When do otters fish?", []))]
    alone = [hit.chunk.text for hit in retrieve(narrow, "zebras graze", [])]
    followed = [hit.chunk.text for hit in retrieve(narrow, "zebras graze", history)]
    assert followed[:1] == alone
    assert "They fish by night." in followed[1]


def test_the_engine_yields_one_checked_answer(session: Session) -> None:
    (answer,) = ExtractiveEngine().stream(session, "When do otters fish?", [])
    (citation,) = answer.citations
    assert OTTERS[citation.start : citation.end] == citation.quote
