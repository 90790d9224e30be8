"""Put figures and failures into words, for the terminal, pytest and the page."""

from collections.abc import Iterable, Iterator

from assistant.evaluation.metrics.judging import prose
from assistant.evaluation.metrics.measures import Measure
from assistant.evaluation.metrics.summary import Figure
from assistant.evaluation.reports.results import CaseResult, Excerpt
from assistant.evaluation.support.support_report import Share, SupportReport
from assistant.types import Answer

GROUPS = {
    "cases": "Cases",
    "answer": "Answers",
    "certainty": "Certainty",
    "citation": "Citations",
    "retrieval": "Retrieval",
    "abstention": "Abstention",
    "cost": "Cost",
}
"""The groups of metrics in the order of a report, with their headings."""

UNDEFINED = "–"


def value_text(value: float | None, unit: str) -> str:
    """Return a value as text: shares with three digits, times in ms or s."""
    if value is None:
        return UNDEFINED
    if unit == "seconds":
        return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.2f} s"
    return f"{value:.3f}"


def interval_text(figure: Figure, measure: Measure) -> str:
    """Return the confidence interval, as ``0.750 to 0.870``."""
    if figure.low is None or figure.high is None:
        return UNDEFINED
    return f"{value_text(figure.low, measure.unit)} to {value_text(figure.high, measure.unit)}"


def support_rows(report: SupportReport) -> dict[str, list[tuple[str, list[str]]]]:
    """Return by heading the rows of a table: a name, and the cells tuned on, interval, held out, interval."""
    halves = (False, True)
    rows = {
        "Flagged as unsupported": [
            ("precision", _cells([report.precision(held_out=half) for half in halves])),
            ("recall", _cells([report.recall(held_out=half) for half in halves])),
        ]
    }
    for supported, heading in (
        (False, "Unsupported sentences flagged"),
        (True, "Supported sentences accepted"),
    ):
        rows[heading] = [
            (
                kind.replace("_", " "),
                _cells(
                    [
                        report.rightly_judged(kind, supported=supported, held_out=half)
                        for half in halves
                    ]
                ),
            )
            for kind in report.kinds(supported=supported)
        ]
    return rows


def _cells(halves: Iterable[Share]) -> list[str]:
    """Return each share as ``12 of 14``, then its interval."""
    cells: list[str] = []
    for share in halves:
        bounds = share.interval
        cells.append(f"{share.right} of {share.count}" if share.count else UNDEFINED)
        cells.append(f"{bounds[0]:.3f} to {bounds[1]:.3f}" if bounds else UNDEFINED)
    return cells


def place_text(excerpt: Excerpt) -> str:
    """Return a document's path with the page or the line of the passage."""
    where = f"p. {excerpt.page}" if excerpt.page else f"line {excerpt.line}"
    return f"{excerpt.source}, {where}"


def case_label(result: CaseResult) -> str:
    """Return the place and the name of a case."""
    place = result.case.place
    where = f"{place.path.as_posix()}:{place.line} " if place else ""
    return f"{where}{result.case.name}"


def failure_lines(result: CaseResult) -> Iterator[tuple[str, str]]:
    """Yield a failed case as labels and texts: asked, expected, answered, cited, diagnosis."""
    for question, reply in result.history:
        yield "Earlier", f"{question} → {reply}"
    yield "Question", result.case.questions[-1]
    if result.answer and result.answer.standalone_question != result.answer.question:
        yield "Understood", result.answer.standalone_question
    for check in result.failures:
        yield "Expected", f"{check.name}: {check.expected}"
    if result.answer:
        yield "Answered", answer_text(result.answer)
        for passage in result.cited:
            mark = f"[{passage.number}]" if passage.number else "closest"
            text = " ".join(passage.excerpt.text.split())
            yield (
                "Cited" if passage.number else "Shown",
                (f"{mark} {place_text(passage.excerpt)}: “{text}”"),
            )
    if result.error:
        yield "Error", result.error
    if result.diagnosis:
        yield "Diagnosis", f"{result.diagnosis.stage.value}: {result.diagnosis.reason}"
    if result.case.note:
        yield "Note", result.case.note


def answer_text(answer: Answer) -> str:
    """Return the status and the text of an answer, with its marks."""
    text = answer.text if answer.statements else prose(answer)
    return f"({answer.status.value}) {answer.lead + ' ' if answer.lead else ''}{text}"
