"""``assistant ingest``: bring the index up to date, once or whenever documents change."""

from contextlib import suppress
from dataclasses import asdict
from typing import Annotated

import typer

from assistant.assistant import Assistant
from assistant.cli.after_ingestion import find_starting_questions
from assistant.cli.console import (
    ingestion_progress,
    print_fetched,
    print_json,
    print_note,
    print_report,
    standard_error,
    standard_output,
)
from assistant.cli.exit_codes import EXIT_ERROR, clear_errors
from assistant.cli.options import (
    AsJson,
    CorpusFolder,
    EmbeddingModel,
    IndexFolder,
    Verbose,
    Watch,
)
from assistant.cli.termination import until_terminated
from assistant.cli.watch_log import WatchLog
from assistant.errors import UsageError
from assistant.types import FetchReport


def ingest(
    urls: Annotated[
        list[str] | None,
        typer.Argument(help="Addresses to fetch into the corpus first.", show_default=False),
    ] = None,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    embedding_model: EmbeddingModel = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Rebuild the whole index, even if settings have changed."),
    ] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Exit with code 1 if anything was skipped or not fetched."),
    ] = False,
    watch: Watch = False,
    fetch: Annotated[
        bool,
        typer.Option("--fetch/--no-fetch", help="Fetch the sources of corpus.toml first."),
    ] = True,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Bring the index up to date. Only changed documents are embedded."""
    with (
        clear_errors(verbose),
        Assistant.open(corpus=corpus, index=index, embedding_model=embedding_model) as assistant,
    ):
        if watch and (rebuild or strict):
            raise UsageError("--watch cannot be combined with --rebuild or --strict.")
        fetched = FetchReport()
        if fetch or urls:
            fetched = assistant.fetch(
                urls or (), announce=lambda url: print_note(f"Fetching {url}")
            )
            print_fetched(standard_error(), fetched)
        if watch:
            _watch(assistant, as_json)
            return
        with ingestion_progress() as progress:
            report = assistant.ingest(rebuild=rebuild, progress=progress)
        if as_json:
            print_json({**asdict(report), "fetched": asdict(fetched)})
        else:
            print_report(standard_output(), report)
        find_starting_questions(assistant)
        if strict and (report.skipped or fetched.problems):
            raise typer.Exit(EXIT_ERROR)


def _watch(assistant: Assistant, as_json: bool) -> None:
    print_note(f"Watching {assistant.settings.corpus} (press Ctrl-C to stop)")
    with until_terminated() as stop, suppress(KeyboardInterrupt):
        assistant.watch(stop, WatchLog(standard_output(), as_json=as_json))
