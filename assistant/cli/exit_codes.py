"""Exit codes, and how an error becomes a short message and one of them."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.text import Text

from assistant.errors import AssistantError
from assistant.interrupts import EXIT_INTERRUPTED
from assistant.text.safe_display import safe

EXIT_ERROR = 1
EXIT_NOT_FOUND = 3
EXIT_THRESHOLD = 4


@contextmanager
def clear_errors(verbose: bool) -> Iterator[None]:
    """Turn an error into a short message on standard error and an exit code."""
    try:
        yield
    except AssistantError as error:
        explain(str(error), verbose)
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None
    except (typer.Exit, typer.Abort, BrokenPipeError):
        raise
    except Exception as error:  # the outermost border: anything that arrives here is a bug
        explain(
            f"Internal error: {type(error).__name__}: {error}. "
            "Run the command again with --verbose and report its output.",
            verbose,
        )
        raise typer.Exit(EXIT_ERROR) from None


def explain(message: str, verbose: bool = False) -> None:
    """Print an error on standard error, with its traceback if ``verbose``."""
    if verbose:
        print(safe(traceback.format_exc()), file=sys.stderr)
    Console(stderr=True).print(Text(f"Error: {safe(message)}", style="red"), soft_wrap=True)
