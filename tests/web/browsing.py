"""Serving from a thread, and somebody in front of a page of the chat."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, cast

import fastapi.dependencies.models
from fastapi import FastAPI
from playwright.sync_api import Page, expect
from starlette.types import ASGIApp

from assistant import Answer, Assistant, Status
from assistant.web.app import create_app
from assistant.web.server import address_of, listen, make_server
from assistant.web.shutdown import Ending
from tests.in_thread import run

ARTICLE = "sco-champions-a-new-model-of-regional-cooperation.txt"
HOSTILE_NAME = "hostile & <b>bold<b>.md"
FOUNDED = "When was the SCO founded?"
UNANSWERABLE = "How do I bake sourdough bread at high altitude?"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}


def article_id(assistant: Assistant) -> str:
    return next(summary.id for summary in assistant.documents() if summary.source == ARTICLE)


class DoubtingAssistant(Assistant):
    """The assistant, uncertain of everything that it answers."""

    def stream(self, *arguments: Any, **more: Any) -> Iterator[Answer]:
        for answer in super().stream(*arguments, **more):
            doubted = answer.status is Status.ANSWERED
            yield replace(answer, status=Status.UNCERTAIN) if doubted else answer


def make_app(assistant: Assistant) -> FastAPI:
    """Return the application, made as in a server: without an event loop, Gradio leaves four open.

    The applications made before are forgotten: FastAPI's caches hold the endpoints of each, and so
    30,000 objects.
    """
    for cached in vars(fastapi.dependencies.models).values():
        if hasattr(cached, "cache_clear"):
            cached.cache_clear()

    async def make() -> FastAPI:
        return create_app(assistant=assistant)

    return run(make())


@contextmanager
def served(assistant: Assistant, port: int = 0) -> Iterator[str]:
    """The address of the application over an assistant, served from a thread meanwhile."""
    app = make_app(assistant)
    with running(app, port, app.state.ending, assistant.settings.trusted_proxies) as address:
        yield address


@contextmanager
def running(
    app: ASGIApp, port: int = 0, ending: Ending | None = None, proxies: Sequence[str] = ()
) -> Iterator[str]:
    """The address of an application, served from a thread meanwhile."""
    listening = listen("127.0.0.1", port)
    server = make_server(app, ending, proxies)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        deadline = time.monotonic() + 30
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        assert server.started
        yield address_of(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


CUT_OFF = ("AbortError: signal is aborted", "AbortError: BodyStreamBuffer was aborted")
CUT_OFF_TOO = "Connection errored out"


@dataclass
class Reader:
    """Somebody in front of a page of the chat; what the page asked for and said is recorded."""

    page: Page
    address: str
    requests: list[str]
    complaints: list[str]
    cut_off: bool = False
    _listeners: dict[str, Callable[[Any], None]] = field(default_factory=dict)

    @classmethod
    def listening(cls, page: Page, address: str) -> "Reader":
        reader = cls(page, address, [], [])
        reader._listeners = {
            "request": lambda request: reader.requests.append(request.url),
            "pageerror": lambda error: reader.fail(str(error)),
            "console": lambda said: reader.hear(said.type, said.text),
            "dialog": lambda dialog: reader.complaints.append(f"dialog {dialog.message}"),
        }
        for event, listener in reader._listeners.items():
            cast(Any, page).on(event, listener)
        return reader

    def listen_no_more(self) -> None:
        """Leave the page to whoever comes next."""
        for event, listener in self._listeners.items():
            self.page.remove_listener(event, listener)

    def hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.fail(text)

    def fail(self, error: str) -> None:
        """A stream that a reload cuts off is reported by Gradio, or is not: that is no complaint."""
        self.cut_off = self.cut_off or error.startswith(CUT_OFF)
        if not error.startswith(CUT_OFF) and not (self.cut_off and CUT_OFF_TOO in error):
            self.complaints.append(error)

    def open(self, path: str = "/") -> "Reader":
        self.page.goto(self.address + path)
        expect(self.page.locator("#log .log")).to_be_visible(timeout=20_000)
        return self

    def ask(self, question: str) -> None:
        self.page.get_by_label("Your question").fill(question)
        self.page.keyboard.press("Enter")
        self.wait_for_answer(question)

    def wait_for_answer(self, question: str) -> None:
        last = self.page.locator(".exchange").last
        expect(last.locator(".asked")).to_have_text(question, use_inner_text=True)
        expect(last).not_to_have_attribute("data-state", "pending")

    def outside(self) -> list[str]:
        """Requests to other hosts than the server."""
        own = (self.address, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


Visit = Callable[..., Reader]
