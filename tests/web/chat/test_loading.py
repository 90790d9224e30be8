"""Whether the chat moves under the reader's eyes. `benchmarks.page_load` measures how soon it can be used."""

import pytest
from playwright.sync_api import Browser, expect

from tests.web.browsing import FOUNDED

WATCH = """
    window.shifts = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
READY = """() => new Promise((resolve) => {
    const look = () => document.querySelector("#log .log[data-ready]")
        ? resolve() : requestAnimationFrame(look);
    look();
})"""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_shifts_while_the_page_loads_and_answers(
    browser: Browser, address: str, width: int
) -> None:
    with browser.new_context(viewport={"width": width, "height": 844}) as context:
        page = context.new_page()
        page.add_init_script(WATCH)
        for _ in range(4):  # the first with an empty cache
            page.goto(address, wait_until="commit")
            page.evaluate(READY)
            page.wait_for_timeout(600)
            assert page.evaluate("window.shifts") < 0.05
        page.get_by_label("Your question").fill(FOUNDED)
        page.keyboard.press("Enter")
        expect(page.locator(".next")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.evaluate("window.shifts") < 0.05
