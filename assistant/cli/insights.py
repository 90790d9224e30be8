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
from assistant.feedback.question_insights import COUNTS, Day, Insights, Missing
from assistant.text.safe_display import safe_in_one_line, safe_line

_COLUMNS = ("Asked", "Answered", "Unsure", "Not found", "Helpful", "Not helpful")


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
    """Print the sums, the table of days, and the questions without an answer in groups."""
    if not found.days:
        console.print(
            "Nothing is stored yet. Ratings by readers are always stored; set "
            "ASSISTANT_KEEP_QUESTIONS=true to store every question.",
            soft_wrap=True,
        )
        return
    total = found.total
    console.print(
        f"Questions: {total.questions} ({total.answered} answered, {total.uncertain} unsure, "
        f"{total.not_found} not found). Rated helpful: {total.helpful}, not helpful: "
        f"{total.not_helpful}.\n",
        soft_wrap=True,
        highlight=False,
    )
    console.print(_days_table(found.days))
    console.print()
    if not found.unanswered:
        console.print("Every stored question found something.")
        return
    console.print(Text("Questions that found no answer", style="bold"))
    console.print(
        "Add a passage that answers them. It fits best where the nearest passage is.",
        style="dim",
        soft_wrap=True,
    )
    for missing in found.unanswered:
        _print_missing(console, missing)


def _days_table(days: tuple[Day, ...]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("Day (UTC)", no_wrap=True, min_width=10)
    for heading in _COLUMNS:
        table.add_column(heading, justify="right")
    for day in days:
        table.add_row(day.date, *(str(getattr(day, name)) for name in COUNTS))
    return table


def _print_missing(console: Console, missing: Missing) -> None:
    first, *others = (safe_in_one_line(question) for question in missing.questions)
    console.print(Text(f"\n{missing.count:>4} × {first}"), soft_wrap=True)
    for question in others:
        console.print(Text(f"       {question}"), soft_wrap=True)
    if missing.nearest:
        place = Text(f"       Nearest passage: {safe_line(missing.nearest)}", style="dim")
        console.print(place, soft_wrap=True)
