from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant, Citation, DocumentSummary, Status, Turn
from assistant.reading.documents_meant import documents_meant, is_named
from assistant.session import Session
from tests.sessions import open_session

SUMMARY = DocumentSummary(
    "d", "guides/otter-care.md", "The Handbook of Rivers", "h", "text/markdown", 9
)


@pytest.fixture
def session(corpus: Path, small_assistant: Assistant) -> Iterator[Session]:
    (corpus / "handbook.txt").write_text("The Otter Handbook\n\nOtters swim.\n")
    (corpus / "report.txt").write_text("The Zebra Report\n\nZebras run.\n")
    small_assistant.ingest()
    with open_session(small_assistant) as session:
        yield session


def cited(session: Session, source: str) -> Turn:
    (summary,) = [one for one in session.view.catalog.summaries() if one.source == source]
    citation = Citation(1, summary.id, summary.title, source, 0, 3, "The", summary.sha256)
    return Turn("q", Answer("q", "q", Status.ANSWERED, citations=(citation,)))


def sources(found: list[DocumentSummary]) -> list[str]:
    return [summary.source for summary in found]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("handbook", True),
        ("the Handbook of rivers", True),
        ("the handbooks", True),
        ("the river handbook", True),
        ("otter care", True),
        ("the otter handbook", True),
        ("care report", False),
        ("the document", False),
        ("the web page", False),
        ("the page on otter care", True),
        ("", False),
    ],
)
def test_a_name_has_its_content_words_in_title_or_path(name: str, expected: bool) -> None:
    assert is_named(name, SUMMARY) is expected


def test_a_noun_means_the_documents_that_bear_it(session: Session) -> None:
    assert sources(documents_meant(session, [], "report")) == ["report.txt"]
    history = [cited(session, "handbook.txt")]
    assert sources(documents_meant(session, history, "report")) == ["report.txt"]


def test_without_a_noun_the_last_cited_documents_are_meant(session: Session) -> None:
    history = [
        cited(session, "report.txt"),
        cited(session, "handbook.txt"),
        Turn("Thanks", Answer("Thanks", "Thanks", Status.SMALL_TALK)),
    ]
    assert sources(documents_meant(session, history, "")) == ["handbook.txt"]
    assert sources(documents_meant(session, history, "leaflet")) == ["handbook.txt"]


def test_otherwise_all_documents_are_meant(session: Session) -> None:
    assert sources(documents_meant(session, [], "")) == ["handbook.txt", "report.txt"]
