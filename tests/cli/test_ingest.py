"""``assistant ingest``: what it prints and how it exits."""

import json
from pathlib import Path

from assistant.cli.ingest import ingest
from tests.cli.commands import run_alone


def test_the_report_is_printed_for_people_and_for_programs(mill_settings: Path) -> None:
    assert "1 document" in run_alone(ingest).stdout
    (mill_settings / "barn.txt").write_text("The barn burned.", encoding="utf-8")
    told = run_alone(ingest, "--json")
    assert "Reading and embedding: 100 %" in told.stderr
    report = json.loads(told.stdout)
    assert (report["added"], report["unchanged"]) == (["barn.txt"], ["mill.txt"])


def test_with_strict_a_skipped_file_is_an_error_after_the_rest_was_ingested(
    mill_settings: Path,
) -> None:
    (mill_settings / "bad\x1b[31m.txt").write_bytes(b"\0\1")
    relaxed = run_alone(ingest)
    assert relaxed.exit_code == 0
    assert "Skipped bad" in relaxed.stdout
    assert "\x1b" not in relaxed.stdout
    strict = run_alone(ingest, "--strict", "--rebuild", "--json")
    assert (strict.exit_code, json.loads(strict.stdout)["added"]) == (1, ["mill.txt"])


def test_watching_cannot_be_combined_with_what_happens_once(mill_settings: Path) -> None:
    for once in ("--rebuild", "--strict"):
        refused = run_alone(ingest, "--watch", once)
        assert (refused.exit_code, "--watch" in refused.stderr) == (2, True)
