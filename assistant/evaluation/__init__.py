"""Evaluation: questions with what a right answer must contain and cite, and how well they are answered.

::

    from assistant.evaluation import evaluate, load_cases

    file = load_cases("site.eval.yaml")
    report = evaluate(assistant, file.cases, thresholds=file.thresholds)
    report["answer_accuracy"].value, report.holds, report.failed

The names are imported when first used: pytest loads this package in every project that it is
installed beside.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.evaluation.cases.case_files import CaseFile as CaseFile
    from assistant.evaluation.cases.case_files import load_cases as load_cases
    from assistant.evaluation.cases.case_model import Case as Case
    from assistant.evaluation.cases.case_model import CaseFileError as CaseFileError
    from assistant.evaluation.cases.case_model import Expectation as Expectation
    from assistant.evaluation.cases.case_model import case_of as case_of
    from assistant.evaluation.metrics.summary import Figure as Figure
    from assistant.evaluation.reports.baseline import compare as compare
    from assistant.evaluation.reports.html_report import render_html as render_html
    from assistant.evaluation.reports.report import Report as Report
    from assistant.evaluation.reports.results import CaseResult as CaseResult
    from assistant.evaluation.runner import evaluate as evaluate

_HOMES = {
    "CaseFile": "cases.case_files",
    "load_cases": "cases.case_files",
    "Case": "cases.case_model",
    "CaseFileError": "cases.case_model",
    "Expectation": "cases.case_model",
    "case_of": "cases.case_model",
    "evaluate": "runner",
    "CaseResult": "reports.results",
    "Figure": "metrics.summary",
    "Report": "reports.report",
    "compare": "reports.baseline",
    "render_html": "reports.html_report",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"assistant.evaluation.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
