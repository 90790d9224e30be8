"""What the documentation says about the widget works, on a page of another site."""

import re

from playwright.sync_api import ConsoleMessage, expect

from assistant.web.widget.widget_pages import FOLDER
from tests.documentation.pages import blocks, text_of
from tests.web.browsing import FOUNDED
from tests.web.widget.conftest import ATTRIBUTES, Embed
from tests.web.widget.embedding import Site

HOST = "https://assistant.example.org"


PAGE = "docs/widget.md"


def test_the_line_the_policy_and_the_script_do_what_the_page_says(
    embed: Embed, site: Site, server: str
) -> None:
    line, script, policy = (blocks(PAGE, kind)[0].code for kind in ("html", "js", "text"))
    policy = f"default-src 'none'; img-src data:; {policy.strip()}"
    site.headers["content-security-policy"] = policy.replace(HOST, server)
    icon = '<link rel="icon" href="data:,">'
    page = f"<!doctype html><html lang='en'><title>A site</title>{icon}<body>{line}</body></html>"
    visitor = embed(page.replace(HOST, server))
    expect(visitor.launcher).to_have_text("Ask this article")
    visitor.page.evaluate(script)  # asks, and closes before there is an answer
    expect(visitor.panel).to_be_hidden()

    def told(said: ConsoleMessage) -> bool:
        return said.text.startswith(f"{FOUNDED} answered [")

    with visitor.page.expect_console_message(told):
        visitor.open()
        visitor.wait_for_answer(FOUNDED)


def test_every_page_shows_the_same_line() -> None:
    assert {block.code for block in blocks(language="html")} == {blocks(PAGE, "html")[0].code}


def test_the_attributes_on_the_page_are_those_that_exist() -> None:
    rows = re.findall(r"^\| (`data-.*?) \|", text_of(PAGE), re.MULTILINE)
    assert sorted(re.findall(r"data-(\w+)", " ".join(rows))) == sorted(ATTRIBUTES)
    options = re.search(r'OPTIONS = "(.*?)"', (FOLDER / "static/widget.js").read_text())
    assert options
    assert sorted(options[1].split()) == sorted(ATTRIBUTES)
