"""The server dies while it answers, and comes back."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from assistant import Answer, Assistant, Encoder, Settings
from tests.web.browsing import FOUNDED, Visit, served

SERVE = """
from assistant import Assistant
from assistant.web import run_server
with Assistant.open() as assistant:
    assistant.warm_up()
    run_server(assistant, "127.0.0.1", 0, notify=lambda at: print(at.address, flush=True))
"""
WITHIN = 4
"""Seconds in which a page is to notice. It takes two, and a busy machine takes longer."""


class SlowAssistant(Assistant):
    """The assistant, which answers only when it is let go."""

    def stream(self, *arguments: Any, **more: Any) -> Iterator[Answer]:
        stopped: threading.Event = more["stopped"]
        stopped.wait(20)
        yield from super().stream(*arguments, **more)


def test_the_page_says_that_the_server_is_away_and_asks_again_when_it_is_back(
    visit: Visit,
    settings: Settings,
    assistant: Assistant,
    encoder: Encoder,
    free_tcp_port: int,
) -> None:
    assert assistant.documents()
    with SlowAssistant(settings, encoder) as slow, served(slow, free_tcp_port) as address:
        reader = visit(at=address)
        page = reader.page
        page.get_by_label("Your question").fill(FOUNDED)
        page.keyboard.press("Enter")
        expect(page.locator('.exchange[data-state="pending"]')).to_be_visible()
    away = page.get_by_role("alert").filter(has_text="Your question is kept")
    expect(away).to_be_visible()
    expect(page.locator(".toast-body")).to_be_hidden()
    expect(page.locator(".asked")).to_have_text(FOUNDED)
    with served(assistant, free_tcp_port):
        expect(page.locator("button.mark").first).to_be_visible(timeout=30_000)
        expect(page.locator(".exchange")).to_have_count(1)
        expect(away).to_have_count(0)
    reader.complaints.clear()  # the browser reports the failed connections


@contextmanager
def process_serving(settings: Settings) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """A server over the index, as a process that can be stopped, and its address."""
    own = {"ASSISTANT_CORPUS": str(settings.corpus), "ASSISTANT_INDEX": str(settings.index)}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        env={**os.environ, **own, "PYTHONPATH": str(Path(__file__).parents[3])},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process
    finally:
        process.send_signal(signal.SIGCONT)
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is not there")
def test_the_page_says_that_the_server_is_frozen_and_goes_on_with_it(
    visit: Visit, settings: Settings, assistant: Assistant
) -> None:
    assert assistant.documents()
    with process_serving(settings) as (address, process):
        page = visit(at=address).page
        page.get_by_label("Your question").fill(FOUNDED)
        process.send_signal(signal.SIGSTOP)
        try:
            page.keyboard.press("Enter")
            asked = time.monotonic()
            away = page.get_by_role("alert").filter(has_text="Your question is kept")
            expect(away).to_contain_text(FOUNDED)
            assert time.monotonic() - asked < WITHIN
        finally:  # a process that is stopped cannot be ended
            process.send_signal(signal.SIGCONT)
        expect(page.locator("button.mark").first).to_be_visible()
        expect(page.locator(".exchange")).to_have_count(1)
        expect(away).to_have_count(0)
