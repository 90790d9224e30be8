"""Print what each ingestion of a watched corpus did."""

import sys
from dataclasses import asdict

from rich.console import Console

from assistant.cli.console import print_json, print_report
from assistant.cli.exit_codes import explain
from assistant.errors import AssistantError
from assistant.types import IngestReport


class WatchLog:
    """Prints what each ingestion did, if it did anything, and why one failed."""

    def __init__(self, console: Console, *, as_json: bool = False) -> None:
        self._console, self._as_json = console, as_json
        self._skipped: tuple[object, ...] = ()

    def __call__(self, outcome: IngestReport | AssistantError) -> None:
        """Print the report on an ingestion, or its error."""
        if isinstance(outcome, AssistantError):
            explain(f"{outcome}\nWaiting for the next change.")
            self._skipped = ()
            return
        if outcome.added or outcome.changed or outcome.deleted or outcome.skipped != self._skipped:
            self._print(outcome)
        self._skipped = outcome.skipped

    def _print(self, report: IngestReport) -> None:
        if self._as_json:
            print_json(asdict(report))
            sys.stdout.flush()
        else:
            print_report(self._console, report)
