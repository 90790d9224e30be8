"""``assistant status``: what the index holds, for people and for programs."""

import json
from pathlib import Path

from assistant.cli.status import status
from tests.cli.commands import run_alone


def test_before_the_first_ingestion_the_command_is_named(mill_settings: Path) -> None:
    told = run_alone(status)
    assert told.exit_code == 0
    assert "never; run: assistant ingest" in told.stdout


def test_changes_since_the_last_ingestion_are_counted(mill_index: Path) -> None:
    assert "unchanged" in run_alone(status).stdout
    (mill_index / "barn\x1b[2J.txt").write_text("The barn burned.", encoding="utf-8")
    told = run_alone(status)
    assert "1 added" in told.stdout
    assert "\x1b[2J" not in told.stdout
    shown = json.loads(run_alone(status, "--json").stdout)
    assert (shown["stale"], shown["documents"], shown["changes"]["added"]) == (True, 1, 1)
