"""The group of all commands, which shows nothing in an error of usage that acts on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from assistant.text.safe_display import safe_in_one_line

_UsageError: Any = typer.BadParameter.__base__
"""Typer exports this class by no name of its own (0.29.2)."""


class SafeGroup(TyperGroup):
    """Commands whose errors of usage repeat arguments with harmful characters replaced."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Parse the arguments of the group."""
        with _safe_errors():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Parse the arguments of a command, and run it."""
        with _safe_errors():
            return super().invoke(ctx)


@contextmanager
def _safe_errors() -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        error.message = safe_in_one_line(error.message)
        raise
