"""The server dies while it answers, and comes back."""

import threading
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import expect

from assistant import Answer, Assistant, Encoder, Settings
from tests.web.browsing import FOUNDED, Visit, served


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
