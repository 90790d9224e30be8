"""The language of the page: that of the page around the widget, or of the reader's browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.web.chat import components
from assistant.web.chat.labels import label, with_labels
from assistant.web.middleware.languages import choose_language
from assistant.web.strings import LANGUAGE, load_strings
from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE, Visit
from tests.web.chat.test_looks import scrolls_sideways, violations


@pytest.mark.parametrize(
    ("wanted", "accepted", "chosen"),
    [
        ("", "", "en"),
        ("", "de-CH, fr;q=0.9", "de"),
        ("", "fr;q=0.3, pt-BR;q=0.7", "pt"),
        ("", "nl, da;q=0.9", "en"),
        ("", "fr;q=0", "en"),
        ("zh-Hans", "de", "zh"),
        ("xx", "es", "es"),
        ("../de", "*;q=0.5, x" * 500, "en"),
        ("", "de;q=nonsense, fr", "fr"),
    ],
)
def test_the_first_known_language_is_chosen(wanted: str, accepted: str, chosen: str) -> None:
    assert choose_language(wanted, accepted) == chosen


@contextmanager
def spoken(language: str) -> Iterator[None]:
    token = LANGUAGE.set(language)
    try:
        yield
    finally:
        LANGUAGE.reset(token)


def test_labels_are_filled_in_for_each_request() -> None:
    page = f'{{"value": "{label("your_question")} %%unknown%%"}}'
    with spoken("fr"):
        assert with_labels(page) == '{"value": "Votre question %%unknown%%"}'


@pytest.mark.parametrize("language", sorted(load_strings("chat").languages))
def test_labels_fit_into_html_inside_json(language: str) -> None:
    pane = Path(components.__file__).parent / "templates/source_pane.html"
    code = Path(components.__file__).read_text("utf-8") + pane.read_text("utf-8")
    labels = re.findall(r"""(?:label|\bt)\(["'](\w+)["']\)""", code)
    assert {"ask", "your_question", "previous_passage"} <= set(labels)
    with spoken(language):
        assert not any(set("<>&\"'\\") & set(load_strings("chat")(key)) for key in labels)


def test_the_chat_speaks_the_language_of_the_browser(visit: Visit) -> None:
    reader = visit(locale="de-DE", viewport=PHONE)
    page = reader.page
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Was möchten Sie wissen?")).to_be_visible()
    page.get_by_label("Ihre Frage").fill(UNANSWERABLE)
    page.get_by_role("button", name="Fragen", exact=True).click()
    expect(page.locator(".notice")).to_contain_text("keine Antwort gefunden")
    expect(page.get_by_role("button", name="Ändern")).to_be_visible()
    page.get_by_label("Ihre Frage").fill(FOUNDED)
    page.keyboard.press("Enter")
    mark = page.locator("button.mark").last
    expect(mark).to_have_attribute("aria-label", re.compile("Quelle:"))
    mark.click()
    expect(page.get_by_role("button", name="Link zu dieser Stelle kopieren")).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_rare_notices_are_in_the_language_of_the_browser(visit: Visit) -> None:
    page = visit(locale="de-DE").page
    unread = "localStorage.setItem(`assistant.conversation.${assistantTabs.current()}`, '{\"signed\": 7}')"
    page.evaluate(unread)
    page.reload()
    expect(page.locator(".word")).to_contain_text("keine Signatur dieses Servers")
    page.get_by_label("Ihre Frage").fill("Hello!")
    page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text(
        "Guten Tag! Fragen Sie mich etwas über “The Shanghai"
    )
