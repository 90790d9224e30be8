"""How soon the chat can be used, and whether it moves under the reader's eyes."""

from playwright.sync_api import expect

from tests.web.browsing import DESKTOP, FOUNDED, Visit

WATCH = """
    window.shifts = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
READY = """() => new Promise((resolve) => {
    const look = () => document.querySelector("#log .log[data-ready]")
        ? resolve(performance.now()) : requestAnimationFrame(look);
    look();
})"""


def test_the_page_is_usable_soon_and_nothing_shifts(visit: Visit) -> None:
    reader = visit(viewport=DESKTOP)
    page = reader.page
    page.add_init_script(WATCH)
    milliseconds = []
    for _ in range(3):
        page.goto(reader.address)
        milliseconds.append(page.evaluate(READY))
        page.wait_for_timeout(600)
        assert page.evaluate("window.shifts") < 0.05

    assert min(milliseconds) < 1500
    reader.ask(FOUNDED)
    expect(page.locator(".next")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifts") < 0.05
