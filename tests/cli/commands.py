"""Runs the function of one command, as the program does."""

from collections.abc import Callable
from typing import Any

import typer
from typer.testing import CliRunner, Result


def run_alone(command: Callable[..., Any], *arguments: str, given: str | None = None) -> Result:
    """Return what a command alone prints, given its arguments and its standard input."""
    app = typer.Typer()
    app.command()(command)
    return CliRunner().invoke(app, list(arguments), input=given)
