"""Print a report: figures, figures by tag, failed cases, thresholds and changes."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.evaluation.metrics.measures import measure_named
from assistant.evaluation.metrics.summary import Summary
from assistant.evaluation.reports.baseline import Comparison
from assistant.evaluation.reports.phrasing import (
    GROUPS,
    case_label,
    failure_lines,
    interval_text,
    support_rows,
    value_text,
)
from assistant.evaluation.reports.report import Report
from assistant.evaluation.reports.results import CaseResult
from assistant.evaluation.runner import Progress as Step
from assistant.evaluation.support.support_report import SupportReport
from assistant.text.safe_display import safe

_TAG_COLUMNS = ("answer_accuracy", "citation_recall", "hit_rate_at_8", "false_answer_rate")
_LABEL_WIDTH = 12


def print_evaluation(console: Console, report: Report, comparison: Comparison | None) -> None:
    """Print the whole report, with the verdict at the end."""
    console.print(_figures_table(report.overall))
    if report.by_tag:
        console.print(_tags_table(report.by_tag))
    for result in report.failed:
        print_failure(console, result)
    if report.support:
        console.print()
        console.print(_support_table(report.support))
    if comparison:
        _print_comparison(console, comparison)
    for check in report.thresholds:
        mark = "met   " if check.holds else "MISSED"
        style = "green" if check.holds else "bold red"
        console.print(Text.assemble((f"{mark}  ", style), safe(str(check))), soft_wrap=True)
    passed = len(report.results) - len(report.failed)
    missed = sum(not check.holds for check in report.thresholds)
    bounds = f"; {missed} of {len(report.thresholds)} thresholds missed" if missed else ""
    style = "bold green" if report.holds and not report.failed else "bold"
    count = len(report.possible)
    possible = f"; {count} more right, but shown as possible" if count else ""
    summary = f"{passed} of {len(report.results)} cases passed{possible}{bounds}."
    console.print(Text(summary, style="bold red" if missed else style))


def print_failure(console: Console, result: CaseResult) -> None:
    """Print a failed case: what was asked, expected, answered and cited, and why it failed."""
    console.print()
    mark = ("? ", "yellow") if result.is_possible else ("✗ ", "red")
    console.print(Text.assemble(mark, (safe(case_label(result)), "bold")), soft_wrap=True)
    for label, text in failure_lines(result):
        style = "yellow" if label == "Diagnosis" else ""
        console.print(
            Text.assemble((f"  {label + ':':<{_LABEL_WIDTH}}", "dim"), (safe(text), style)),
            soft_wrap=True,
        )


@contextmanager
def evaluation_progress() -> Iterator[Step]:
    """Yield a callback that moves a progress bar, if standard error is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done, total: None
        return
    columns = (TextColumn("Asking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("ask", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _figures_table(summary: Summary) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Metric")
    table.add_column("Value", justify="right")
    table.add_column("95 % interval", justify="right")
    table.add_column("Cases", justify="right")
    for group, heading in GROUPS.items():
        table.add_row(Text(heading, style="bold"))
        for name, figure in summary.items():
            measure = measure_named(name)
            if measure.group == group:
                table.add_row(
                    f"  {measure.label}",
                    value_text(figure.value, measure.unit),
                    interval_text(figure, measure),
                    str(figure.count),
                )
    return table


def _tags_table(by_tag: dict[str, Summary]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Tag")
    for heading in ("Cases", "Passed", "95 % interval"):
        table.add_column(heading, justify="right")
    for name in _TAG_COLUMNS:
        table.add_column(measure_named(name).label, justify="right")
    for tag, summary in by_tag.items():
        hold = summary["pass_rate"]
        table.add_row(
            Text(safe(tag)),
            str(hold.count),
            value_text(hold.value, "share"),
            interval_text(hold, measure_named("pass_rate")),
            *(value_text(summary[name].value, "share") for name in _TAG_COLUMNS),
        )
    return table


def _support_table(report: SupportReport) -> Table:
    """Return the figures of the support check by kind, tuned on beside held out."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Support check")
    for heading in ("Tuned on", "95 % interval", "Held out", "95 % interval"):
        table.add_column(heading, justify="right")
    for heading, rows in support_rows(report).items():
        table.add_row(Text(heading, style="bold"))
        for name, cells in rows:
            table.add_row(Text(f"  {safe(name)}"), *cells)
    return table


def _print_comparison(console: Console, comparison: Comparison) -> None:
    console.print()
    console.print(Text("Compared with the baseline", style="bold"))
    for word, results, style in (
        ("better", comparison.better, "green"),
        ("worse", comparison.worse, "bold red"),
        ("new", comparison.new, "dim"),
    ):
        for result in results:
            state = "" if word != "new" else (" (passed)" if result.passed else " (failed)")
            console.print(
                Text.assemble((f"  {word:<7}", style), safe(case_label(result)), state),
                soft_wrap=True,
            )
    for name in comparison.gone:
        console.print(Text(f"  gone   {safe(name)}", style="dim"), soft_wrap=True)
    for change in comparison.changes:
        measure = measure_named(change.metric)
        then, now = value_text(change.then, measure.unit), value_text(change.now, measure.unit)
        if then != now:
            console.print(f"  {measure.label}: {then} → {now}")
    console.print(
        f"  {len(comparison.better)} better, {len(comparison.worse)} worse, "
        f"{len(comparison.new)} new, {len(comparison.gone)} gone."
    )
