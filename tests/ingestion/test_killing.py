"""Real ingestions, killed at random moments and beside questions of two processes.

The same programs go on for longer on the command line: see ``benchmarks/``.
"""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are not there")
def test_a_killed_ingestion_leaves_the_old_or_the_new_state_and_the_next_leaves_no_orphan() -> None:
    assert "0 mixtures" in run("benchmarks.kills", "--kills", "5", "--documents", "12")


def test_questions_of_two_processes_beside_ingestions_see_one_consistent_state() -> None:
    printed = run("benchmarks.concurrency", "--seconds", "5", "--threads", "3")
    assert "0 problems" in printed
