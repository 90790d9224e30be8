"""The command line: ``assistant init | check | ingest | ask | serve | status | model | …``."""

from typing import Annotated

import typer

from assistant import __version__
from assistant.cli.ask import ask
from assistant.cli.check import check
from assistant.cli.copy import copy
from assistant.cli.document_worker import worker
from assistant.cli.evaluate import evaluate
from assistant.cli.feedback import feedback
from assistant.cli.ingest import ingest
from assistant.cli.init import init
from assistant.cli.insights import insights
from assistant.cli.model import model
from assistant.cli.safe_group import SafeGroup
from assistant.cli.serve import serve
from assistant.cli.status import status
from assistant.cli.widget import widget

_SUMMARY = "Answer questions from your documents, citing the exact passage behind every statement."
_EPILOG = (
    "Settings come from ASSISTANT_* environment variables, then assistant.toml, then defaults. "
    "Exit codes: 0 success, 1 error, 2 invalid usage, 3 not found in the documents, "
    "4 a threshold was missed, 130 and 143 stopped before the work was finished."
)

app = typer.Typer(
    name="assistant",
    cls=SafeGroup,
    help=_SUMMARY,
    epilog=_EPILOG,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    init,
    check,
    ingest,
    ask,
    serve,
    status,
    evaluate,
    feedback,
    insights,
    copy,
    worker,
    widget,
):
    app.command()(command)
app.add_typer(model, name="model")


@app.callback(invoke_without_command=True)
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False,
) -> None:
    """Answer questions from your documents, citing the exact passage behind every statement."""
    if version:
        typer.echo(f"assistant {__version__}")
        raise typer.Exit
