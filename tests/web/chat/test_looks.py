"""The chat on a phone, enlarged, by keyboard alone, and as axe-core sees it."""

from collections.abc import Sequence
from typing import Any, cast

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, Page, expect

from tests.web.browsing import DESKTOP, FOUNDED, PHONE, UNANSWERABLE, Visit
from tests.web.widget.embedding import box_of

ENLARGED = {"width": 640, "height": 400}  # 1280 x 800 at 200 %


COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules of axe-core that look at colours."""


def violations(page: Page, rules: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Whatever axe-core finds by these rules or all, in the page and in the frames of the chat in it."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    return [
        {
            "rule": one["id"],
            "impact": one["impact"],
            "nodes": [node["html"] for node in one["nodes"]],
        }
        for frame in page.frames
        for one in Axe(_script(frame)).run(cast(Page, frame), None, options).response["violations"]
    ]


def violations_light_and_dark(page: Page) -> list[dict[str, Any]]:
    """Whatever axe-core finds in a page that is light now, and in its colours when it is dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # colours change at once
    expect(page.locator("body.dark")).to_have_count(1)
    found += violations(page, COLOURS)
    page.emulate_media(color_scheme="light")
    expect(page.locator("body.dark")).to_have_count(0)
    return found


def _script(frame: Frame) -> str:
    """Return what makes axe-core ready in a frame: nothing where it has been already."""
    return "0" if frame.evaluate("'axe' in window") else AXE_SCRIPT


def scrolls_sideways(page: Page) -> bool:
    return bool(
        page.evaluate(
            "[document.documentElement, ...document.querySelectorAll('#log, #source-body')]"
            ".some((box) => box.scrollWidth > box.clientWidth + 1)"
        )
    )


@pytest.mark.parametrize("size", [PHONE, ENLARGED])
def test_a_small_window_shows_the_source_as_a_sheet(visit: Visit, size: dict[str, int]) -> None:
    reader = visit(viewport=size, reduced_motion="reduce")
    page = reader.page
    assert not scrolls_sideways(page)
    reader.ask(FOUNDED)
    assert not scrolls_sideways(page)
    mark = page.locator("button.mark").first
    mark.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="Source")
    expect(sheet).to_be_visible()
    expect(sheet.locator("#passage")).to_be_in_viewport()
    expect(sheet.locator("#passage")).to_be_focused()
    assert not scrolls_sideways(page)
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(mark).to_be_focused()
    mark.click()
    sheet.get_by_role("button", name="Close").click()
    expect(sheet).to_be_hidden()
    mark.click()
    expect(sheet.locator("#passage")).to_be_in_viewport()
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator("#source-pane #passage")).to_be_in_viewport()


def test_on_a_phone_the_keyboard_goes_away_while_an_answer_is_read(visit: Visit) -> None:
    reader = visit(viewport=PHONE, has_touch=True, is_mobile=True)
    box = reader.page.get_by_label("Your question")
    box.tap()
    box.fill(FOUNDED)
    reader.page.locator("#send").tap()
    reader.wait_for_answer(FOUNDED)
    expect(box).not_to_be_focused()
    desktop = visit()
    desktop.ask(FOUNDED)
    expect(desktop.page.get_by_label("Your question")).to_be_focused()


def test_everything_is_reached_with_the_keyboard(visit: Visit) -> None:
    page = visit().page
    reached = set()
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "((on) => on.getAttribute('aria-label') || on.innerText || on.placeholder)"
                "(document.activeElement)"
            )
        )
    assert {"Chats", "Documents", FOUNDED, "Ask"} <= reached
    outlined = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outlined != "none"


UNDER_TOAST = """(() => {
  const { left, right, top, bottom } = document.getElementById("toast").getBoundingClientRect();
  const found = new Set();
  for (let x = left + 1; x < right; x += 4) {
    for (let y = top + 1; y < bottom; y += 4) {
      const control = document.elementFromPoint(x, y)?.closest("button, a, input, select, textarea");
      if (control) found.add(control.outerHTML);
    }
  }
  return [...found];
})()"""
"""The controls below a message, which itself lets pointers through."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_short_message_covers_no_control(visit: Visit, size: dict[str, int]) -> None:
    reader = visit(viewport=size, reduced_motion="reduce")
    page = reader.page
    for question in (FOUNDED, UNANSWERABLE):
        reader.ask(question)
        expect(page.locator(".exchange").last.locator(".suggestions")).to_be_visible()
        page.get_by_role("button", name="Copy", exact=True).last.click()
        expect(page.locator("#toast.shown")).to_have_text("Answer and sources copied")
        assert page.evaluate(UNDER_TOAST) == []
    page.locator("button.mark").first.click()
    page.locator("#source-view [data-action=permalink]").click()
    expect(page.locator("#toast.shown")).to_have_text("Link copied")
    assert page.evaluate(UNDER_TOAST) == []
    assert font_of(page.locator("#toast")) == font_of(page.locator(".exchange .stated").first)


def font_of(shown: Locator) -> str:
    """Return the names of the typefaces of an element."""
    return str(shown.evaluate("(one) => getComputedStyle(one).fontFamily"))


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_fields_and_the_buttons_beside_them_are_equally_high(
    visit: Visit, size: dict[str, int]
) -> None:
    reader = visit(viewport=size)
    page = reader.page
    reader.ask(UNANSWERABLE)
    pairs = [("#question textarea", "#send"), (".reword input", ".reword button")]
    for field, button in pairs:
        beside = [box_of(page.locator(one)) for one in (field, button)]
        assert beside[0]["y"] == pytest.approx(beside[1]["y"], abs=0.5)
        assert beside[0]["height"] == pytest.approx(beside[1]["height"], abs=0.5)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "zh"])
def test_buttons_are_one_row_on_a_phone_and_the_hint_is_shown_whole(
    visit: Visit, language: str
) -> None:
    phone = {"width": 390, "height": 844}
    reader = visit(viewport=phone, has_touch=True, is_mobile=True)
    reader.open(f"/?lang={language}")
    box = reader.page.locator("#question textarea")
    box.fill(FOUNDED)
    box.press("Enter")
    reader.wait_for_answer(FOUNDED)
    for row, count in (("#topbar", 4), (".exchange .actions", 5)):
        buttons = reader.page.locator(f"{row} button")
        assert buttons.count() == count
        assert len({round(box_of(one)["y"]) for one in buttons.all()}) == 1, row
    hint = box.evaluate(
        "(one) => [one.value = one.placeholder, one.scrollHeight, one.clientHeight]"
    )
    assert hint[1] <= hint[2], "the hint is cut"
