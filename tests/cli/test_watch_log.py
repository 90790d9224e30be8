"""A watched corpus prints what was done, and nothing while nothing is."""

import io
import json

import pytest
from rich.console import Console

from assistant.cli.watch_log import WatchLog
from assistant.errors import CorpusError
from assistant.types import IngestReport, SkippedFile

ADDED = IngestReport(added=("a.txt",))
NOTHING = IngestReport(unchanged=("a.txt",))
SKIPPED = IngestReport(unchanged=("a.txt",), skipped=(SkippedFile("b.txt", "empty"),))


def test_a_report_is_printed_if_it_changed_something_or_skips_other_files() -> None:
    written = io.StringIO()
    log = WatchLog(Console(file=written, width=200))
    for report in (ADDED, NOTHING, SKIPPED, SKIPPED, NOTHING):
        log(report)
    lines = written.getvalue().splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "1 document, 0 chunks",
        "Skipped b.txt",
        "1 document, 0 chunks",
        "1 document, 0 chunks",
    ]


def test_what_is_not_read_of_a_document_is_printed() -> None:
    written = io.StringIO()
    broken = (SkippedFile("b.pdf", "page 3: broken"),)
    WatchLog(Console(file=written, width=200))(IngestReport(added=("b.pdf",), partly_read=broken))
    assert written.getvalue().splitlines()[0] == "Not all of b.pdf is read: page 3: broken."


def test_reports_are_json_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    WatchLog(Console(quiet=True), as_json=True)(ADDED)
    assert json.loads(capsys.readouterr().out)["added"] == ["a.txt"]


def test_an_error_is_explained_and_watching_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    written = io.StringIO()
    log = WatchLog(Console(file=written, width=200))
    log(CorpusError("The corpus is missing."))
    log(ADDED)
    assert "Error: The corpus is missing.\nWaiting for the next change." in capsys.readouterr().err
    assert "1 added" in written.getvalue()
