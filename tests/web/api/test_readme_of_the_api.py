"""The README's examples of the API run against a real server."""

import subprocess
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from tests.test_readme import blocks

HERE = "http://127.0.0.1:7860"
FOUNDED = "founded in 2001"


def test_the_python_examples_run(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    examples = [block for block in blocks("py") if HERE in block]
    assert len(examples) == 2
    for example in examples:
        exec(compile(example.replace(HERE, address), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "Beijing" in printed
    assert FOUNDED in printed


def test_the_examples_for_a_terminal_run(address: str) -> None:
    (example,) = [block for block in blocks("sh") if f"{HERE}/api" in block]
    ran = subprocess.run(
        ["bash", "-eu", "-c", example.replace(HERE, address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ran.stdout.count(FOUNDED) >= 2
    assert "event: done" in ran.stdout


def test_the_application_is_mounted_as_the_readme_says(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = [block for block in blocks("py") if "create_app" in block]
    monkeypatch.setenv("ASSISTANT_CORPUS", str(assistant.settings.corpus))
    monkeypatch.setenv("ASSISTANT_INDEX", str(assistant.settings.index))
    names: dict[str, Any] = {}
    exec(compile(example, "README.md", "exec"), names)
    with TestClient(names["yours"]) as client:
        assert client.get("/assistant/healthz").json() == {"status": "up"}
        assert client.get("/assistant/api/v1/documents").status_code == 200
