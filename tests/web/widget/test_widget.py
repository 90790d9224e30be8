"""What a reader does with the widget on a page of another origin than the server's."""

import httpx
import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.web.widget.widget_pages import (
    PASSAGES,
    WIDGET,
    script_version,
    widget_script,
)
from tests import patient
from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE, article_id
from tests.web.widget.conftest import Embed

SCRIPTS = {WIDGET: "/widget.js", PASSAGES: "/widget/static/passages.js"}


@pytest.mark.parametrize(("name", "path"), SCRIPTS.items())
def test_a_script_is_sent_compressed_with_at_most_five_kilobytes(
    server: str, name: str, path: str
) -> None:
    for encoding in ("br", "gzip", "identity"):
        script = patient.get(server + path, headers={"accept-encoding": encoding})
        assert script.text == widget_script(name)
        assert script.headers.get("content-encoding", "identity") == encoding
        assert script.headers["vary"].startswith("Accept-Encoding, Referer")
        assert encoding == "identity" or int(script.headers["content-length"]) <= 5000
    refused = patient.get(server + path, headers={"accept-encoding": "br;q=0, gzip"})
    assert refused.headers["content-encoding"] == "gzip"
    assert script.headers["content-type"].startswith("text/javascript")
    assert script.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(("name", "path"), SCRIPTS.items())
def test_a_version_of_a_script_is_kept_for_a_year_and_head_is_answered(
    server: str, name: str, path: str
) -> None:
    known = httpx.head(server + path, params={"v": script_version(name)})
    assert (known.status_code, known.text) == (200, "")
    assert known.headers["cache-control"] == "public, max-age=31536000, immutable"
    for params in ({}, {"v": "old"}):
        other = patient.get(server + path, params=params)
        assert other.headers["cache-control"] == "public, max-age=300"


def test_the_script_names_the_version_of_the_other_one() -> None:
    assert f'"widget/static/passages.js?v={script_version(PASSAGES)}"' in widget_script()


def test_a_page_loads_nothing_but_the_script_before_the_panel_is_opened(
    embed: Embed, server: str
) -> None:
    visitor = embed()
    expect(visitor.launcher).to_be_visible()
    visitor.page.wait_for_timeout(500)
    assert visitor.reader.requests == [f"{visitor.reader.address}/", f"{server}/widget.js"]
    visitor.open()
    outside = [url for url in visitor.reader.outside() if not url.startswith(server)]
    assert outside == []


def test_the_page_is_told_of_an_answer_that_came_before_its_waiting_was_drawn(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    visitor.page.frames[1].evaluate(
        "() => { const soon = requestAnimationFrame;"
        "window.requestAnimationFrame = (draw) => setTimeout(() => soon(draw), 2000) }"
    )
    visitor.ask(FOUNDED)
    assert [one["name"] for one in visitor.page.evaluate("heard")] == ["open", "answer"]


def test_a_question_is_answered_with_citations_and_the_page_is_told(
    embed: Embed, assistant: Assistant
) -> None:
    visitor = embed(heading="Ask this article")
    visitor.open()
    visitor.ask(FOUNDED)
    expect(visitor.mark).to_have_text("[1]")
    text = assistant.document(article_id(assistant)).text
    opened, told = visitor.page.evaluate("heard")
    assert opened == {"name": "open", "detail": None}
    assert (told["name"], told["detail"]["question"]) == ("answer", FOUNDED)
    assert told["detail"]["status"] == "answered"
    assert [citation["number"] for citation in told["detail"]["citations"]] == [1]
    assert told["detail"]["citations"][0]["quote"] in text
    visitor.ask(UNANSWERABLE)
    assert visitor.page.evaluate("heard.at(-1).detail") == {
        "question": UNANSWERABLE,
        "status": "not_found",
        "citations": [],
    }


def test_a_citation_of_another_page_opens_the_source_in_the_panel(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    visitor.ask(FOUNDED)
    visitor.mark.click()
    passage = visitor.chat.get_by_role("dialog", name="Source").locator("mark#passage")
    expect(passage).to_be_in_viewport()
    expect(passage).to_contain_text("founded in 2001")
    assert visitor.highlighted() == []
    visitor.page.keyboard.press("Escape")  # closes the source, not the panel
    expect(visitor.mark).to_be_focused()
    expect(visitor.panel).to_be_visible()


PLACE = """(({ top, bottom }) => [top, bottom])(
    [...CSS.highlights.get('assistant-chat')][0].getBoundingClientRect())"""


def test_a_citation_of_this_page_is_highlighted_on_it(
    embed: Embed, article: dict[str, str], server: str
) -> None:
    visitor = embed(**article)
    visitor.open()
    visitor.ask(FOUNDED)
    quote = visitor.chat.locator(".quote").first.text_content()
    before = visitor.page.evaluate("document.querySelector('main').innerHTML")
    visitor.mark.click()
    expect(visitor.chat.locator("#toast")).to_have_text("Shown on the page")
    assert visitor.highlighted() == [quote]
    assert visitor.page.evaluate("document.querySelector('main').innerHTML") == before
    top, bottom = visitor.page.evaluate(PLACE)
    assert 0 <= top < bottom <= 800
    expect(visitor.chat.get_by_role("dialog", name="Source")).to_be_hidden()
    visitor.wait_until_still()
    visitor.chat.get_by_role("button", name="Copy link to this passage").click()
    expect(visitor.chat.locator("#toast")).to_have_text("Link copied")
    copied = visitor.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{server}/?document=")  # the article has no address of its own
    visitor.mark.click()
    expect(visitor.chat.get_by_role("button", name="Copy link to this passage")).to_have_count(1)


def test_everything_can_be_done_with_the_keyboard_alone(embed: Embed) -> None:
    visitor = embed(body='<p>Text</p><a id="link" href="#">A link before</a>')
    page = visitor.page
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    page.locator("#link").focus()
    page.keyboard.press("Tab")
    expect(visitor.launcher).to_be_focused()
    page.keyboard.press("Enter")
    visitor.wait_until_ready()
    expect(visitor.launcher).to_have_attribute("aria-expanded", "true")
    expect(visitor.chat.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(FOUNDED)
    page.keyboard.press("Enter")
    visitor.wait_for_answer(FOUNDED)
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if visitor.mark.evaluate("(mark) => mark === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(visitor.chat.locator("#passage")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visitor.mark).to_be_focused()
    page.keyboard.press("Escape")  # closes the quote that the focused mark shows
    page.keyboard.press("Escape")
    expect(visitor.panel).to_be_hidden()
    assert visitor.focused() == ["assistant-chat", "launcher"]
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    assert [one["name"] for one in page.evaluate("heard")] == ["open", "answer", "close"]


def test_on_a_phone_the_panel_has_the_whole_screen_and_gives_it_back(
    embed: Embed, article: dict[str, str]
) -> None:
    visitor = embed(viewport=PHONE, **article)
    visitor.open()
    assert visitor.panel.bounding_box() == {"x": 0, "y": 0, **PHONE}
    visitor.ask(FOUNDED)
    visitor.mark.click()
    expect(visitor.panel).to_be_hidden()  # it would cover the passage
    assert "founded in 2001" in visitor.highlighted()[0]
    visitor.page.wait_for_function("!history.state")  # gone back
    visitor.page.wait_for_timeout(300)
    top, bottom = visitor.page.evaluate(PLACE)
    assert 0 <= top < bottom <= PHONE["height"] - 56
    visitor.open()
    visitor.panel.get_by_role("button", name="Close").click()
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_be_focused()
