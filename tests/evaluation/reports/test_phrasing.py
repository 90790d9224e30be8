"""Figures and failures in words."""

import pytest

from assistant.evaluation import case_of, evaluate
from assistant.evaluation.metrics.measures import measure_named
from assistant.evaluation.metrics.summary import Figure
from assistant.evaluation.reports.phrasing import (
    GROUPS,
    UNDEFINED,
    answer_text,
    case_label,
    failure_lines,
    interval_text,
    place_text,
    value_text,
)
from assistant.evaluation.reports.report import Report
from assistant.testing import answer_not_found
from tests.evaluation.fakes import BUILT, answered, scripted

QUOTE = "The mill was built in 1851."


@pytest.fixture
def report() -> Report:
    script = {BUILT: answered(BUILT, QUOTE), "Who?": answer_not_found("Who?")}
    cases = [case_of(BUILT, contains="1852"), case_of("Who?", status="answered")]
    return evaluate(scripted(script), cases)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "share", UNDEFINED),
        (0.12345, "share", "0.123"),
        (0.0042, "seconds", "4 ms"),
        (1.5, "seconds", "1.50 s"),
        (2345.6, "seconds", "2,345.60 s"),
    ],
)
def test_a_value_has_its_unit(value: float | None, unit: str, text: str) -> None:
    assert value_text(value, unit) == text


def test_an_interval_has_both_bounds_or_is_undefined() -> None:
    measure = measure_named("pass_rate")
    assert interval_text(Figure(0.5, 0.25, 0.75, 9), measure) == "0.250 to 0.750"
    assert interval_text(Figure(0.5, None, None, 1), measure) == UNDEFINED


def test_every_group_of_measures_has_a_heading(report: Report) -> None:
    assert {measure_named(name).group for name in report.overall} <= set(GROUPS)


def test_a_failure_tells_what_was_expected_answered_and_cited(report: Report) -> None:
    built, who = report.results
    lines = dict(failure_lines(built))
    assert lines["Question"] == BUILT
    assert lines["Expected"] == "contains: “1852”"
    assert lines["Answered"] == f"(answered) {QUOTE} [1]"
    assert lines["Cited"] == f"[1] mill.txt, line 1: “{QUOTE}”"
    assert case_label(built) == "when-was-the-mill-built"
    assert place_text(built.cited[0].excerpt) == "mill.txt, line 1"
    assert who.answer
    assert answer_text(who.answer).startswith("(not_found) ")
