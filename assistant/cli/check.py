"""``assistant check``: show what is read of documents, before anything is indexed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import counted, print_json, standard_output
from assistant.cli.exit_codes import EXIT_ERROR, clear_errors
from assistant.cli.options import AsJson, CorpusFolder, Verbose
from assistant.text.safe_display import safe, safe_in_one_line, safe_line
from assistant.types import CheckedDocument

_INDENT = "    "


def check(
    path: Annotated[
        Path | None, typer.Argument(help="A file or folder.", show_default="the corpus")
    ] = None,
    corpus: CorpusFolder = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
) -> None:
    """Show what is read of each document and what to look at. Exit with 1 if anything is not read."""
    with clear_errors(verbose), Assistant.open(corpus=corpus) as assistant:
        console, complete, checked = standard_output(), True, []
        for document in assistant.check_documents(path):
            complete = complete and not document.missing
            if as_json:
                checked.append(asdict(document))
            else:
                _print_document(console, document)
        if as_json:
            print_json(checked)
        if not complete:
            raise typer.Exit(EXIT_ERROR)


def _print_document(console: Console, document: CheckedDocument) -> None:
    lines = [Text.assemble((safe_line(document.source), "bold"), f": {_summary(document)}")]
    lines += [
        Text(f"Not read: {safe_in_one_line(part)}", style="yellow") for part in document.missing
    ]
    lines += [
        Text(f"Look at {safe_in_one_line(part)}", style="cyan") for part in document.decisions
    ]
    lines += [Text(safe(line), style="dim") for line in document.beginning.splitlines()]
    for number, line in enumerate(lines):
        console.print(Text(_INDENT * bool(number)) + line, soft_wrap=True)


def _summary(document: CheckedDocument) -> str:
    if not document.is_read:
        return "skipped"
    pages = [counted(document.pages, "page")] if document.pages else []
    tables = [counted(document.tables, "table")] if document.tables else []
    return ", ".join([*pages, counted(document.characters, "character"), *tables])
