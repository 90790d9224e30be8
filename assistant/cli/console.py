"""Print answers, reports and progress. Control characters in documents are made harmless."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.quoted_text import cited_text, quoted_text
from assistant.text.safe_display import safe, safe_in_one_line, safe_json, safe_line
from assistant.types import (
    Answer,
    Citation,
    Explanation,
    FetchReport,
    IngestReport,
    Statement,
)
from assistant.understanding.shown_question import shown_question

_INDENT = "    "
_MOST_EXPLAINED = 8
"""The number of passages of an explanation that are printed for each question."""


def standard_output() -> Console:
    """Return standard output: colour and wrapping on a terminal, unbroken lines in a pipe."""
    return _console(stderr=False)


def standard_error() -> Console:
    """Return standard error, with colour and wrapping like `standard_output`."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    console = Console(highlight=False, stderr=stderr)
    return (
        console if console.is_terminal else Console(highlight=False, stderr=stderr, soft_wrap=True)
    )


def print_json(value: object) -> None:
    """Print a value as JSON, with escapes if the output is not UTF-8."""
    in_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
    print(safe_json(value, in_ascii=not in_unicode, indent=2))


def print_note(text: str) -> None:
    """Print a remark on standard error."""
    standard_error().print(Text(safe(text), style="dim"), soft_wrap=True)


def print_answer(console: Console, answer: Answer, assistant: Assistant) -> None:
    """Print the answer, then each citation with its quote, source and place."""
    if understood := shown_question(" ".join(answer.question.split()), answer.standalone_question):
        console.print(Text(f"({safe_in_one_line(understood)})", style="dim italic"))
    if answer.within:
        console.print(Text(f"(in {safe_line(answer.within)} only)", style="dim"))
    if answer.lead:
        console.print(Text(answer.lead, style="bold yellow"))
    if answer.notice:
        console.print(Text(safe(answer.notice), style="dim" if answer.statements else ""))
    if answer.statements:
        console.print(_marked(answer))
    for citation in (*answer.citations, *answer.closest):
        console.print()
        _print_citation(console, citation, assistant)


def print_explanation(console: Console, explanation: Explanation) -> None:
    """Print why an answer has its status, then what was read, for each part of the question."""
    _print_reason(console, explanation)
    limits = explanation.thresholds
    console.print(
        f"Certain from {limits.certain:.2f}, or more beside another likely passage; "
        f"possible from {limits.possible:.2f}.",
        style="dim",
    )
    for part in explanation.parts:
        console.print()
        console.print(Text(safe_in_one_line(part.question), style="bold"))
        _print_reason(console, part)
        _print_read(console, part)
    if explanation.parts:
        console.print()
        console.print(Text("The message as a whole", style="bold"))
    _print_read(console, explanation)


def _print_reason(console: Console, explanation: Explanation) -> None:
    status = explanation.status.value.replace("_", " ")
    console.print(Text(f"{status}: {explanation.reason}", style="bold"))


def _print_read(console: Console, explanation: Explanation) -> None:
    """Print what was searched for, and the likeliest of the passages that were read."""
    for searched in explanation.searched:
        console.print(Text(f"Searched: {safe_in_one_line(searched)}", style="dim"))
    for passage in explanation.passages[:_MOST_EXPLAINED]:
        ranks = f"dense {passage.dense_rank or '–'}, keyword {passage.keyword_rank or '–'}"
        place = f"{safe_line(passage.citation.source)}, {ranks}"
        console.print()
        console.print(Text(f"{passage.probability:.2f}  {place}", style="cyan"), soft_wrap=True)
        console.print(Text(safe_in_one_line(passage.citation.quote)))
        if passage.misfit:
            console.print(Text(f"Cannot be certain: {passage.misfit}.", style="yellow"))
    for statement in explanation.held_back:
        console.print()
        console.print(Text(f"Held back: {safe_in_one_line(statement.text)}", style="red"))
        console.print(Text(safe_in_one_line(statement.unsupported), style="yellow"))
    if rest := explanation.passages[_MOST_EXPLAINED:]:
        left_out = f"{counted(len(rest), 'less likely passage')} not shown; --json has all."
        console.print()
        console.print(Text(left_out, style="dim"))


def print_report(console: Console, report: IngestReport) -> None:
    """Print what an ingestion did: a line for each file that is not read or not whole, and the counts."""
    for file in report.skipped:
        console.print(
            Text(
                f"Skipped {safe_line(file.source)}: {safe_in_one_line(file.reason)}.",
                style="yellow",
            )
        )
    for file in report.partly_read:
        told = f"Not all of {safe_line(file.source)} is read: {safe_in_one_line(file.reason)}."
        console.print(Text(told, style="yellow"))
    console.print(
        Text(
            f"{counted(report.documents_total, 'document')}, "
            f"{counted(report.chunks_total, 'chunk')}: "
            f"{len(report.added)} added, {len(report.changed)} changed, "
            f"{len(report.deleted)} deleted, {len(report.unchanged)} unchanged, "
            f"{len(report.skipped)} skipped; {counted(report.chunks_embedded, 'chunk')} "
            f"embedded in {report.seconds:.1f} s."
        )
    )


def print_fetched(console: Console, report: FetchReport) -> None:
    """Print what fetching did, if it did anything: a line for each problem, and the counts."""
    for problem in report.problems:
        told = f"Not fetched: {safe_line(problem.source)}: {safe_in_one_line(problem.reason)}."
        console.print(Text(told, style="yellow"), soft_wrap=True)
    files = len(report.written) + len(report.unchanged)
    if files or report.removed or report.problems:
        console.print(
            f"{counted(files, 'file')} of sources: {len(report.written)} fetched, "
            f"{len(report.unchanged)} unchanged, {len(report.removed)} removed."
        )


def counted(number: int, thing: str) -> str:
    """Return a number and what it counts: "1 page", "1,200 pages"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


@contextmanager
def ingestion_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback that shows progress: a bar on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _plain_progress()
        return
    with _bar("Reading and embedding", console) as report:
        yield report


@contextmanager
def copying_progress() -> Iterator[Callable[[int, int], None]]:
    """Yield a callback that shows progress on a terminal."""
    with _bar("Copying", Console(stderr=True)) as report:
        yield report


@contextmanager
def _bar(label: str, console: Console) -> Iterator[Callable[[int, int], None]]:
    columns = (
        TextColumn(label),
        BarColumn(),
        TaskProgressColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_progress() -> Callable[[int, int], None]:
    shown = -1

    def report(done: int, total: int) -> None:
        nonlocal shown
        tenth = 10 * done // total if total else 10
        if tenth > shown:
            shown = tenth
            print(f"Reading and embedding: {10 * tenth} %", file=sys.stderr, flush=True)

    return report


def _marked(answer: Answer) -> Text:
    """Return the prose with its marks in colour and the words that answer in bold."""
    text, heading = Text(), ""
    for group in answer.groups:
        item = group[0].item
        if group[0].heading not in (heading, ""):
            text.append("\n\n" if text else "")
            text.append(safe(group[0].heading), style="bold")
        heading = group[0].heading
        text.append(("\n" if item else "\n\n") if text else "")
        text.append("- " if item else "")
        text.append_text(_prose(group))
    return text


def _prose(statements: Sequence[Statement]) -> Text:
    text = Text()
    for statement in statements:
        if text:
            text.append(" ")
        if statement.unsupported:
            text.append(safe(statement.text), style="strike")
            text.append(f" (not supported: {safe(statement.unsupported)})", style="dim")
            continue
        text.append_text(quoted_text(statement))
        text.append("".join(f" [{number}]" for number in statement.citations), style="cyan")
    return text


def _print_citation(console: Console, citation: Citation, assistant: Assistant) -> None:
    document = assistant.document(citation.document_id)
    label = f"[{citation.number}]" if citation.number else "Closest passage:"
    attribution = f" ({document.attribution.line})" if document.attribution.line else ""
    place = ", ".join(filter(None, [citation.source, document.place_at(citation.start)]))
    console.print(
        Text.assemble(
            (label, "cyan"), " ", (safe_line(citation.title), "bold"), safe_line(attribution)
        )
    )
    console.print(Text(f"{_INDENT}{safe_line(place)}", style="dim"))
    for line in cited_text(citation, document).split("\n", allow_blank=True):
        console.print(Text(_INDENT).append_text(line) if line else "")
