"""The page at ``/widget/demo``: the widget on an article, its knobs, and the line to copy."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.testing import document_of
from assistant.text.media_types import MARKDOWN
from assistant.web.widget.demo import article_of
from assistant.web.widget.widget_pages import script_version
from tests import patient
from tests.web.browsing import DESKTOP, FOUNDED, PHONE, article_id
from tests.web.widget.conftest import Embed
from tests.web.widget.embedding import Site, Visitor


@pytest.fixture
def at_demo(embed: Embed, server: str, assistant: Assistant) -> Visitor:
    """A browser that has never been here: the demo is the chat's own site, where storage is kept."""
    path = f"/widget/demo?document={article_id(assistant)}"
    return embed(at=Site(server), path=path, viewport=DESKTOP)


def test_the_article_is_the_page_on_which_its_citations_are_shown(at_demo: Visitor) -> None:
    expect(at_demo.page.locator("article")).to_contain_text("founded in 2001")
    at_demo.open()
    at_demo.ask(FOUNDED)
    at_demo.mark.click()
    expect(at_demo.chat.locator("#toast")).to_have_text("Shown on the page")
    assert "founded in 2001" in at_demo.highlighted()[0]
    expect(at_demo.page.locator("#events li")).to_have_text(
        ["assistant-open", f"assistant-answer: “{FOUNDED}”, answered, 1 cited"]
    )


def test_what_is_chosen_is_seen_on_the_widget_and_stands_in_the_line(
    at_demo: Visitor, server: str
) -> None:
    page = at_demo.page
    snippet = page.locator("#snippet")
    version = script_version()
    expect(snippet).to_have_text(f'<script async src="{server}/widget.js?v={version}"></script>')
    page.get_by_label("Heading").fill('Ask "us" & <them>')
    expect(at_demo.launcher).to_have_text('Ask "us" & <them>')
    page.get_by_label("Corner").select_option("top-left")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Suggested questions").fill("When?\n\nWhere?")
    page.get_by_label("Open from the start").check()
    expect(at_demo.panel).to_be_visible()
    at_demo.wait_until_ready()
    expect(at_demo.chat.locator(".suggestion")).to_have_text(["When?", "Where?"])
    line = snippet.text_content() or ""
    page.set_content(f"<body>{line}</body>")  # as pasted elsewhere
    assert page.evaluate("({ ...document.querySelector('body script').dataset })") == {
        "heading": 'Ask "us" & <them>',
        "questions": "When? | Where?",
        "position": "top-left",
        "theme": "dark",
        "open": "",
    }


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_page_fits_its_window(embed: Embed, server: str, viewport: dict[str, int]) -> None:
    visitor = embed(at=Site(server), path="/widget/demo", viewport=viewport)
    expect(visitor.launcher).to_be_visible()
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


def test_an_unknown_document_is_said_on_the_page(server: str) -> None:
    found = patient.get(f"{server}/widget/demo", params={"document": "<b>none"})
    assert found.status_code == 404
    assert "names a document that is not in the index" in found.text
    assert "<b>none" not in found.text


def test_the_article_is_laid_out_without_marks_and_its_title_is_not_repeated() -> None:
    text = (
        "# The mill\n\n## Weather\n\nIt rained.\nAll day.\n\n   \n\n#hashtag\n\n- <b>wet</b>\n\n"
        "| Day | Rain |\n| --- | --- |\n| Monday | 4 mm |\n"
    )
    document = document_of(text, "mill.md", "The mill")
    article = article_of(replace(document, media_type=MARKDOWN))
    assert article.title == "The mill"
    for shown in (
        "<h2>Weather</h2>",
        "<p>It rained.\nAll day.</p>",
        "<p>#hashtag</p>",
        '<li class="depth-0 bullet">&lt;b&gt;wet&lt;/b&gt;</li>',
        "<td>Monday</td><td>4 mm</td>",
    ):
        assert shown in article.text
    assert "The mill" not in article.text
    assert "|" not in article.text
    assert article.address.startswith("../")
