"""Answers in two tiers, given with certainty and shown as possible: what is counted, and shown."""

from rich.console import Console

from assistant import Answer
from assistant.cli.evaluation_report import print_evaluation
from assistant.evaluation import case_of, evaluate, render_html
from assistant.evaluation.cases.case_model import Case
from assistant.evaluation.metrics.diagnosis import Stage
from assistant.evaluation.reports.report import Report
from assistant.testing import answer_not_found, answer_uncertain
from tests.evaluation.fakes import MILL, answered, scripted

BUILT = "The mill was built in 1851."
BURNED = "In 1920 it burned down."


def possible(question: str, quote: str, confidence: float = 0.3) -> Answer:
    return answer_uncertain(question, MILL, quote, confidence=confidence)


def reported() -> Report:
    """Four questions to be answered, of which one is refused, and three that are not."""
    script: dict[str, Answer | Exception] = {
        "Sure?": answered("Sure?", BUILT, confidence=0.9),
        "Perhaps?": possible("Perhaps?", BUILT),
        "Wrong?": answered("Wrong?", BURNED, confidence=0.8),
        "Refused?": answer_not_found("Refused?"),
        "Nothing?": answer_not_found("Nothing?"),
        "Lured?": possible("Lured?", BURNED, 0.2),
        "Fooled?": answered("Fooled?", BURNED, confidence=0.7),
    }
    cases = [
        case_of(question, contains="1851")
        for question in ("Sure?", "Perhaps?", "Wrong?", "Refused?")
    ] + [case_of(question, status="not_found") for question in ("Nothing?", "Lured?", "Fooled?")]
    return evaluate(scripted(script), cases)


def test_a_right_answer_shown_as_possible_is_right_if_possible_and_never_as_certain() -> None:
    report = reported()
    assert report["right_with_certainty"].value == 1 / 4
    assert report["right_if_possible"].value == 2 / 4
    assert report["wrong_with_certainty"].value == 1 / 4
    assert report["false_abstention_rate"].value == 1 / 4
    assert report["answer_accuracy"].value == 1 / 4
    assert report["pass_rate"].value == 2 / 7


def test_unanswerable_questions_are_counted_by_what_was_shown() -> None:
    report = reported()
    assert report["false_answer_rate"].value == 1 / 3
    assert report["false_showing_rate"].value == 2 / 3
    assert report["abstention_recall"].value == 1 / 3


def test_each_tier_has_its_coverage_and_risk() -> None:
    report = reported()
    assert report["certain_coverage"].value == 3 / 7
    assert report["certain_risk"].value == 2 / 3
    assert report["shown_coverage"].value == 5 / 7
    assert report["shown_risk"].value == 3 / 5
    certain, shown = (
        report[name].value
        for name in ("area_under_risk_coverage", "area_under_risk_coverage_shown")
    )
    assert certain == (0 + 1 / 2 + 2 / 3) / 3
    assert shown == (0 + 1 / 2 + 2 / 3 + 2 / 4 + 3 / 5) / 5


def test_what_is_stated_to_an_unanswerable_question_is_never_right() -> None:
    lured = reported().results[5]
    assert not lured.observation.right
    assert lured.diagnosis is not None
    assert lured.diagnosis.stage == Stage.ABSTENTION


def test_a_right_answer_in_the_wrong_tier_is_a_fault_of_certainty() -> None:
    def stage(case: Case, answer: Answer) -> Stage | None:
        (result,) = evaluate(scripted({"?": answer}), [case]).results
        return result.diagnosis.stage if result.diagnosis else None

    expects_answer, expects_doubt = (
        case_of("?", contains="1851"),
        case_of("?", status="uncertain", cites=BUILT),
    )
    assert stage(expects_answer, possible("?", BUILT)) == Stage.CERTAINTY
    assert stage(expects_answer, possible("?", BURNED)) != Stage.CERTAINTY
    assert stage(expects_doubt, answered("?", BUILT)) == Stage.CERTAINTY
    assert stage(expects_doubt, possible("?", BUILT)) is None


def test_the_reports_show_a_possible_answer_as_such() -> None:
    report = reported()
    assert [result.case.name for result in report.possible] == ["perhaps"]
    assert report.to_dict()["possible"] == 1
    console = Console(record=True, width=200)
    print_evaluation(console, report, None)
    printed = console.export_text()
    assert "2 of 7 cases passed; 1 more right, but shown as possible." in printed
    assert f"(uncertain) This may answer it: {BUILT} [1]" in printed
    assert "? perhaps" in printed
    page = render_html(report)
    assert '<details class="case failed possible"' in page
    assert '<p class="lead">This may answer it:</p>' in page
    assert "<h2>Risk against coverage, with possible answers</h2>" in page
