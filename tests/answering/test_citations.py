from dataclasses import replace

import pytest

from assistant import Answer, CitationError, Document, Statement, Status
from assistant.answering.citations import check_citations, cite, state
from assistant.types import Passage

DOCUMENT = Document("d", "a.txt", "T", "One. Two. Three.", "hash", "text/plain", (0, 5))
PASSAGES = [Passage(DOCUMENT, 0, 4), Passage(DOCUMENT, 5, 9, (5, 8)), Passage(DOCUMENT, 0, 4)]


def answer() -> Answer:
    statements, citations = state(PASSAGES)
    return Answer("q", "q", Status.ANSWERED, statements, citations)


def check(wrong: Answer) -> Answer:
    return check_citations(wrong, {"d": DOCUMENT}.get)


def test_numbers_run_from_one_and_a_repeated_passage_shares_its_number() -> None:
    found = answer()
    assert [statement.citations for statement in found.statements] == [(1,), (2,), (1,)]
    assert [(citation.number, citation.quote, citation.page) for citation in found.citations] == [
        (1, "One.", 1),
        (2, "Two.", 2),
    ]
    assert found.text == "One. [1] Two. [2] One. [1]"
    assert check(found) is found


def test_the_highlight_is_within_the_statement() -> None:
    statement = answer().statements[1]
    assert statement.highlight == (0, 3)
    assert statement.text[slice(*statement.highlight)] == "Two"


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "One!"},
        {"start": 1},
        {"end": 400},
        {"start": -4, "end": 0},
        {"start": 4, "end": 4, "quote": ""},
        {"document_id": "unknown"},
        {"document_sha256": "older"},
        {"number": 0},
        {"number": 3},
    ],
    ids=str,
)
def test_a_citation_that_does_not_hold_is_rejected(change: dict[str, object]) -> None:
    right = answer()
    wrong = replace(right.citations[0], **change)  # type: ignore[arg-type]
    with pytest.raises(CitationError):
        check(replace(right, citations=(wrong, right.citations[1])))


def test_a_closest_passage_is_checked_too() -> None:
    wrong = replace(cite(PASSAGES[0], 0), quote="Ome.")
    with pytest.raises(CitationError):
        check(Answer("q", "q", Status.NOT_FOUND, closest=(wrong,)))


def test_a_closest_passage_with_a_number_is_rejected() -> None:
    with pytest.raises(CitationError):
        check(Answer("q", "q", Status.NOT_FOUND, closest=(cite(PASSAGES[0], 1),)))


@pytest.mark.parametrize("citations", [(), (0,), (3,), (2,)])
def test_a_statement_must_cite_numbers_that_exist_in_order_of_appearance(
    citations: tuple[int, ...],
) -> None:
    right = answer()
    first = Statement("One.", citations)
    with pytest.raises(CitationError):
        check(replace(right, statements=(first, *right.statements[1:])))


def test_a_citation_that_no_statement_uses_is_rejected() -> None:
    right = answer()
    with pytest.raises(CitationError):
        check(replace(right, statements=right.statements[:1]))
