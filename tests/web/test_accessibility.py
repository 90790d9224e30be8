"""axe-core finds nothing at all in any state of the pages, at both widths, light and dark."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pydantic import SecretStr

from assistant import Assistant, Encoder
from assistant.settings import Settings
from tests.web.browsing import FOUNDED, UNANSWERABLE, DoubtingAssistant, served
from tests.web.chat.test_looks import scrolls_sideways, violations, violations_light_and_dark
from tests.web.contexts import Contexts

PASSWORD = "open, sesame"
BOTH_KINDS = pytest.mark.parametrize(
    "looking", [(1280, "light"), (390, "dark")], ids=str, indirect=True
)

ALL_KINDS = pytest.mark.parametrize(
    "looking",
    [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")],
    ids=str,
    indirect=True,
)


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, encoder: Encoder
) -> Iterator[str]:
    """A server that doubts its answers, with a password, uploads and questions kept."""
    folder = tmp_path_factory.mktemp("guarded")
    (folder / "corpus").mkdir()
    for source in settings.corpus.glob("*.txt"):
        (folder / "corpus" / source.name).write_bytes(source.read_bytes())
    own = Settings(
        corpus=folder / "corpus",
        index=folder / "index",
        chat_password=SecretStr(PASSWORD),
        uploads=True,
        keep_questions=True,
    )
    with DoubtingAssistant(own, encoder) as assistant:
        assistant.ingest()
        assistant.ask(UNANSWERABLE)
        with served(assistant) as address:
            yield address


@pytest.fixture
def looking(request: pytest.FixtureRequest, contexts: Contexts) -> Iterator[Page]:
    width, scheme = request.param
    page = contexts.page(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,
        reduced_motion="reduce",
        **({"has_touch": True, "is_mobile": True} if width < 500 else {}),
    )
    yield page
    contexts.leave(page)


PALE = """(() => {
  const light = ([red, green, blue]) => [red, green, blue].map((one) => one / 255)
    .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (one) => {
    const color = getComputedStyle(one).backgroundColor;
    return numbers(color)[3] === 0 && one.parentElement ? behind(one.parentElement) : color;
  };
  const contrast = (one) => {
    const { color, opacity } = getComputedStyle(one, "::placeholder");
    const shades = [numbers(color), numbers(behind(one))].map(light).sort((a, b) => b - a);
    return opacity === "1" ? (shades[0] + 0.05) / (shades[1] + 0.05) : 0;
  };
  return [...document.querySelectorAll("[placeholder]")]
    .filter((one) => one.placeholder && one.checkVisibility() && contrast(one) < 4.5)
    .map((one) => [one.placeholder, contrast(one)]);
})()"""
"""Placeholders of too little contrast, which axe-core does not look at."""


def check(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate(PALE) == []
    assert not scrolls_sideways(page)


def check_light_and_dark(page: Page) -> None:
    assert violations_light_and_dark(page) == []
    assert not scrolls_sideways(page)


def ask(page: Page, question: str) -> None:
    count = page.locator(".exchange").count()
    page.get_by_label("Your question").fill(question)
    page.locator("#send").click()
    expect(page.locator(".exchange")).to_have_count(count + 1)
    expect(page.locator(".exchange").last).to_have_attribute("data-state", "answered")


@pytest.mark.parametrize(
    "looking", [(1280, "light"), (390, "light")], ids=["desktop", "phone"], indirect=True
)
def test_every_state_of_the_chat(looking: Page, address: str) -> None:
    page = looking
    page.goto(address)
    expect(page.locator("#log .start")).to_be_visible()
    check_light_and_dark(page)
    ask(page, FOUNDED)
    expect(page.locator(".next")).to_be_visible()
    check_light_and_dark(page)
    page.get_by_role("button", name="Not helpful").click()
    expect(page.locator(".verdict")).to_be_visible()
    check_light_and_dark(page)
    page.locator("button.mark").first.click()
    expect(page.locator("#source-body")).not_to_have_attribute("aria-busy", "true")
    expect(page.locator("#passage")).to_be_in_viewport()
    check_light_and_dark(page)
    page.locator("#source-back").click()
    expect(page.locator("#source-body .documents")).to_be_visible()
    check_light_and_dark(page)
    page.keyboard.press("Escape")
    ask(page, UNANSWERABLE)
    expect(page.locator(".reword")).to_be_visible()
    check_light_and_dark(page)
    page.get_by_role("button", name="Edit", exact=True).last.click()
    expect(page.get_by_label("Edit your question")).to_be_focused()
    check_light_and_dark(page)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Chats").click()
    expect(page.locator("#conversations")).to_be_visible()
    check_light_and_dark(page)


@ALL_KINDS
def test_every_page_behind_the_password(looking: Page, guarded: str, tmp_path: Path) -> None:
    page = looking
    page.goto(guarded)
    check(page)
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#log .start")).to_be_visible()
    ask(page, FOUNDED)
    expect(page.locator(".possible")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Documents").first.click()
    expect(page.locator(".adding")).to_be_visible()
    check(page)
    good, bad = tmp_path / "otters.md", tmp_path / "empty.md"
    good.write_text("# Otters\n\nOtters sleep holding hands.\n")
    bad.write_text("")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Add documents").click()
    chooser.value.set_files([good, bad])
    expect(page.locator('.progress [data-state="added"]')).to_be_visible(timeout=30_000)
    expect(page.locator('.progress [data-state="refused"]')).to_be_visible(timeout=30_000)
    check(page)
    page.request.delete(f"{guarded}/uploads/otters.md")
    page.goto(f"{guarded}/insights")
    expect(page.get_by_role("table")).to_be_visible()
    cut = "[...document.querySelectorAll('main *')].filter((one) => one.scrollWidth > innerWidth)"
    assert page.evaluate(f"{cut}.map((one) => one.outerHTML)") == []
    assert page.locator("[tabindex]").count() == 0  # nothing scrolls sideways
    check(page)
    page.goto(f"{guarded}/login")
    check(page)


@pytest.mark.parametrize(
    "looking", [(1280, "light"), (1280, "dark"), (390, "dark")], ids=str, indirect=True
)
def test_the_demo_of_the_widget(looking: Page, address: str) -> None:
    page = looking
    page.goto(f"{address}/widget/demo")
    expect(page.locator("assistant-chat #launcher")).to_be_visible()
    check(page)
    page.locator("assistant-chat #launcher").click()
    expect(page.locator("assistant-chat iframe.ready")).to_be_visible(timeout=30_000)
    check(page)


@BOTH_KINDS
def test_a_start_page_without_anything_to_ask(
    looking: Page, tmp_path: Path, encoder: Encoder
) -> None:
    (tmp_path / "corpus").mkdir()
    own = Settings(corpus=tmp_path / "corpus", index=tmp_path / "index", reader="none")
    with Assistant(own, encoder) as empty, served(empty) as address:
        looking.goto(address)
        expect(looking.get_by_role("alert")).to_be_visible()
        check(looking)
