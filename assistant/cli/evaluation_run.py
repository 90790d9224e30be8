"""Run case files, and print and write the report."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from assistant.assistant import Assistant
from assistant.cli.console import ingestion_progress, print_report
from assistant.cli.evaluation_report import evaluation_progress, print_evaluation
from assistant.cli.exit_codes import EXIT_THRESHOLD
from assistant.errors import UsageError
from assistant.evaluation.cases.case_files import CaseFile, find_case_files, load_case_files
from assistant.evaluation.cases.case_model import CaseFileError
from assistant.evaluation.metrics.measures import MEASURES, is_measure, measure_named
from assistant.evaluation.opening import OpenAssistants
from assistant.evaluation.reports.baseline import compare, read_baseline
from assistant.evaluation.reports.html_report import render_html
from assistant.evaluation.reports.report import Report, describe, report_on
from assistant.evaluation.reports.results import CaseResult
from assistant.evaluation.runner import Evaluation, engine_of
from assistant.evaluation.support.labelled_sentences import (
    SupportFile,
    find_support_files,
    is_support_file,
    load_support_file,
)
from assistant.evaluation.support.support_report import measure_support


@dataclass(frozen=True, slots=True)
class Options:
    """Options of the command; ``minimum`` and ``maximum`` are as typed, ``name=value``."""

    minimum: tuple[str, ...] = ()
    maximum: tuple[str, ...] = ()
    engine: str | None = None
    baseline: Path | None = None
    json_file: Path | None = None
    html_file: Path | None = None


def run_evaluation(
    assistant: Assistant, paths: Sequence[Path], options: Options, console: Console
) -> int:
    """Evaluate case files and print the report. Return the exit code: 4 if a threshold is missed.

    An index that is missing or out of date is updated first. Raises `UsageError` for an option
    and `CaseFileError` for a case file that cannot be used, before any question is asked.
    """
    bounds = _bounds(options)
    engine = engine_of(assistant, options.engine)
    baseline = read_baseline(options.baseline) if options.baseline else None
    for target in (options.json_file, options.html_file):
        _check_writable(target)
    labelled = [load_support_file(path) for path in find_support_files(paths or [Path()])]
    asked = [path for path in paths if not is_support_file(path)]
    files = load_case_files(find_case_files(asked)) if asked or not paths else []
    report = _evaluate(assistant, files, labelled, bounds, engine)
    print_evaluation(console, report, compare(report, baseline) if baseline else None)
    if options.json_file:
        _write(options.json_file, report.to_json())
    if options.html_file:
        _write(options.html_file, render_html(report))
    return 0 if report.holds else EXIT_THRESHOLD


def update_index(assistant: Assistant) -> None:
    """Ingest, and report on standard error."""
    with ingestion_progress() as progress:
        report = assistant.ingest(progress=progress)
    print_report(Console(stderr=True), report)


def _evaluate(
    assistant: Assistant,
    files: Sequence[CaseFile],
    labelled: Sequence[SupportFile],
    bounds: dict[str, float],
    engine: str,
) -> Report:
    with OpenAssistants(assistant, update_index) as assistants:
        opened = [assistants.over(file.corpus) for file in files]
        evaluations = _evaluations(opened, files, engine)
        results: list[CaseResult] = []
        total = sum(len(file.cases) for file in files)
        with evaluation_progress() as progress:
            for evaluation in evaluations:
                for position in range(len(evaluation.cases)):
                    results.append(evaluation.result(position))
                    progress(len(results), total)
        support = measure_support(assistants.over, labelled)
        environment = describe(list(dict.fromkeys(opened)), engine)
    by_file = {file.path.as_posix(): file.thresholds for file in files}
    return report_on(results, {**by_file, "": bounds}, environment, support)


def _evaluations(
    opened: Sequence[Assistant], files: Sequence[CaseFile], engine: str
) -> list[Evaluation]:
    """Return the evaluations of all files. Raises one error for the quotes of all of them."""
    found: list[Evaluation] = []
    wrong: list[str] = []
    for assistant, file in zip(opened, files, strict=True):
        try:
            found.append(Evaluation(assistant, file.cases, engine))
        except CaseFileError as error:
            wrong.append(str(error))
    if wrong:
        raise CaseFileError("\n".join(wrong))
    return found


def _bounds(options: Options) -> dict[str, float]:
    bounds: dict[str, float] = {}
    for flag, written in (("--min", options.minimum), ("--max", options.maximum)):
        for bound in written:
            name, value = _bound(flag, bound)
            bounds[name] = value
    return bounds


def _bound(flag: str, written: str) -> tuple[str, float]:
    name, _, value = (part.strip() for part in written.partition("="))
    if not is_measure(name):
        raise UsageError(f"{flag} {written}: unknown metric. Choose from {', '.join(MEASURES)}.")
    try:
        bound = float(value)
    except ValueError:
        raise UsageError(
            f"{flag} {written}: expected {name}=NUMBER, for example {name}=0.9."
        ) from None
    right = "--min" if measure_named(name).more_is_better else "--max"
    if right != flag:
        better = "higher" if right == "--min" else "lower"
        raise UsageError(f"{flag} {written}: for {name}, {better} is better. Use {right}.")
    return name, bound


def _check_writable(target: Path | None) -> None:
    """Raise `UsageError` before the work if a report cannot be written after it."""
    if target is None:
        return
    known = target if target.exists() else target.absolute().parent
    if target.is_dir() or not known.exists() or not os.access(known, os.W_OK):
        raise UsageError(f"{str(target)!r} cannot be written. Check that its folder exists.")


def _write(target: Path, text: str) -> None:
    target.write_text(text, encoding="utf-8", errors="backslashreplace", newline="\n")
