"""SIGTERM to a real server: what is in flight is finished, and the end comes within ten seconds."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from assistant import Assistant, Encoder, ServerBusyError
from assistant.web.concurrency import AnsweringLimit
from assistant.web.shutdown import Ending
from tests import patient
from tests.chat_server import ChatServer, chat_server
from tests.in_thread import run
from tests.web.browsing import served

SERVE = "from assistant.cli.main import run; run()"
SECRET = "founded"
QUESTION = f"When was the SCO {SECRET}?"
EVENTS = {"accept": "text/event-stream"}
COMPLETION = {"model": "assistant", "messages": [{"role": "user", "content": QUESTION}]}
DOORS: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "json": ("/api/v1/ask", {"question": QUESTION}, {}),
    "events": ("/api/v1/ask", {"question": QUESTION}, EVENTS),
    "openai": ("/v1/chat/completions", COMPLETION, {}),
    "stream": ("/v1/chat/completions", {**COMPLETION, "stream": True}, {}),
}
WAIT = 120


def test_no_question_in_flight_keeps_a_server_from_stopping() -> None:
    started = time.monotonic()
    run(Ending(AnsweringLimit(1, 2)).finish())
    assert time.monotonic() - started < 1


def test_the_end_stops_the_work_on_every_question() -> None:
    questions = AnsweringLimit(1, 2)

    def until_stopped(stopped: threading.Event) -> Iterator[bool]:
        yield stopped.wait(20)

    async def end() -> list[object]:
        asking = [asyncio.create_task(questions.last(until_stopped)) for _ in range(2)]
        await asyncio.sleep(0.1)
        Ending(questions).stop()
        async with asyncio.timeout(10):
            return await asyncio.gather(*asking, return_exceptions=True)

    ended = run(end())
    assert all(isinstance(one, ServerBusyError) or one is True for one in ended)
    assert questions.in_flight == 0


def test_a_process_ends_in_time_whatever_its_threads_do() -> None:
    code = (
        "import threading; from assistant.web.shutdown import end_process_after; "
        "threading.Thread(target=threading.Event().wait).start(); end_process_after(0.2, 7)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 7


@dataclass
class Running:
    """A server in a process of its own, whose language model takes its time."""

    process: "subprocess.Popen[str]"
    model: ChatServer
    address: str
    told: dict[str, httpx.Response] = field(default_factory=dict)
    asking: list[threading.Thread] = field(default_factory=list)

    def ask(self, *doors: str) -> None:
        """Sends questions that are answered meanwhile; ``told`` will have what came back."""
        asked = len(self.model.requests)
        for door in doors:
            thread = threading.Thread(target=self._ask, args=(door,))
            thread.start()
            self.asking.append(thread)
        self.wait_for_the_model(asked + len(doors))

    def _ask(self, door: str) -> None:
        path, body, headers = DOORS[door.split()[-1]]
        self.told[door] = httpx.post(self.address + path, json=body, headers=headers, timeout=WAIT)

    def wait_for_the_model(self, requests: int) -> None:
        deadline = time.monotonic() + WAIT
        while len(self.model.requests) < requests:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def end(self) -> list[dict[str, Any]]:
        """Ends it, in good order and within ten seconds; gives its log."""
        sent = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=WAIT)
        assert time.monotonic() - sent < 10
        for thread in self.asking:
            thread.join()
        assert (out, self.process.returncode) == ("", 0)
        return [json.loads(line) for line in err.splitlines()]


@pytest.fixture
def server(assistant: Assistant) -> Iterator[Running]:
    with chat_server() as model:
        model.text = "After the SCO was founded in 2001 [1]."
        chosen = {
            "corpus": str(assistant.settings.corpus),
            "index": str(assistant.settings.index),
            "port": "0",
            "chat_model": "openai:served",
            "chat_model_base_url": model.address,
            "concurrency": "8",
        }
        chosen = {f"ASSISTANT_{name.upper()}": value for name, value in chosen.items()}
        process = subprocess.Popen(
            [sys.executable, "-c", SERVE, "serve"],
            env={**os.environ, **chosen, "OPENAI_API_KEY": "none"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout is not None
            running = Running(process, model, process.stdout.readline().split()[4])
            while patient.get(f"{running.address}/readyz").status_code != 200:
                time.sleep(0.1)
            yield running
        finally:
            process.kill()
            process.communicate()


@pytest.fixture
def page(shared_context: BrowserContext) -> Iterator[Page]:
    opened = shared_context.new_page()
    yield opened
    opened.close()


def test_what_is_in_flight_is_finished_what_is_stuck_is_ended_and_the_log_holds_no_question(
    server: Running, page: Page
) -> None:
    patient.get(f"{server.address}/api/v1/search", params={"q": SECRET}).raise_for_status()
    patient.get(server.address, params={"q": SECRET}).raise_for_status()
    server.model.delay = 60
    server.ask("stuck json", "stuck events", "stuck stream")
    server.model.delay = 0.3
    page.goto(server.address)  # which stays open, and with it the stream that Gradio keeps for it
    expect(page.locator("#log .log")).to_be_visible(timeout=20_000)
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    server.wait_for_the_model(4)
    server.ask("json", "events", "openai", "stream")
    log = server.end()

    expect(page.locator(".exchange .answer")).to_contain_text("founded in 2001")
    assert "founded in 2001" in server.told["json"].json()["text"]
    assert "event: done" in server.told["events"].text
    assert server.told["openai"].json()["choices"][0]["finish_reason"] == "stop"
    assert server.told["stream"].text.endswith("data: [DONE]\n\n")

    stuck = server.told["stuck json"]
    assert (stuck.status_code, stuck.json()["code"]) == (503, "busy")
    assert "is stopping" in stuck.json()["detail"]
    assert stuck.headers["retry-after"]
    assert "event: error" in server.told["stuck events"].text
    assert '"code": "busy"' in server.told["stuck stream"].text

    assert SECRET not in json.dumps(log)
    answered = [line["answer"]["channel"] for line in log if "answer" in line]
    assert sorted(answered) == ["api", "api", "chat", "openai", "openai"]
    assert {line["level"] for line in log} == {"info"}
    assert all(line["request_id"] for line in log)


def test_a_client_that_hangs_up_ends_the_work_on_its_question(
    assistant: Assistant, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with chat_server() as model:
        model.text, model.delay = "word " * 1000, 0.05
        chosen = {
            **assistant.settings.model_dump(),
            "chat_model": "served",
            "chat_model_base_url": model.address,
        }
        with (
            Assistant(type(assistant.settings)(**chosen), encoder) as slow,
            served(slow) as address,
        ):
            body = {"question": "When was the SCO founded?"}
            path = f"{address}/api/v1/ask"
            with patient.stream("POST", path, json=body, headers=EVENTS) as streamed:
                sent = streamed.iter_text()  # to drop it would be to hang up
                assert "reading" in next(sent)
                while not model.requests:
                    time.sleep(0.05)
            while not model.requests:
                time.sleep(0.05)
            assert model.cancelled.wait(60)
