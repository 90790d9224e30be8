"""Cases are asked in order, judged, summed up, and held against thresholds and older reports."""

import json
from pathlib import Path

import pytest

from assistant import Assistant, Status
from assistant.errors import UsageError
from assistant.evaluation import CaseFileError, case_of, compare, evaluate, load_cases
from assistant.evaluation.metrics.diagnosis import Stage
from assistant.evaluation.metrics.measures import MEASURES, measure_named
from assistant.evaluation.metrics.observation import Observation
from assistant.evaluation.metrics.summary import summarize
from assistant.evaluation.reports.baseline import read_baseline
from assistant.evaluation.runner import Evaluation
from assistant.testing import answer_not_found
from tests.evaluation.fakes import answered, scripted

BUILT = "The mill was built in 1851."
BURNED = "In 1920 it burned down."


def test_only_the_last_turn_is_judged_and_it_hears_those_before() -> None:
    assistant = scripted(
        {"Built?": answered("Built?", BUILT), "And then?": answered("And then?", BURNED)}
    )
    report = evaluate(assistant, [case_of(["Built?", "And then?"], contains="1920")])
    assert assistant.asked == [("Built?", ()), ("And then?", ("Built?",))]
    assert report.results[0].passed
    assert report.results[0].history == (("Built?", f"{BUILT} [1]"),)


def test_a_case_that_raises_counts_as_failed_and_the_others_are_asked() -> None:
    assistant = scripted({"A": RuntimeError("no"), "B": answered("B", BUILT)})
    report = evaluate(
        assistant,
        [case_of("A", contains="1851", cites=BUILT), case_of("B", contains="1851", cites=BUILT)],
    )
    assert [result.passed for result in report.results] == [False, True]
    assert report.results[0].error == "RuntimeError: no"
    assert report.results[0].diagnosis is not None
    assert report.results[0].diagnosis.stage == Stage.ERROR
    for metric in ("pass_rate", "answer_accuracy", "citation_recall", "hit_rate_at_8"):
        assert (report[metric].value, report[metric].count) == (0.5, 2)
    assert report["false_abstention_rate"].value == 0.5


def test_a_question_that_raises_though_the_documents_do_not_answer_it_is_no_abstention() -> None:
    assistant = scripted({"A": RuntimeError("no"), "B": answer_not_found("B")})
    cases = [case_of("A", status="not_found"), case_of("B", status="not_found")]
    report = evaluate(assistant, cases)
    assert report["abstention_recall"].value == 0.5
    assert report["false_answer_rate"].value == 0.5


def test_a_quote_that_is_not_in_the_documents_stops_all_before_anything_is_asked() -> None:
    assistant = scripted({})
    cases = [
        case_of("A", cites="The mill was built in 1815"),
        case_of("B", cites_all=["xyzzy"]),
        case_of("C", cites={"quote": BUILT, "document": "other.txt"}),
    ]
    with pytest.raises(CaseFileError) as caught:
        evaluate(assistant, cases)
    first, second, third = str(caught.value).splitlines()
    assert "the closest passage is mill.txt, line 1: “The mill was built in 1851.”" in first
    assert second.endswith("is not in the documents")
    assert "no document 'other.txt'" in third
    assert assistant.asked == []
    assert caught.value.exit_code == 2


def test_a_missing_quote_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.eval.yaml"
    path.write_text(
        "cases:\n  - question: A\n    expect:\n      cites:\n        - burned\n        - x\n"
    )
    with pytest.raises(CaseFileError, match=r"a\.eval\.yaml:6: a: expect\.cites\[1\]"):
        evaluate(scripted({}), load_cases(path).cases)


def test_retrieval_and_citations_are_scored_against_spans() -> None:
    assistant = scripted(
        {"A": answered("A", BURNED, "Nobody was hurt."), "B": answered("B", BUILT)},
        retrieved=(2, 1, 0),
    )
    report = evaluate(
        assistant, [case_of("A", cites="burned down"), case_of("B", cites_all=[BUILT, BURNED])]
    )
    assert report["hit_rate_at_1"].value == 0.0
    assert report["mean_reciprocal_rank"].value == 0.5
    assert report["recall_at_3"].value == 1.0
    assert report["citation_recall"].value == pytest.approx((1 + 0.5) / 2)
    assert report["citation_precision"].value == pytest.approx((0.5 + 1) / 2)
    assert [hit.read for hit in report.results[0].retrieved] == [True, True, False]
    assert [hit.covers for hit in report.results[1].retrieved] == [(), (1,), (0,)]


def test_figures_are_told_overall_and_by_tag() -> None:
    assistant = scripted({"A": answered("A", BUILT), "B": answer_not_found("B")})
    cases = [
        case_of("A", contains="1851").model_copy(update={"tags": ("x", "y")}),
        case_of("B", contains="1920").model_copy(update={"tags": ("y",)}),
    ]
    report = evaluate(assistant, cases)
    assert report["pass_rate"].value == 0.5
    assert {tag: summary["pass_rate"].value for tag, summary in report.by_tag.items()} == {
        "x": 1.0,
        "y": 0.5,
    }


def test_a_threshold_is_at_least_or_at_most_by_its_metric_and_undefined_holds_none() -> None:
    assistant = scripted({"A": answered("A", BUILT), "B": answer_not_found("B")})
    cases = [case_of("A", contains="1851"), case_of("B", contains="1920")]
    bounds = {
        "pass_rate": 0.5,
        "answer_accuracy": 0.6,
        "false_abstention_rate": 0.5,
        "latency_p95": 0.05,
        "abstention_recall": 0.0,
    }
    report = evaluate(assistant, cases, thresholds=bounds)
    assert [check.holds for check in report.thresholds] == [True, False, True, False, False]
    assert not report.holds
    assert str(report.thresholds[1]) == "answer_accuracy is 0.5, and must be at least 0.6"
    assert evaluate(assistant, cases).holds


def test_an_engine_that_is_not_there_is_a_clear_error() -> None:
    with pytest.raises(UsageError, match="no engine 'psychic'"):
        evaluate(scripted({}), [case_of("A", status="answered")], engine="psychic")


def test_a_report_is_json_and_serves_as_a_baseline(tmp_path: Path) -> None:
    right, wrong = answered("A", BUILT), answer_not_found("A")
    path = tmp_path / "old.json"
    cases = [case_of("A", contains="1851"), case_of("B", status="not_found")]
    old = evaluate(scripted({"A": wrong, "B": answer_not_found("B")}), cases)
    path.write_text(old.to_json(), encoding="utf-8")
    new = evaluate(
        scripted({"A": right, "B": answered("B", BUILT), "C": right}),
        [*cases, case_of("C", status="answered")],
    )
    found = compare(new, read_baseline(path))
    assert [result.case.name for result in found.better] == ["a"]
    assert [result.case.name for result in found.worse] == ["b"]
    assert [result.case.name for result in found.new] == ["c"]
    assert compare(old, new.to_dict()).gone == ("c",)
    assert any(
        (change.metric, change.then, change.now) == ("answer_accuracy", 0.0, 1.0)
        for change in found.changes
    )


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99}', '{"format": 1, "results": [3]}'])
def test_a_baseline_that_is_no_report_is_a_clear_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(text)
    with pytest.raises(UsageError, match="baseline"):
        read_baseline(path)
    with pytest.raises(UsageError, match="cannot be read"):
        read_baseline(tmp_path / "missing.json")


def test_a_summary_of_nothing_is_undefined_everywhere() -> None:
    summary = summarize([])
    assert {figure.value for figure in summary.values()} == {None}
    assert {figure.count for figure in summary.values()} == {0}


def test_every_metric_is_defined_in_words() -> None:
    assert all(measure.definition for measure in MEASURES.values())
    with pytest.raises(KeyError):
        measure_named("nonsense")


def test_a_summary_has_intervals_around_its_values() -> None:
    seen = [
        Observation(
            passed=number % 4 != 0,
            expected=Status.ANSWERED,
            status=Status.ANSWERED,
            confidence=number / 20,
            timings={"total": number / 10, "reading": 0.01},
        )
        for number in range(20)
    ]
    summary = summarize(seen)
    for name in ("pass_rate", "area_under_risk_coverage", "latency_p95"):
        figure = summary[name]
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert figure.low <= figure.value <= figure.high
        assert figure.low < figure.high
        assert figure.count == 20
    assert summary["pass_rate"].value == 0.75
    assert summary["latency_p50"].value == pytest.approx(0.95)
    assert summary["latency_p95_reading"].value == pytest.approx(0.01)
    assert summarize(seen) == summary


def test_the_real_assistant_is_evaluated_over_the_real_article(
    article_assistant: Assistant,
) -> None:
    report = evaluate(
        article_assistant,
        [
            case_of(
                "When was the SCO founded?",
                contains="2001",
                cites="After the SCO was founded in 2001",
            ),
            case_of("What is the boiling point of lead?", status="not_found"),
        ],
    )
    assert report["pass_rate"].value == 1.0
    assert report["verbatim_quotes"].value == 1.0
    assert report["hit_rate_at_8"].value == 1.0
    assert json.loads(report.to_json())["cases"] == 2


def test_one_case_is_asked_alone_and_its_quotes_are_located_before() -> None:
    assistant = scripted({"A": answered("A", BUILT), "B": answered("B", BURNED)})
    cases = [case_of("A", contains="1851"), case_of("B", contains="1920", cites=BURNED)]
    evaluation = Evaluation(assistant, cases)
    assert evaluation.result(1).passed
    assert [question for question, _ in assistant.asked] == ["B"]
    done: list[tuple[int, int]] = []
    assert len(evaluation.run(lambda *progress: done.append(progress))) == 2
    assert done == [(1, 2), (2, 2)]
