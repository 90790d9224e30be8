"""``assistant feedback``: list what readers said, turn it into cases, or delete it."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_json, standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.feedback_records import chosen, delete_feedback, parse_time, print_feedback
from assistant.cli.options import AsJson, CorpusFolder, IndexFolder, Verbose
from assistant.errors import UsageError


def feedback(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...", help="Ids of records, or the start of them.", show_default="all"
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN", help="Only records since a date, or from the last 12h, 7d or 4w."
        ),
    ] = None,
    as_json: AsJson = False,
    export_cases: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Write a new *.eval.yaml file with a draft case for each question."
        ),
    ] = None,
    delete: Annotated[
        bool, typer.Option("--delete", help="Delete the records named, or see --all and --before.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="With --delete: delete all records.")
    ] = False,
    before: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="With --delete: delete records older than a date or an age such as 30d.",
        ),
    ] = None,
    sure: Annotated[
        bool, typer.Option("--yes", help="With --delete: do not ask for confirmation.")
    ] = False,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
) -> None:
    """List what readers said about answers, turn it into cases, or delete it."""
    with clear_errors(verbose), Assistant.open(corpus=corpus, index=index) as assistant:
        first, until = parse_time(since, "--since"), parse_time(before, "--before")
        if delete:
            if bool(ids) == (everything or until is not None) or first or export_cases or as_json:
                raise UsageError(
                    "--delete needs ids, --all or --before, and can only be combined with --yes."
                )
            delete_feedback(assistant, ids or [], until, sure, standard_output())
            return
        if everything or until or sure:
            raise UsageError("--all, --before and --yes can only be used with --delete.")
        records = chosen(assistant.feedback(first), ids or [])
        if export_cases:
            from assistant.evaluation.cases import from_feedback  # keeps YAML out of start-up

            count = from_feedback.export_cases(assistant, records, export_cases)
            standard_output().print(
                Text(f"Wrote {count} drafts to {export_cases}."), soft_wrap=True
            )
        elif as_json:
            print_json([record.to_dict() for record in records])
        else:
            print_feedback(standard_output(), records)
