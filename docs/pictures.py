"""Take the pictures of the documentation: the real server on the sample documents, in Chromium.

Run: ``python -m docs.pictures``; ``make pictures`` does. Chromium is the system's own.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FrameLocator, Page, ViewportSize, expect, sync_playwright

FOLDER = Path(__file__).parent
CORPUS = FOLDER.parent / "docs_corpus"
WINDOW: ViewportSize = {"width": 1280, "height": 800}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
MILLISECONDS = 120_000
"""How long a slow machine may take for each step."""


def main() -> None:
    """Write every picture to ``docs/``. Raise `SystemExit` without Chromium."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise SystemExit("Chromium is not installed. On Debian: apt-get install chromium")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        take(browser, f"{address}/", "chat.png", chat)
        take(browser, f"{address}/widget/demo", "widget.png", widget)
        browser.close()


@contextmanager
def served() -> Iterator[str]:
    """Start ``assistant serve`` on the sample documents and yield its address."""
    with tempfile.TemporaryDirectory() as index:
        places = ["--corpus", str(CORPUS), "--index", index, "--port", "0"]
        program = "from assistant.cli.main import run; run()"
        server = subprocess.Popen(
            [sys.executable, "-c", program, "serve", *places], stdout=subprocess.PIPE, text=True
        )
        try:
            assert server.stdout is not None
            addresses = (re.search(r"http://\S+", line) for line in server.stdout)
            yield next(found[0].rstrip("/.") for found in addresses if found)
        finally:
            server.terminate()
            server.wait()


def take(browser: Browser, address: str, name: str, prepare: Callable[[Page], None]) -> None:
    """Open a page, do what the picture shows, and write it."""
    page = browser.new_page(viewport=WINDOW, color_scheme="light", reduced_motion="reduce")
    page.set_default_timeout(MILLISECONDS)
    expect.set_options(timeout=MILLISECONDS)
    page.goto(address)
    prepare(page)
    page.screenshot(path=FOLDER / name)
    page.close()


def chat(page: Page) -> None:
    """Ask two questions, and open the passage of the second answer."""
    for question in ("When was the SCO founded?", "Which agreements has the SCO signed?"):
        ask(page, question)
    page.locator("button.mark").last.click()
    expect(page.locator("#passage")).to_be_visible()


def widget(page: Page) -> None:
    """Ask in the widget, and show the cited passage on the article beside it."""
    page.locator("assistant-chat #launcher").click()
    expect(page.locator("assistant-chat iframe.ready")).to_be_visible()
    frame = page.frame_locator("assistant-chat iframe")
    ask(frame, "When was the SCO founded?")
    frame.locator("button.mark").first.click()
    expect(frame.locator("#toast")).to_have_text("Shown on the page")


def ask(shown: Page | FrameLocator, question: str) -> None:
    """Ask, and wait for the whole answer."""
    box = shown.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    last = shown.locator(".exchange").last
    expect(last.locator(".asked")).to_have_text(question, use_inner_text=True)
    expect(last).not_to_have_attribute("data-state", "pending")
    expect(last.locator(".next")).to_be_visible()


if __name__ == "__main__":
    main()
