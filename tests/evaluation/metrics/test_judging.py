"""What is expected of an answer, and at which stage a failing one went wrong."""

from dataclasses import replace

import pytest

from assistant import Answer, Hit, Statement, Status
from assistant.evaluation.cases.case_model import case_of
from assistant.evaluation.metrics.diagnosis import Stage, diagnose
from assistant.evaluation.metrics.evidence import DocumentTexts, Need
from assistant.evaluation.metrics.judging import (
    holds_words,
    judge,
    prediction,
    prose,
    words_correct,
)
from assistant.testing import answer_not_found
from tests.evaluation.fakes import MILL, answered, chunk

BUILT = "The mill was built in 1851."
GROUND = "It ground rye for the valley."
BURNED = "In 1920 it burned down."


def needs(*quotes: str) -> tuple[Need, ...]:
    texts = DocumentTexts([MILL])
    return tuple(tuple(texts.locate(quote)) for quote in quotes)


@pytest.mark.parametrize(
    ("text", "words", "holds"),
    [
        ("Founded in 2001.", "2001", True),
        ("the 18th meeting", "8", False),
        ("the 18th meeting", "18", True),
        ("1,127 projects", "127", False),
        ("127.5 projects", "127", False),
        ("127 projects, 11 areas", "127", True),
        ("In 2001, it", "2001", True),
        ("Extremism", "extremis", True),
        ("the “eastern\nNATO”", '"Eastern nato"', True),
        ("long–term", "long-term", True),
        ("rye", "oats", False),
    ],
)
def test_words_stand_in_a_text_whatever_their_dress_and_numbers_only_whole(
    text: str, words: str, holds: bool
) -> None:
    assert holds_words(text, words) is holds


def test_the_prose_has_no_marks_and_is_the_notice_where_nothing_was_stated() -> None:
    assert prose(answered("?", BUILT, BURNED)) == f"{BUILT} {BURNED}"
    assert prose(answer_not_found("?")) == "I found no answer in the documents."


def test_the_prediction_is_the_highlight_or_else_the_prose_or_nothing() -> None:
    answer = answered("?", BUILT)
    marked = replace(answer, statements=(Statement(BUILT, (1,), (22, 26)),))
    assert prediction(marked) == "1851"
    assert prediction(answer) == BUILT
    assert prediction(answer_not_found("?")) == ""


def checks(answer: Answer, **expect: object) -> dict[str, bool]:
    case = case_of("?", **expect)
    found = judge(
        case.expect,
        answer,
        needs(*(quote.quote for quote in case.expect.cites)),
        needs(*(quote.quote for quote in case.expect.cites_all)),
    )
    return {f"{check.name} {check.expected}": check.passed for check in found}


def test_each_expectation_is_a_check_of_its_own() -> None:
    assert checks(
        answered("?", BUILT),
        contains=["1851", "rye"],
        contains_any=["wheat", "mill"],
        excludes=["fire", "built"],
        max_statements=0,
    ) == {
        "status answered": True,
        "contains “1851”": True,
        "contains “rye”": False,
        "contains_any “wheat” or “mill”": True,
        "excludes not “fire”": True,
        "excludes not “built”": False,
        "max_statements at most 0": False,
    }


def test_one_of_the_quotes_of_cites_suffices_and_all_of_cites_all_are_needed() -> None:
    one, both = (
        [BUILT, BURNED],
        list(checks(answered("?", BUILT), cites_all=[BUILT, BURNED]).values()),
    )
    assert all(checks(answered("?", BURNED), cites=one).values())
    assert not all(checks(answered("?", GROUND), cites=one).values())
    assert both == [True, True, False]
    assert all(checks(answered("?", BUILT, BURNED), cites_all=one).values())


def test_nothing_more_than_what_is_expected_is_judged() -> None:
    assert checks(answer_not_found("?"), excludes="mill") == {"excludes not “mill”": True}


def test_words_are_correct_only_where_words_of_an_answer_are_expected() -> None:
    def correct(answer: Answer, **expect: object) -> bool | None:
        case = case_of("?", **expect)
        return words_correct(case.expect, judge(case.expect, answer, (), ()))

    assert correct(answered("?", BUILT), contains="1851") is True
    assert correct(answered("?", BUILT), contains="1851", excludes="mill") is False
    assert correct(answer_not_found("?"), contains="documents") is False
    assert correct(answer_not_found("?"), status="not_found") is None
    assert correct(answered("?", BUILT), answers="1851") is None


def stage(
    answer: Answer, retrieved: list[int], read: int = 2, evidence: str = "", **expect: object
) -> Stage | None:
    case = case_of("?", **({"cites": evidence} if evidence else {}), **expect)
    where = needs(evidence) if evidence else ()
    found = judge(case.expect, answer, where, ())
    hits = [Hit(chunk(number), 1.0) for number in retrieved]
    diagnosis = diagnose(case.expect, answer, found, where, hits, read)
    return diagnosis.stage if diagnosis else None


def test_a_case_that_holds_has_no_diagnosis() -> None:
    assert stage(answered("?", BUILT), [0], evidence=BUILT, contains="1851") is None


def test_evidence_that_is_not_among_the_passages_read_is_a_fault_of_retrieval() -> None:
    assert stage(answered("?", BURNED), [1, 2], evidence=BUILT) == Stage.RETRIEVAL
    assert stage(answered("?", BURNED), [1, 2, 0], evidence=BUILT) == Stage.RETRIEVAL
    assert stage(answer_not_found("?"), [1, 2], evidence=BUILT) == Stage.RETRIEVAL


def test_evidence_that_was_retrieved_but_not_chosen_is_a_fault_of_ranking() -> None:
    assert stage(answered("?", BURNED), [1, 0], evidence=BUILT) == Stage.RANKING


def test_another_sentence_of_the_right_passage_is_a_fault_of_reading() -> None:
    assert stage(answered("?", GROUND), [0, 1], evidence=BUILT) == Stage.READING
    assert stage(answered("?", BUILT), [0], evidence=BUILT, contains="1852") == Stage.READING


def test_answering_or_refusing_wrongly_is_a_fault_of_abstention() -> None:
    assert stage(answered("?", BUILT), [0], status="not_found") == Stage.ABSTENTION
    assert stage(answer_not_found("?"), [0], evidence=BUILT) == Stage.ABSTENTION
    assert stage(answer_not_found("?"), [0], contains="1851") == Stage.ABSTENTION
    assert stage(answer_not_found("?"), [0], status="answered") == Stage.ABSTENTION
    talk = Answer("?", "?", Status.SMALL_TALK, notice="Hello.")
    assert stage(talk, [0], evidence=BUILT) == Stage.ABSTENTION
    assert stage(answer_not_found("?"), [0], status="small_talk") == Stage.ABSTENTION


def test_right_words_from_another_passage_are_a_fault_of_citation() -> None:
    assert stage(answered("?", BURNED), [0, 1], evidence=BUILT, contains="burned") == Stage.CITATION


def test_without_labelled_evidence_the_words_expected_tell_the_right_passage() -> None:
    assert stage(answered("?", BURNED), [1, 2], contains="1851") == Stage.RETRIEVAL
    assert stage(answered("?", BURNED), [0, 1], contains="1851") == Stage.RANKING
    assert stage(answered("?", GROUND), [0, 1], contains="1851") == Stage.READING
    assert stage(answered("?", GROUND), [0, 1], excludes="rye") == Stage.READING


def test_too_many_statements_are_a_fault_of_reading() -> None:
    answer = answered("?", BUILT, GROUND)
    assert stage(answer, [0], contains="1851", max_statements=1) == Stage.READING
