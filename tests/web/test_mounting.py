"""Below a path: behind a reverse proxy that shows the server there, or mounted in another program."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from urllib.parse import urljoin

import pytest
from fastapi import FastAPI
from playwright.sync_api import BrowserContext, expect
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from assistant.web.widget.widget_pages import script_version
from tests import patient
from tests.web.browsing import FOUNDED, Reader, article_id, make_app, running
from tests.web.widget.embedding import Visitor

PREFIX = "/tools/assistant"
PASSWORD = "open sesame"
Way = Callable[[Assistant], AbstractContextManager[str]]


class Proxy:
    """What a reverse proxy does: shows the server below a path, which it takes away, and nowhere else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            assert scope["path"].startswith(f"{PREFIX}/"), scope["path"]
            below = scope["path"].removeprefix(PREFIX)
            scope = {**scope, "path": below, "raw_path": below.encode()}
        await self._app(scope, receive, send)


@contextmanager
def proxied(assistant: Assistant, **more: object) -> Iterator[str]:
    before = assistant.settings
    assistant.settings = before.model_copy(update={"root_path": PREFIX, **more})
    try:
        with running(Proxy(make_app(assistant))) as address:
            yield address + PREFIX
    finally:
        assistant.settings = before


def guarded(assistant: Assistant) -> AbstractContextManager[str]:
    tokens = (SecretStr("a-token-of-some-length"),)
    return proxied(assistant, chat_password=SecretStr(PASSWORD), api_tokens=tokens)


@contextmanager
def mounted(assistant: Assistant) -> Iterator[str]:
    inner = make_app(assistant)

    @asynccontextmanager
    async def both(_: FastAPI) -> AsyncIterator[None]:
        async with inner.router.lifespan_context(inner):
            yield

    outer = FastAPI(lifespan=both)
    outer.mount(PREFIX, inner)
    with running(outer) as address:
        yield address + PREFIX


@pytest.mark.parametrize("way", [guarded, proxied, mounted])
def test_below_a_path_all_of_it_works(
    way: Way, assistant: Assistant, shared_context: BrowserContext
) -> None:
    page = shared_context.new_page()
    with way(assistant) as address:
        reader = Reader.listening(page, address)
        permalink = f"{address}/?document={article_id(assistant)}&start=0&end=20"
        page.goto(permalink)
        if way is guarded:
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
        expect(page.locator("#passage")).to_be_visible(timeout=20_000)
        assert page.url == permalink
        reader.ask(FOUNDED)
        answer = page.locator(".exchange").last
        expect(answer).to_contain_text("2001")
        answer.locator(".answer a, .answer button").first.click()
        expect(page.locator("#passage")).to_be_visible()
        opened = page.locator("#source-body a[href*=original]").first.get_attribute("href")
        assert page.request.get(urljoin(page.url, opened)).ok
        page.goto(f"{address}/docs")
        expect(page.locator(".opblock").first).to_be_visible()
        described = patient.get(f"{address}/openapi.json").json()
        assert described["servers"] == [{"url": PREFIX}]
        refused = patient.get(f"{address}/api/v1/nothing")
        assert refused.headers["content-type"] == "application/problem+json"
        if way is not guarded:
            assert_widget_and_annotations(reader, address, article_id(assistant))
        page.goto(f"{address}/")
        expect(page.locator("#log .log")).to_be_visible(timeout=20_000)
        page.evaluate("localStorage.clear()")
        page.close()
    shared_context.clear_cookies()
    assert reader.complaints == []
    assert reader.outside() == []


def assert_widget_and_annotations(reader: Reader, address: str, article: str) -> None:
    completion = patient.post(f"{address}/v1/chat/completions", json=COMPLETION).json()
    annotations = completion["choices"][0]["message"]["annotations"]
    assert annotations[0]["url_citation"]["url"].startswith(f"{address}/?document=")
    reader.page.evaluate("localStorage.clear()")
    reader.page.goto(f"{address}/widget/demo?document={article}")
    snippet = reader.page.locator("#snippet")
    expect(snippet).to_have_text(
        f'<script async src="{address}/widget.js?v={script_version()}"></script>'
    )
    visitor = Visitor(reader.page, reader)
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    assert "founded in 2001" in visitor.highlighted()[0]


COMPLETION = {"model": "assistant", "messages": [{"role": "user", "content": FOUNDED}]}
