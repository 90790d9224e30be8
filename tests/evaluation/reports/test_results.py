"""The result of a case, as reports and baselines read it."""

from assistant.evaluation import case_of, evaluate
from assistant.evaluation.reports.results import CaseResult
from assistant.testing import answer_uncertain
from tests.evaluation.fakes import BUILT, MILL, answered, scripted

QUOTE = "The mill was built in 1851."


def result(contains: str, is_certain: bool = True) -> CaseResult:
    given = answered(BUILT, QUOTE) if is_certain else answer_uncertain(BUILT, MILL, QUOTE)
    cases = [case_of(BUILT, contains=contains, cites=QUOTE)]
    (found,) = evaluate(scripted({BUILT: given}), cases).results
    return found


def test_a_right_answer_passes_and_a_wrong_one_has_its_failures() -> None:
    right, wrong = result("1851"), result("1852")
    assert (right.passed, right.failures, right.is_possible) == (True, (), False)
    assert (wrong.passed, [check.name for check in wrong.failures]) == (False, ["contains"])
    assert right.key == wrong.key == ("", "when-was-the-mill-built")
    assert right.timings["total"] == 0.1


def test_a_right_answer_that_was_shown_as_possible_is_told_apart() -> None:
    assert result("1851", is_certain=False).is_possible
    assert not result("1852", is_certain=False).is_possible


def test_evidence_and_what_was_retrieved_are_kept_with_their_places() -> None:
    found = result("1851")
    (evidence,), first = found.evidence, found.retrieved[0]
    assert (evidence.cited, evidence.excerpt.text, evidence.excerpt.line) == (True, QUOTE, 1)
    assert (first.rank, first.covers, first.read) == (1, (0,), True)
    assert found.cited[0].is_evidence
    assert found.cited[0].verbatim
