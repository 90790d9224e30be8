"""``assistant evaluate``: ask the questions of case files and report, or add a case."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.assistant import Assistant
from assistant.cli.console import standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import (
    ChatModelName,
    CorpusFolder,
    EmbeddingModel,
    IndexFolder,
    Verbose,
)
from assistant.errors import UsageError


def evaluate(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Case files, or folders that hold them.",
            show_default="every *.eval.yaml in or below the working directory",
        ),
    ] = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option(
            "--min", help="Least value of a metric, such as answer_accuracy=0.9. Repeatable."
        ),
    ] = None,
    maximum: Annotated[
        list[str] | None,
        typer.Option(
            "--max", help="Greatest value of a metric, such as latency_p95=1. Repeatable."
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="Earlier JSON report to compare with, case by case.")
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(
            help="extractive or generative.", show_default="generative if there is a language model"
        ),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", help="Write the report to this file as JSON.")
    ] = None,
    html_file: Annotated[
        Path | None, typer.Option("--html", help="Write the report to this file as an HTML page.")
    ] = None,
    new: Annotated[
        str | None,
        typer.Option("--new", help="Ask this question, and add a case based on the answer."),
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: EmbeddingModel = None,
    model: ChatModelName = None,
    verbose: Verbose = False,
) -> None:
    """Ask the questions of case files and report how well they are answered."""
    with (
        clear_errors(verbose),
        Assistant.open(
            corpus=corpus,
            index=index,
            embedding_model=embedding_model,
            chat_model=model,
            keep_unanswered=False,  # no reader asks these questions
        ) as assistant,
    ):
        if new is not None:
            from assistant.cli.case_editor import add_case  # keeps YAML out of start-up

            if files and len(files) > 1:
                raise UsageError("--new adds a case to one file. Name only one.")
            # `input`, not console.input: rich would read [y] as markup
            add_case(assistant, new, files[0] if files else None, standard_output(), input)
            return
        from assistant.cli.evaluation_run import Options, run_evaluation  # YAML and Jinja

        options = Options(
            tuple(minimum or ()), tuple(maximum or ()), engine, baseline, json_file, html_file
        )
        raise typer.Exit(run_evaluation(assistant, files or [], options, standard_output()))
