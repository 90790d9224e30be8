"""``assistant copy``: move the index between a folder and PostgreSQL."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from assistant.cli.console import copying_progress, print_note
from assistant.cli.exit_codes import clear_errors
from assistant.cli.options import IndexFolder, Verbose
from assistant.errors import UsageError
from assistant.feedback.feedback_choice import open_feedback
from assistant.settings import Settings, load_settings
from assistant.storage.copying import copy_index
from assistant.storage.store_choice import open_store


def copy(
    to: Annotated[
        str, typer.Option("--to", help="Folder, or postgresql:// address, to copy the index to.")
    ],
    index: IndexFolder = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the index that is there.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Copy the index and the feedback to a folder or database. Nothing is embedded again."""
    with clear_errors(verbose):
        settings = load_settings(index=index)
        target_settings = _with_target(settings, to)
        with (
            closing(open_store(settings)) as source,
            closing(open_store(target_settings)) as target,
        ):
            if source.location == target.location:
                raise UsageError(f"The index is in {source.location} already. Name another place.")
            with copying_progress() as progress:
                documents = copy_index(source, target, replace=replace, progress=progress)
            records = _copy_feedback(settings, target_settings)
            print_note(
                f"Copied {documents:,} documents and {records:,} records of feedback from "
                f"{source.location} to {target.location}."
            )


def _with_target(settings: Settings, to: str) -> Settings:
    """Return settings whose index and feedback are at the target. An empty one is an error."""
    if not to.strip():
        raise UsageError("--to is empty. Name a folder, or an address such as postgresql://host/db")
    if "://" in to:
        checked = load_settings(database=to)  # its error names what is wrong with the address
        return settings.model_copy(update={"database": checked.database, "feedback_file": None})
    no_database: SecretStr | None = None
    return settings.model_copy(
        update={"database": no_database, "index": Path(to), "feedback_file": None}
    )


def _copy_feedback(settings: Settings, target_settings: Settings) -> int:
    """Add the records to those of the target, each once."""
    with (
        closing(open_feedback(settings)) as source,
        closing(open_feedback(target_settings)) as target,
    ):
        records = source.records()
        for record in records:
            target.put(record)
    return len(records)
