"""The documentation's requests run against a real server."""

import subprocess
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from tests.documentation.pages import ADDRESS, SERVER, CodeBlock, blocks

FOUNDED = "founded in 2001"


def test_the_python_examples_run(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    examples = blocks(language="python", needs=SERVER)
    assert len(examples) == 2
    for example in examples:
        exec(compile(example.code.replace(ADDRESS, address), example.page, "exec"), {})
    printed = capsys.readouterr().out
    assert "Beijing" in printed
    assert FOUNDED in printed


@pytest.mark.parametrize("example", blocks(language="sh", needs=SERVER), ids=lambda it: it.page)
def test_the_examples_for_a_terminal_run(address: str, example: CodeBlock) -> None:
    ran = subprocess.run(
        ["bash", "-eu", "-c", example.code.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    streamed = "text/event-stream" in example.code
    assert ran.stdout.count(FOUNDED) >= 1 + streamed
    assert ("event: done" in ran.stdout) == streamed


def test_the_application_is_mounted_as_documented(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = [block for block in blocks(language="python") if "create_app" in block.code]
    monkeypatch.setenv("ASSISTANT_CORPUS", str(assistant.settings.corpus))
    monkeypatch.setenv("ASSISTANT_INDEX", str(assistant.settings.index))
    names: dict[str, Any] = {}
    exec(compile(example.code, example.page, "exec"), names)
    with TestClient(names["yours"], base_url="http://localhost") as client:
        assert client.get("/assistant/healthz").json() == {"status": "up"}
        assert client.get("/assistant/api/v1/documents").status_code == 200
