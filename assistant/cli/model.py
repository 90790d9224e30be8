"""``assistant model``: find a language model, try it, use it, fetch one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn
from rich.text import Text

from assistant.assistant import Assistant
from assistant.cli.console import print_json, print_note, standard_error, standard_output
from assistant.cli.exit_codes import clear_errors
from assistant.cli.model_choice import (
    FoundModels,
    chosen_settings,
    find_models,
    settings_changes,
)
from assistant.cli.model_trial import print_trial, try_model
from assistant.cli.options import AsJson, CorpusFolder, IndexFolder, Verbose
from assistant.cli.settings_file import change_settings_file
from assistant.errors import ModelError, UsageError
from assistant.models.machine import memory
from assistant.models.model_files import KNOWN, ModelFile, fetch_model, model_to_fetch
from assistant.settings import SETTINGS_FILE, Settings, load_settings
from assistant.text.safe_display import safe

model = typer.Typer(help="Find, try, use and fetch language models.", add_completion=False)

ModelName = Annotated[
    str, typer.Argument(metavar="NAME", help="As `assistant model` lists it, or provider:model.")
]


@model.callback(invoke_without_command=True)
def show(context: typer.Context, as_json: AsJson = False, verbose: Verbose = False) -> None:
    """Show the language model that is used, and those that were found."""
    if context.invoked_subcommand is not None:
        return
    with clear_errors(verbose):
        settings = load_settings()
        found = find_models(settings)
        if as_json:
            print_json({"used": settings.chat_model, **found.to_dict()})
        else:
            _print_found(standard_output(), settings, found)


@model.command()
def use(
    name: ModelName,
    question: Annotated[
        str | None, typer.Option(help="What to ask it.", show_default="a question of the corpus")
    ] = None,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Use it even if nothing that it writes can be shown.")
    ] = False,
    corpus: CorpusFolder = None,
    index: IndexFolder = None,
    verbose: Verbose = False,
) -> None:
    """Ask a language model one question, show what it writes, and use it from now on."""
    with clear_errors(verbose):
        settings = load_settings(corpus=corpus, index=index)
        chosen = chosen_settings(settings, name)
        with Assistant(chosen.model_copy(update={"unsupported": "flag"})) as assistant:
            trial = try_model(assistant, question)
            print_trial(standard_output(), trial, assistant)
        if not (trial.passed or anyway):
            raise ModelError(
                f"{chosen.chat_model} is not used: nothing that it wrote can be shown. Try another "
                "one, or use it all the same with: --anyway"
            )
        change_settings_file(Path(SETTINGS_FILE), settings_changes(chosen))
        typer.echo(safe(f"{SETTINGS_FILE} names {chosen.chat_model} now."))
        _warn_of_environment(chosen)


@model.command()
def off(verbose: Verbose = False) -> None:
    """Use no language model from now on: answers are quotes of the documents."""
    with clear_errors(verbose):
        change_settings_file(Path(SETTINGS_FILE), dict.fromkeys(settings_changes(None)))
        typer.echo("Answers are quotes of the documents now.")
        _warn_of_environment(None)


@model.command()
def get(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A model of the table, or an address.")
    ] = None,
    sha256: Annotated[
        str | None, typer.Option(metavar="DIGITS", help="Checksum of the file at an address.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before fetching.")] = False,
    verbose: Verbose = False,
) -> None:
    """Fetch a language model as a file. Without a name, list those that are known."""
    with clear_errors(verbose):
        if name is None:
            _print_known(standard_output())
            return
        folder = load_settings().models_path
        file = model_to_fetch(name, sha256)
        if not (yes or _agreed(file, folder)):
            raise UsageError("Nothing was fetched.")
        with _progress(file) as progress:
            path = fetch_model(file, folder, progress)
        typer.echo(safe(f"{path} is there, with the SHA-256 {file.sha256}."))
        print_note(f"Next, run: assistant model use local:{file.name}")


def _print_found(console: Console, settings: Settings, found: FoundModels) -> None:
    used = settings.chat_model
    console.print(
        Text(
            f"Used: {safe(used)}. Answers are written, and each sentence is checked."
            if used
            else "Used: none. Answers are quotes of the documents."
        )
    )
    for title, names in found.sections():
        console.print(Text(f"\n{title}", style="bold"))
        for line in names:
            console.print(Text(f"    {safe(line)}"), soft_wrap=True)
    if found.usable:
        print_note(f"\nTry one, and use it: assistant model use {found.usable[0]}")
    else:
        none = "No model that writes was found" if found.servers else "No model was found"
        console.print(Text(f"\n{none} on this machine."))
        print_note("Fetch one that runs without a graphics card: assistant model get")


def _print_known(console: Console) -> None:
    at_hand = memory()
    fitting = [file.name for file in KNOWN if file.memory <= at_hand + 1]
    row = "{:<15}{:<29}{:>8}{:>8}  {}"
    console.print(Text(row.format("name", "model", "size", "memory", "licence"), style="bold"))
    for file in KNOWN:
        sizes = f"{file.bytes / 1e9:.1f} GB", f"{file.memory} GB"
        note = "  ← fits here" if [file.name] == fitting[-1:] else ""
        line = row.format(file.name, file.title, *sizes, file.licence)
        console.print(Text(line + note), soft_wrap=True)
        console.print(Text(f"    SHA-256 {file.sha256}"), soft_wrap=True)
    print_note("Fetch one with: assistant model get NAME")


def _agreed(file: ModelFile, folder: Path) -> bool:
    """Say what would be fetched, and return whether the person agrees."""
    size = f"{file.bytes / 1e9:.1f} GB" if file.bytes else "of unknown size"
    licence = f", licence {file.licence}" if file.licence else ""
    print_note(
        f"{file.title or file.name}, {size}{licence}\nfrom {file.address}\ninto {folder}\n"
        f"SHA-256 {file.sha256}"
    )
    if not sys.stdin.isatty():
        raise UsageError("Nobody is here to be asked. To fetch it without a question, add --yes.")
    return typer.confirm("Fetch it?", err=True)


@contextmanager
def _progress(file: ModelFile) -> Iterator[Callable[[int], None]]:
    """Yield a callback that shows a bar on a terminal, and nothing elsewhere."""
    console = standard_error()
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(file.name, total=file.bytes or None)
        yield lambda done: bar.update(task, completed=done)


def _warn_of_environment(chosen: Settings | None) -> None:
    """Say when a variable of the environment overrides what was written."""
    now = load_settings().chat_model
    if now != (chosen.chat_model if chosen else None):
        print_note("ASSISTANT_CHAT_MODEL in the environment says otherwise, and it wins.")
