"""The widget suits the page around it: its language, its direction, its colours and its keys."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE
from tests.web.widget.conftest import Embed
from tests.web.widget.embedding import page_with

PAGE = page_with("SERVER/widget.js")


@pytest.mark.parametrize(
    ("lang", "label"),
    [("de-AT", "Frage stellen"), ("fr", "Poser une question"), ("xx", "Ask a question")],
)
def test_the_page_chooses_the_language(embed: Embed, server: str, lang: str, label: str) -> None:
    page = PAGE.replace("SERVER", server).replace('lang="en"', f'lang="{lang}"')
    expect(embed(page).launcher).to_have_text(label)


def test_a_page_that_reads_from_right_to_left_is_followed(embed: Embed, server: str) -> None:
    page = PAGE.replace("SERVER", server).replace('lang="en"', 'lang="ar" dir="rtl"')
    visitor = embed(page)
    expect(visitor.launcher).to_have_attribute("dir", "rtl")


@pytest.mark.parametrize(
    ("style", "is_dark"),
    [
        ("body { background: #111 }", True),
        ("html { background: #fafafa }", False),
        (":root { color-scheme: dark }", True),
        ("", False),
        ("body { background: oklch(0.2 0 0) }", True),
        ("body { background: color(display-p3 0.95 0.95 0.9) }", False),
        ("main { background: #123; height: 100vh; position: fixed; inset: 0 }", True),
        ("body { background: #222 } main { background: #fff; position: fixed; inset: 0 }", False),
        ("h1 { background: #000; height: 120px; margin: 20vh 20vw }", False),
        ("body { background: rgb(0 0 0 / 10%) }", False),
    ],
)
def test_by_itself_the_widget_has_the_colours_of_the_page_and_not_of_the_system(
    embed: Embed, style: str, is_dark: bool
) -> None:
    visitor = embed(color_scheme="light" if is_dark else "dark", head=f"<style>{style}</style>")
    visitor.open()
    classes = re.compile(r"\bdark\b")
    body = visitor.chat.locator("body")
    (expect(body).to_have_class if is_dark else expect(body).not_to_have_class)(classes)
    scheme = visitor.launcher.evaluate("(one) => getComputedStyle(one).colorScheme")
    assert scheme == ("dark" if is_dark else "light")


@pytest.mark.parametrize(
    "turn",
    [
        "document.body.className = 'night'",
        "document.querySelector('main').className = 'night'",
        "document.body.className = 'slow night'",
        "document.querySelector('main').innerHTML = '<div class=night></div>'",
        "",
    ],
)
def test_a_page_that_turns_dark_is_followed(embed: Embed, turn: str) -> None:
    style = (
        ".night { background: #000; position: fixed; inset: 0 } .slow { transition: all 0.3s }"
        "@media (prefers-color-scheme: dark) { body { background: #000 } }"
    )
    visitor = embed(head=f"<style>{style}</style>", color_scheme="light")
    visitor.open()
    dark = re.compile(r"\bdark\b")
    visitor.page.wait_for_timeout(800)  # it has looked twice
    expect(visitor.chat.locator("body")).not_to_have_class(dark)
    if turn:
        visitor.page.evaluate(turn)
    else:
        visitor.page.emulate_media(color_scheme="dark")
    expect(visitor.chat.locator("body")).to_have_class(dark)


@pytest.mark.parametrize("key", ["Control+k", "Meta+K"])
def test_a_key_opens_and_closes_it_only_where_the_page_wants_that(embed: Embed, key: str) -> None:
    visitor = embed(shortcut="")
    expect(visitor.launcher).to_be_visible()
    visitor.page.keyboard.press(key)
    visitor.wait_until_ready()
    expect(visitor.chat.get_by_label("Your question")).to_be_focused()
    visitor.page.keyboard.press(key)  # the focus is in the frame
    expect(visitor.panel).to_be_hidden()
    expect(visitor.launcher).to_have_attribute("aria-expanded", "false")
    plain = embed()
    expect(plain.launcher).to_be_visible()
    plain.page.keyboard.press("Control+k")
    plain.page.wait_for_timeout(300)
    expect(plain.panel).to_be_hidden()
    plain.open()
    expect(plain.chat.get_by_label("Your question")).to_be_focused()
    plain.page.keyboard.press("Control+k")
    plain.page.wait_for_timeout(300)
    expect(plain.panel).to_be_visible()


def test_a_person_is_offered_after_an_answer_that_did_not_help(embed: Embed) -> None:
    visitor = embed(contact="mailto:help@site.example")
    visitor.open()
    visitor.ask(FOUNDED)
    contact = visitor.chat.get_by_role("link", name="Talk to a person")
    expect(contact).to_have_count(0)
    visitor.ask(UNANSWERABLE)
    expect(contact).to_have_attribute("href", "mailto:help@site.example")
    hostile = embed(contact="javascript:alert(1)")
    hostile.open()
    hostile.ask(UNANSWERABLE)
    expect(hostile.chat.get_by_role("link", name="Talk to a person")).to_have_count(0)


def test_back_closes_the_panel_on_a_phone_and_stays_on_the_page(embed: Embed) -> None:
    visitor = embed(viewport=PHONE)
    address = visitor.page.url
    visitor.open()
    visitor.page.go_back()
    expect(visitor.panel).to_be_hidden()
    assert visitor.page.url == address
    expect(visitor.launcher).to_be_visible()


def test_the_chat_in_the_frame_speaks_the_language_of_the_page_around(
    embed: Embed, server: str
) -> None:
    page = page_with(f"{server}/widget.js").replace('lang="en"', 'lang="fr"')
    visitor = embed(page)
    expect(visitor.launcher).to_have_text("Poser une question")
    visitor.open()
    question = visitor.chat.get_by_label("Votre question")
    question.fill("How do I bake sourdough bread?")
    question.press("Enter")
    expect(visitor.chat.locator(".notice")).to_contain_text("aucune réponse")
