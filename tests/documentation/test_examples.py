"""The programs in ``examples/`` run, and print what they are about."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PRINTED = {
    "ask.py": ["founded in 2001", "sco-champions"],
    "langchain_chain.py": ["Question: When was the SCO founded?", "[3] ", "founded in 2001"],
    "evaluate_answers.py": ["answer_accuracy 1.0", "pass_rate 1.0"],
}


def test_every_example_is_run() -> None:
    examples = {path.name for path in (REPOSITORY / "examples").glob("*.py")}
    assert examples == {*PRINTED, "__init__.py"}


@pytest.mark.parametrize("name", PRINTED)
def test_an_example_runs(name: str, working_directory: Path) -> None:
    ran = subprocess.run(
        [sys.executable, REPOSITORY / "examples" / name],
        cwd=working_directory,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert [words for words in PRINTED[name] if words not in ran.stdout] == []
