"""Evaluate how well questions are answered: cases say what a right answer must contain and cite.

::

    from assistant.evaluation import evaluate, load_cases

    file = load_cases("site.eval.yaml")
    report = evaluate(assistant, file.cases, thresholds=file.thresholds)
    report["answer_accuracy"].value, report.holds, report.failed

The names are imported when first used: pytest loads this package in every project of an
environment.
"""

from typing import TYPE_CHECKING

from assistant.lazy_names import lazy_names

__all__ = [
    "Case",
    "CaseFile",
    "CaseFileError",
    "CaseResult",
    "Expectation",
    "Figure",
    "Report",
    "case_of",
    "compare",
    "evaluate",
    "load_cases",
    "render_html",
]

if TYPE_CHECKING:
    from assistant.evaluation.cases.case_files import CaseFile, load_cases
    from assistant.evaluation.cases.case_model import Case, CaseFileError, Expectation, case_of
    from assistant.evaluation.metrics.summary import Figure
    from assistant.evaluation.reports.baseline import compare
    from assistant.evaluation.reports.html_report import render_html
    from assistant.evaluation.reports.report import Report
    from assistant.evaluation.reports.results import CaseResult
    from assistant.evaluation.runner import evaluate
else:
    __getattr__, __dir__ = lazy_names(
        __name__,
        __all__,
        [
            "cases.case_model",
            "cases.case_files",
            "metrics.summary",
            "reports.results",
            "reports.report",
            "reports.baseline",
            "runner",
            "reports.html_report",
        ],
    )
