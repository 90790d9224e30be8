"""While an answer takes long: a visible working state, stop, and others who need not wait."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.settings import Settings
from assistant.types import Answer
from tests.web.browsing import Visit, served


class HeldAssistant(Assistant):
    """Answers like `Assistant`, but only once it is let go."""

    let_go: threading.Event
    waiting: threading.Event

    def warm_up(self) -> None:
        """Nothing: greetings need no model."""

    def stream(
        self, question: str, history: Sequence[Any] = (), **options: Any
    ) -> Iterator[Answer]:
        if "wait" in question:
            self.waiting.set()
            self.let_go.wait(20)
        yield from super().stream("hello", history, **options)


@pytest.fixture
def held(settings: Settings) -> Iterator[HeldAssistant]:
    assistant = HeldAssistant.open(settings)
    assistant.let_go, assistant.waiting = threading.Event(), threading.Event()
    yield assistant
    assistant.let_go.set()
    assistant.close()


def test_a_working_answer_is_shown_at_once_and_can_be_stopped(
    visit: Visit, held: HeldAssistant
) -> None:
    with served(held) as address:
        one = visit(at=address)
        page = one.page
        page.get_by_label("Your question").fill("please wait")
        page.keyboard.press("Enter")
        expect(page.locator(".working")).to_be_visible()
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_hidden()

        page.get_by_label("Your question").fill("and another")
        page.keyboard.press("Enter")
        expect(page.locator(".log")).to_contain_text("Stop it to ask another one")
        expect(page.get_by_label("Your question")).to_have_value("and another")

        other = visit(at=address)
        other.ask("quick")  # answered while the first one waits
        expect(other.page.locator(".exchange")).to_have_count(1)

        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".stopped")).to_have_text("You stopped this answer.")
        expect(page.locator(".working")).to_have_count(0)
        held.let_go.set()
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator(".exchange .notice")).to_be_visible()
        expect(page.locator(".exchange")).to_have_count(1)

        held.let_go.clear()
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator(".working")).to_be_visible()
        assert one.complaints == []
        one.open()  # a reload while waiting
        expect(page.locator(".stopped")).to_have_text("The answer was interrupted.")
        held.let_go.set()
        for reader in (one, other):  # with them open, the server would wait for their heartbeats
            reader.page.close()
    one.complaints.clear()  # the browser reports the stream that the reload cut off


def test_a_stopped_answer_that_is_no_longer_the_last_is_asked_again_in_its_place(
    visit: Visit, held: HeldAssistant
) -> None:
    with served(held) as address:
        reader = visit(at=address)
        page = reader.page
        page.get_by_label("Your question").fill("please wait")
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Stop").click()
        expect(page.locator(".stopped")).to_be_visible()
        held.let_go.set()
        reader.ask("quick")
        first, last = page.locator(".exchange").first, page.locator(".exchange").last
        first.get_by_role("button", name="Ask again").click()
        expect(first).to_have_attribute("data-state", "answered")
        expect(first.locator(".asked")).to_have_text("please wait")
        expect(last.locator(".asked")).to_have_text("quick")
        expect(page.locator(".exchange")).to_have_count(2)
        expect(page.locator(".stopped")).to_have_count(0)
        page.close()


def test_while_no_more_questions_are_taken_every_door_says_so(
    visit: Visit, held: HeldAssistant
) -> None:
    held.settings = held.settings.model_copy(update={"max_in_flight": 1})
    completion = {"model": "assistant", "messages": [{"role": "user", "content": "hello"}]}
    with served(held) as address, ThreadPoolExecutor() as pool:

        def post(path: str, body: dict[str, Any], accept: str = "*/*") -> httpx.Response:
            return httpx.post(address + path, json=body, headers={"accept": accept}, timeout=30)

        first = pool.submit(post, "/api/v1/ask", {"question": "please wait"})
        assert held.waiting.wait(10)
        refused = post("/api/v1/ask", {"question": "hello"})
        events = post("/api/v1/ask", {"question": "hello"}, "text/event-stream")
        openais = post("/v1/chat/completions", completion)
        streamed = post("/v1/chat/completions", {**completion, "stream": True})
        for response in (refused, events, openais, streamed):
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
        assert refused.json()["code"] == events.json()["code"] == "busy"
        assert openais.json()["error"]["type"] == "server_error"
        reader = visit(at=address)
        reader.ask("quick")
        expect(reader.page.locator(".problem")).to_contain_text(
            "1 question is already being answered"
        )
        held.let_go.set()
        assert first.result().status_code == 200
        reader.page.get_by_role("button", name="Ask again").click()
        expect(reader.page.locator(".exchange .notice, .exchange .answer").first).to_be_visible()
        expect(reader.page.locator(".problem")).to_have_count(0)
        reader.page.close()
