"""The entry of the ``assistant`` command, which can be interrupted from the first moment on."""

import atexit
import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from assistant.interrupts import interruptible, leave
from assistant.lazy_names import lazy_names
from assistant.telemetry import switch_off_tracing

if TYPE_CHECKING:
    from assistant.cli.commands import app
else:
    __getattr__, __dir__ = lazy_names("assistant.cli", ["app"], ["commands"])

__all__ = ["app", "run"]


def run() -> None:
    """Run the ``assistant`` command."""
    switch_off_tracing()
    _take_any_text()
    with interruptible():
        from assistant.cli.commands import app  # takes a second
    try:
        app()
    except KeyboardInterrupt:
        leave()
    except SystemExit as ended:
        _end(ended.code if isinstance(ended.code, int) else 0)


def _take_any_text() -> None:
    """Read bytes that are not text, and write to a terminal of ASCII, with replacements."""
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _end(exit_code: int) -> None:
    """End the process after its exit functions.

    Python itself would wait for threads that are stuck, and libraries abort when their threads are
    ended in the middle.
    """
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(exit_code)
