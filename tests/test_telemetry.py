"""What libraries would send or leave behind is switched off and removed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.telemetry import SWITCHES, TRACING, remove_leftovers, switch_off_tracing


def test_importing_the_package_switches_the_telemetry_of_libraries_off() -> None:
    code = f"import os, assistant; print([os.environ[name] for name in {list(SWITCHES)}])"
    left = {name: value for name, value in os.environ.items() if name not in SWITCHES}
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=left
    )
    assert shown.stdout.strip() == str(list(SWITCHES.values()))


def test_prompts_are_not_traced_by_the_settings_of_another_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in TRACING:
        monkeypatch.setenv(name, "true")
    switch_off_tracing()
    assert not set(TRACING) & set(os.environ)


def test_what_onnxruntime_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    left.mkdir(parents=True)
    (left / "deviceid").write_text("x", encoding="ascii")
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == []
    left.mkdir(parents=True)
    (tmp_path / "Microsoft" / "other").mkdir()
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.rglob("*")] == ["Microsoft", "other"]
    remove_leftovers(tmp_path / "nothing")
