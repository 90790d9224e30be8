"""``assistant init``: begin a folder of documents, with a first one to ask about."""

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.console import print_note
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import CorpusFolder, Verbose
from assistant.errors import UsageError
from assistant.ingestion.corpus_file import CORPUS_FILE
from assistant.settings import load_settings
from assistant.text.safe_display import safe

_STARTER = ("welcome.md", CORPUS_FILE)


def init(
    folder: Annotated[
        Path, typer.Argument(help="Where to begin.", show_default="the working directory")
    ] = Path(),
    corpus: CorpusFolder = None,
    verbose: Verbose = False,
) -> None:
    """Make a folder for your documents, with a first one to ask about."""
    with clear_errors(verbose):
        target = folder / load_settings(corpus=corpus).corpus
        make_corpus(target)
        typer.echo(safe(f"Made {target} with a first document. Put your own beside it."))
        inside = "" if folder == Path() else f"cd {folder}; "
        print_note(f"Next, run: {inside}assistant serve")


def make_corpus(folder: Path) -> None:
    """Write the first document and its description. Raise `UsageError` if the folder has files."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} is already there and not empty. Nothing was changed. Put documents there "
            "and run: assistant serve"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in _STARTER:
            text = (files("assistant.cli") / "starter" / name).read_bytes()
            (folder / name).write_bytes(text)
    except OSError as error:
        raise UsageError(f"{folder} cannot be made: {error.strerror}.") from error
