"""Measure how soon the chat page can be used in a real browser, and how much it shifts.

Run: ``python -m benchmarks.page_load``. Each visit is cold: a new browser profile, an empty cache. The
server and the browser share the machine's cores, so a server elsewhere is no slower.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from assistant import Assistant
from assistant.settings import load_settings
from tests.conftest import CHROMIUM_FLAGS, CORPUS
from tests.web.browsing import FOUNDED, served
from tests.web.chat.test_loading import READY, WATCH

WIDTHS = (1280, 390)
MOST_SECONDS, MOST_SHIFT = 1.5, 0.05


def visits(browser: Browser, address: str, width: int, count: int) -> Iterator[tuple[float, float]]:
    """Yield for each cold visit the seconds until a question can be asked, and the layout shift.

    The shift is that until an answer and its suggestions are shown.
    """
    for _ in range(count):
        context = browser.new_context(viewport={"width": width, "height": 844})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(address, wait_until="commit")
        milliseconds = page.evaluate(READY)
        page.get_by_label("Your question").fill(FOUNDED)
        page.keyboard.press("Enter")
        page.locator(".next").wait_for(timeout=60_000)
        page.wait_for_timeout(300)
        yield milliseconds / 1000, page.evaluate("window.shifts")
        context.close()


def main() -> None:
    """Print a line for each width."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=5)
    count = parser.parse_args().visits
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = load_settings(corpus=CORPUS, index=Path(folder) / "index")
        with Assistant.open(settings) as assistant:
            assistant.ingest()
            assistant.warm_up()
            executable = shutil.which("chromium") or shutil.which("chromium-browser")
            browser = playwright.chromium.launch(
                executable_path=executable, args=list(CHROMIUM_FLAGS)
            )
            with served(assistant) as address:
                for width in WIDTHS:
                    found = list(visits(browser, address, width, count))
                    seconds, shifts = zip(*found, strict=True)
                    print(
                        f"{width:>5} px: usable in {statistics.median(seconds):.2f} s (median), "
                        f"{min(seconds):.2f} to {max(seconds):.2f} s, aim {MOST_SECONDS} s; "
                        f"layout shift {max(shifts):.3f} at most, aim {MOST_SHIFT}"
                    )
            browser.close()


if __name__ == "__main__":
    main()
