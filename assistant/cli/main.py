"""The command line: ``assistant ingest | ask | serve | status | evaluate | feedback | widget``."""

import sys
from typing import Annotated

import typer

from assistant import __version__
from assistant.cli.ask import ask
from assistant.cli.evaluate import evaluate
from assistant.cli.exit_codes import EXIT_INTERRUPTED
from assistant.cli.feedback import feedback
from assistant.cli.ingest import ingest
from assistant.cli.serve import serve
from assistant.cli.status import status
from assistant.cli.widget import widget

_SUMMARY = "Answers from your documents; every statement cites the exact passage it rests on."
_EPILOG = (
    "Settings come from ASSISTANT_* variables, then assistant.toml, then defaults; see the README. "
    "Exit codes: 0 answered or done, 3 not found in the documents, 4 a threshold is missed, "
    "2 wrong usage, 1 error."
)

app = typer.Typer(
    name="assistant",
    help=_SUMMARY,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (ingest, ask, serve, status, evaluate, feedback, widget):
    app.command()(command)


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Answers from your documents; every statement cites the exact passage it rests on."""
    if version:
        typer.echo(f"assistant {__version__}")
        raise typer.Exit


def run() -> None:
    """The ``assistant`` command."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
