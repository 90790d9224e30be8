"""``assistant insights``: what readers asked by day, and the questions that found no answer."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_json, standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.feedback_records import parse_time
from assistant.cli.options import AsJson, CorpusFolder, IndexFolder, Verbose
from assistant.feedback.question_insights import Day, Insights, Missing
from assistant.text.safe_display import safe, safe_line

_COLUMNS = ("Questions", "Answered", "Unsure", "Not found", "Helpful", "Not helpful")


def insights(
    since: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="Only since a date, or from the last 12h, 7d or 4w."),
    ] = None,
    as_json: AsJson = False,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
) -> None:
    """Show what readers asked by day, and the questions that found no answer."""
    with clear_errors(verbose), Assistant.open(corpus=corpus, index=index) as assistant:
        found = assistant.insights(parse_time(since, "--since"))
        if as_json:
            print_json(found.to_dict())
        else:
            print_insights(standard_output(), found)


def print_insights(console: Console, found: Insights) -> None:
    """Print the table of days, and the questions without an answer in groups."""
    if not found.days:
        console.print(
            "Nothing is stored yet. Feedback of readers is, and with "
            "ASSISTANT_KEEP_QUESTIONS=true every question.",
            soft_wrap=True,
        )
        return
    console.print(_days_table(found.days))
    if found.unanswered:
        console.print()
        console.print(Text("Questions that found no answer", style="bold"))
    for missing in found.unanswered:
        _print_missing(console, missing)


def _days_table(days: tuple[Day, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Day")
    for heading in _COLUMNS:
        table.add_column(heading, justify="right")
    for day in days:
        counts = (day.questions, day.answered, day.uncertain, day.not_found)
        table.add_row(day.date, *map(str, (*counts, day.helpful, day.not_helpful)))
    return table


def _print_missing(console: Console, missing: Missing) -> None:
    first, *others = (safe(question) for question in missing.questions)
    console.print(Text(f"{missing.count:>4} × {first}"), soft_wrap=True)
    for question in others:
        console.print(Text(f"       {question}", style="dim"), soft_wrap=True)
    place = f"The nearest passage is in: {safe_line(missing.nearest)}" if missing.nearest else ""
    console.print(
        Text(f"       Add a passage that answers it. {place}".rstrip(), style="yellow"),
        soft_wrap=True,
    )
