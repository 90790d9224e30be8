from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Assistant, Status, Thresholds, Turn
from assistant.answering.explaining import explain
from assistant.answering.extractive import extract
from assistant.session import Session
from assistant.testing import ScriptedChatModel, ScriptedReader, WordEncoder
from tests.answering.readers import OneQuestionReader
from tests.sessions import open_session

OTTERS = "The Otter Handbook\n\nOtters sleep by day. They fish by night, for 20 euros.\n"


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "otters.txt").write_text(OTTERS)
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield replace(session, reader=ScriptedReader(night=0.9), thresholds=Thresholds(0.5, 0.25))


def test_what_was_read_is_listed_with_its_ranks_and_probability(session: Session) -> None:
    explanation = explain(session, "When do otters fish?", [])
    (passage,) = explanation.passages
    assert passage.citation.quote == "They fish by night, for 20 euros."
    assert (passage.dense_rank, passage.keyword_rank, passage.probability) == (1, 1, 0.9)
    assert (explanation.status, explanation.searched) == (
        Status.ANSWERED,
        ("When do otters fish?",),
    )
    assert explanation.to_dict()["status"] == "answered"


def test_the_reason_names_the_threshold_that_was_missed(session: Session) -> None:
    unsure = replace(session, reader=ScriptedReader(night=0.3))
    explanation = explain(unsure, "When do otters fish?", [])
    assert explanation.status is Status.UNCERTAIN
    assert explanation.reason.endswith("of 0.30, below the 0.50 of a certain answer.")
    unlikely = replace(session, reader=ScriptedReader(night=0.1))
    explanation = explain(unlikely, "When do otters fish?", [])
    assert explanation.status is Status.NOT_FOUND
    assert explanation.reason.endswith("of 0.10, below the 0.25 of a possible answer.")


def test_the_reason_names_a_rival(corpus: Path, small_assistant: Assistant) -> None:
    (corpus / "otters.txt").write_text(OTTERS + "\nSeals fish at noon.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        divided = replace(
            session,
            reader=ScriptedReader(night=0.8, noon=0.7),
            thresholds=Thresholds(0.5, 0.25, rival=1.0),
        )
        explanation = explain(divided, "When do they fish?", [])
    assert explanation.status is Status.UNCERTAIN
    assert explanation.reason.endswith(
        "of 0.80, too little beside another passage that is nearly as likely."
    )


def test_the_reason_names_what_does_not_fit(session: Session) -> None:
    priced = replace(session, reader=ScriptedReader({"20 euros": 0.9}))
    explanation = explain(priced, "How long do otters fish?", [])
    assert explanation.status is Status.UNCERTAIN
    assert explanation.reason == (
        "The likeliest passage does not fit: it is not the kind of value that was asked for."
    )


def test_nothing_read_is_a_reason(session: Session) -> None:
    explanation = explain(replace(session, reader=ScriptedReader()), "When do otters fish?", [])
    assert (explanation.status, explanation.passages) == (Status.NOT_FOUND, ())
    assert explanation.reason.startswith("Nothing that could be quoted")


def test_what_is_no_question_to_the_documents_is_named(session: Session) -> None:
    assert explain(session, "Hello!", []).reason == "The message was taken for small talk."
    assert explain(session, "Summarize everything", []).reason.endswith("asks for a summary.")


def test_the_status_is_that_of_the_answer_where_nothing_is_read(session: Session) -> None:
    for question in ("Hello!", "Summarize everything", "Who wrote the handbook?"):
        assert explain(session, question, []).status is extract(session, question, []).status
    assert explain(session, "Who wrote the handbook?", []).status is Status.NOT_FOUND


def test_each_part_of_a_message_is_explained(session: Session) -> None:
    question = "When do otters fish, and how long do otters live?"
    reader = OneQuestionReader("When do otters fish?", night=0.9)
    explanation = explain(replace(session, reader=reader), question, [])
    assert (explanation.question, explanation.status) == (question, Status.UNCERTAIN)
    assert explanation.reason.startswith("The message asks several things")
    assert [(part.question, part.status) for part in explanation.parts] == [
        ("When do otters fish?", Status.ANSWERED),
        ("how long do otters live?", Status.NOT_FOUND),
    ]
    parts = explanation.to_dict()["parts"]
    assert [part["status"] for part in parts] == ["answered", "not_found"]


def test_the_status_is_that_of_the_way_that_is_answered(session: Session) -> None:
    history = [Turn("When do otters fish?", extract(session, "When do otters fish?", []))]
    for question in ("And zebras?", "Where do lions sleep?", "At what price?"):
        answer = extract(session, question, history)
        assert explain(session, question, history).status is answer.status


def test_a_sentence_that_several_windows_have_is_listed_once(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "otters.txt").write_text(OTTERS + "They rest. " * 400)
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        explanation = explain(session, "When do otters rest?", [])
    places = [(one.citation.start, one.citation.end) for one in explanation.passages]
    assert len(places) == len(set(places)) > 1


def test_what_a_model_wrote_and_the_check_held_back_is_listed(
    corpus: Path, small_assistant: Assistant
) -> None:
    (corpus / "otters.txt").write_text(OTTERS)
    small_assistant.ingest()
    model = ScriptedChatModel(texts=["They fish by night [1]. They fish for 90 euros [1]."])
    with Assistant(small_assistant.settings, WordEncoder(), model) as writing:
        explanation = writing.explain("When do otters fish?")
    (statement,) = explanation.held_back
    assert statement.text == "They fish for 90 euros."
    assert "90" in statement.unsupported
    assert explanation.to_dict()["held_back"][0]["unsupported"] == statement.unsupported
    assert small_assistant.explain("When do otters fish?").held_back == ()
