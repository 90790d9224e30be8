"""``python -m assistant`` is the ``assistant`` command."""

import subprocess
import sys

import assistant.__main__
from assistant.cli.main import run


def test_the_package_runs_as_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "assistant", "--version"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, f"assistant {assistant.__version__}\n")


def test_importing_the_module_runs_nothing() -> None:
    assert vars(assistant.__main__)["run"] is run
