"""The server as a process: it gives its address, names a taken port, and ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant, PortInUseError
from assistant.settings import load_settings
from assistant.web.server import (
    SECONDS_TO_SWITCH,
    _switching_often,
    listen,
    run_server,
    warning,
)
from tests import patient
from tests.web.browsing import Visit, served

SERVE = """
from assistant import Assistant
from assistant.web import run_server
assistant = Assistant.open()
run_server(assistant, "127.0.0.1", 0, notify=lambda at: print(at.address, flush=True))
assistant.close()
print("ended")
"""


def test_the_server_gives_its_address_and_ends_without_a_traceback(tmp_path: Path) -> None:
    stops = (signal.SIGINT, signal.SIGTERM)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in stops
    ]
    try:
        for process, stop in zip(processes, stops, strict=True):
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert patient.get(f"{address}/healthz").status_code == 200
            not_ready = patient.get(f"{address}/readyz")
            assert not_ready.status_code == 503
            assert "assistant ingest" in not_ready.json()["reason"]
            process.send_signal(stop)
            out, err = process.communicate(timeout=30)
            assert (out, err, process.returncode) == ("ended\n", "", 0)
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.mark.parametrize(
    ("host", "setting", "warned"),
    [
        ("0.0.0.0", {}, True),
        ("127.0.0.1", {}, False),
        ("0.0.0.0", {"rate_limit": "60/minute"}, False),
        ("0.0.0.0", {"chat_password": "open sesame"}, False),
        ("0.0.0.0", {"api_tokens": "a-token-of-some-length"}, False),
    ],
)
def test_a_public_address_without_any_guard_is_warned_of(
    host: str, setting: dict[str, str], warned: bool
) -> None:
    with listen(host, 0) as listening:
        said = warning(load_settings(**setting), listening)
    assert ("ASSISTANT_CHAT_PASSWORD" in said and "other machines" in said) is warned


def test_threads_take_turns_often_while_a_server_runs() -> None:
    before = sys.getswitchinterval()
    with _switching_often():
        assert sys.getswitchinterval() == pytest.approx(SECONDS_TO_SWITCH)
    assert sys.getswitchinterval() == before > SECONDS_TO_SWITCH


def test_a_taken_port_is_named_with_what_to_do(assistant: Assistant) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"{port}.*--port \d+"):
            run_server(assistant, "127.0.0.1", port)


def test_a_chat_without_an_index_says_which_command_to_run(visit: Visit, tmp_path: Path) -> None:
    empty = Assistant.open(load_settings(corpus=tmp_path / "corpus", index=tmp_path / "index"))
    (tmp_path / "corpus").mkdir()
    with served(empty) as address:
        reader = visit(at=address)
        expect(reader.page.locator(".start .trouble")).to_contain_text("assistant ingest")
        expect(reader.page.locator("#source-body")).to_contain_text("assistant ingest")
        reader.ask("What is this about?")
        expect(reader.page.locator(".problem")).to_contain_text("assistant ingest")
        assert patient.get(f"{address}/readyz").status_code == 503

        (tmp_path / "corpus" / "zebra.txt").write_text("Zebras have stripes.", encoding="utf-8")
        empty.ingest()
        deadline = time.monotonic() + 20
        while patient.get(f"{address}/readyz").status_code != 200:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    reader.complaints.clear()  # the browser itself reports the status 503
    empty.close()


def test_importing_the_package_does_not_import_gradio() -> None:
    code = "import sys, assistant.web; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
