"""Browsers that stay open between tests, so that a page finds Gradio's scripts loaded and compiled."""

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests.web.browsing import DESKTOP

HOSTS = ("127.0.0.1", "localhost")
"""Those of the chat, and of the sites that embed it."""


FORGET = "localStorage.clear(); sessionStorage.clear(); window.name = ''"


class Contexts:
    """Contexts of a browser: one for each reader of a test, and for each kind of device.

    An empty page at each host stays open in a context. Its process has the next pages at the host
    too (``--process-per-site``): a page of the chat then takes half of the processor's time.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened: dict[tuple[Any, ...], BrowserContext] = {}
        self._left: dict[BrowserContext, list[Page]] = {}

    def context(self, reader: int = 0, **device: Any) -> BrowserContext:
        """Return the context of a test's first, second or later reader."""
        key = (reader, *sorted(device.items()))
        if key not in self._opened:
            self._opened[key] = self._new(**device)
        return self._opened[key]

    def _new(self, **device: Any) -> BrowserContext:
        context = self._browser.new_context(
            permissions=["clipboard-read", "clipboard-write"], **device
        )
        for host in HOSTS:
            page = context.new_page()
            page.route("**/*", lambda route: route.fulfill(body=""))
            page.goto(f"http://{host}/")
        return context

    def page(
        self,
        reader: int = 0,
        viewport: dict[str, int] = DESKTOP,
        color_scheme: Any = "null",
        reduced_motion: Any = "null",
        **device: Any,
    ) -> Page:
        """Return a page that shows nothing, as large, bright and lively as a test wants it."""
        context = self.context(reader, **device)
        left = self._left.setdefault(context, [])
        page = left.pop() if left else context.new_page()
        page.set_viewport_size({"width": viewport["width"], "height": viewport["height"]})
        page.emulate_media(color_scheme=color_scheme, reduced_motion=reduced_motion)
        return page

    def leave(self, page: Page) -> None:
        """Forget what a page's site keeps, also what the page saved last, and keep it for a later test.

        The next visit then takes half of the processor's time that it takes in a new page.
        """
        site = urlsplit(page.url)
        address = f"{site.scheme}://{site.netloc}"
        try:
            page.goto(f"{address}/healthz")  # a page of the same site that saves nothing
            page.evaluate(FORGET)
            page.mouse.move(0, 0)
            self._left.setdefault(page.context, []).append(page)
        except Error:  # its server has ended
            page.close()
            if site.hostname in HOSTS:
                empty = page.context.pages[HOSTS.index(site.hostname)]
                empty.goto(address)
                empty.evaluate(FORGET)
        page.context.clear_cookies()

    def close(self) -> None:
        for context in self._opened.values():
            context.close()
