"""Sites that embed the widget: small servers of their own, which are other origins than the chat's."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from playwright.sync_api import FloatRect, FrameLocator, Locator, Page, expect

from tests.web.browsing import Reader


@dataclass
class Site:
    """A site at ``localhost``, while the chat is at ``127.0.0.1``; what its pages are can change."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@contextmanager
def site_at_localhost() -> Iterator[Site]:
    """A site that is served meanwhile."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = site.pages.get(self.path.partition("?")[0])
            self.send_response(200 if page else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            for name, value in site.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write((page or "").encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        site = Site(f"http://localhost:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield site
        server.shutdown()
        thread.join()


def page_with(
    script: str, body: str = "<h1>A page of its own</h1>", head: str = "", **data: str
) -> str:
    """A page that embeds the widget with the one pasted line."""
    chosen = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return (
        '<!doctype html><html lang="en"><head><title>A site</title>'
        f'<link rel="icon" href="data:,">{head}</head><body><main>{body}</main>'
        f'<script async src="{script}"{chosen}></script></body></html>'
    )


def as_article(text: str) -> str:
    """A document's text as the markup of an article."""
    title, *paragraphs = text.split("\n\n")
    return f"<h1>{title}</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def box_of(shown: Locator) -> FloatRect:
    """Where something stands in the window."""
    box = shown.bounding_box()
    assert box is not None
    return box


@dataclass
class Visitor:
    """Somebody in front of a page with the widget; what the page asked for and said is recorded."""

    page: Page
    reader: Reader

    @property
    def launcher(self) -> Locator:
        return self.page.locator("assistant-chat #launcher")

    @property
    def panel(self) -> Locator:
        return self.page.locator("assistant-chat #panel")

    @property
    def word(self) -> Locator:
        return self.panel.get_by_role("status")

    @property
    def chat(self) -> FrameLocator:
        return self.page.frame_locator("assistant-chat iframe")

    @property
    def mark(self) -> Locator:
        return self.chat.locator("button.mark").first

    def wait_until_still(self) -> None:
        """Wait until the panel has moved aside, so that a click lands where the button is."""
        before = None
        while (box := self.panel.bounding_box()) != before:
            before = box
            self.page.wait_for_timeout(200)

    def open(self) -> None:
        self.launcher.click()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        expect(self.page.locator("assistant-chat iframe.ready")).to_be_visible(timeout=30_000)

    def ask(self, question: str) -> None:
        self.chat.get_by_label("Your question").fill(question)
        self.chat.get_by_label("Your question").press("Enter")
        self.wait_for_answer(question)

    def wait_for_answer(self, question: str) -> None:
        last = self.chat.locator(".exchange").last
        expect(last.locator(".asked")).to_have_text(question, use_inner_text=True)
        expect(last).not_to_have_attribute("data-state", "pending")
        self.page.wait_for_function(  # the page is told once it is shown
            "(asked) => !window.heard || heard.some(({ name, detail }) =>"
            " name === 'answer' && detail.question === asked)",
            arg=question,
        )

    def highlighted(self) -> list[str]:
        """What is highlighted on the page."""
        found: list[str] = self.page.evaluate(
            "[...(CSS.highlights.get('assistant-chat') ?? [])].map(String)"
        )
        return found

    def focused(self) -> list[str]:
        """What has the focus, from the page inward: tag and id of each."""
        found: list[str] = self.page.evaluate(
            "(() => { const found = [];"
            "for (let on = document.activeElement; on; on = on.shadowRoot?.activeElement)"
            "found.push(on.id || on.localName); return found })()"
        )
        return found


def listen_to_events(page: Page) -> None:
    """Collects the widget's events in ``window.heard``."""
    page.add_init_script(
        "window.heard = []; for (const name of ['open', 'close', 'answer'])"
        "addEventListener(`assistant-${name}`, ({ detail }) => heard.push({ name, detail }));"
    )
