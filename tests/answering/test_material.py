from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Citation, Status, Turn
from assistant.answering.material import Material, gather
from assistant.session import Session
from assistant.testing import ScriptedReader
from assistant.types import Thresholds
from assistant.understanding.intents import understand
from tests.sessions import open_session

OTTERS = "The Otter Handbook\n\nOtters sleep by day. They fish by night.\n"
ZEBRAS = "The Zebra Report\n\nZebras graze on the savanna. They run from lions.\n"


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "otters.txt").write_text(OTTERS)
    (corpus / "zebras.txt").write_text(ZEBRAS)
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield replace(session, reader=ScriptedReader(), thresholds=Thresholds(0.5, 0.25))


def gathered(
    session: Session, question: str, history: Sequence[Turn] = (), standalone: str = ""
) -> Material:
    return gather(session, question, understand(question, history), history, standalone)


def sources(material: Material) -> list[str]:
    return [passage.document.source for passage in material.passages]


def test_passages_are_those_retrieved_the_best_first_with_their_headings(session: Session) -> None:
    material = gathered(session, "Where do zebras graze?")
    assert sources(material) == ["zebras.txt", "otters.txt"]
    assert "graze on the savanna" in material.passages[0].text
    assert material.headings == ("The Zebra Report", "The Otter Handbook")
    assert (material.question, material.is_summary) == ("Where do zebras graze?", False)


def test_a_question_that_is_known_in_full_is_searched_as_it_is(session: Session) -> None:
    material = gathered(session, "And there?", standalone="When do otters fish?")
    assert material.question == "When do otters fish?"
    assert sources(material)[0] == "otters.txt"


def test_a_question_that_leans_on_the_history_brings_the_passage_cited_before(
    session: Session,
) -> None:
    (otters,) = [one for one in session.view.catalog.summaries() if one.source == "otters.txt"]
    start = OTTERS.index("They fish")
    quote = "They fish by night."
    citation = Citation(
        1, otters.id, otters.title, otters.source, start, start + len(quote), quote, otters.sha256
    )
    asked = "When do otters fish?"
    history = [Turn(asked, Answer(asked, asked, Status.ANSWERED, citations=(citation,)))]
    material = gathered(replace(session, top_k=1), "And zebras?", history)
    assert "fish" in material.question
    assert "otters.txt" in sources(material)


def test_a_summary_is_written_from_the_documents_meant(session: Session) -> None:
    material = gathered(session, "What is the report about?")
    assert material.is_summary
    assert set(sources(material)) == {"zebras.txt"}
    assert set(sources(gathered(session, "Summarize everything"))) == {"zebras.txt", "otters.txt"}


def test_a_summary_of_nothing_known_is_a_question(session: Session) -> None:
    material = gathered(session, "What is the Lion Report about?")
    assert not material.is_summary
    assert material.passages


def test_the_part_that_is_asked_is_told(session: Session) -> None:
    assert gathered(session, "Where do zebras graze?").within == ""
    (zebras,) = [one for one in session.view.catalog.summaries() if one.source == "zebras.txt"]
    part = session.view.within("zebras.txt", frozenset({zebras.id}))
    material = gathered(replace(session, view=part), "Where do zebras graze?")
    assert (material.within, sources(material)) == ("zebras.txt", ["zebras.txt"])
