"""When the server was away, and when the browser refuses storage: said, and recovered from."""

from playwright.sync_api import expect

from assistant import Assistant
from tests.web.browsing import FOUNDED, served
from tests.web.widget.conftest import Embed
from tests.web.widget.embedding import page_with

SPIRIT = "What is the Shanghai Spirit?"


def test_a_restart_of_the_server_is_said_and_loses_neither_conversation_nor_question(
    embed: Embed, embeddable: Assistant, free_tcp_port: int
) -> None:
    with served(embeddable, free_tcp_port) as address:
        visitor = embed(page_with(f"{address}/widget.js"))
        visitor.open()
        visitor.ask(FOUNDED)
        box = visitor.chat.get_by_label("Your question")
        box.press_sequentially(SPIRIT)
        visitor.page.wait_for_timeout(400)
    box.press("Enter")
    away = visitor.chat.get_by_role("alert").filter(has_text="Your question is kept")
    expect(away).to_be_visible()
    with served(embeddable, free_tcp_port):
        expect(away).to_have_count(0, timeout=20_000)
        visitor.wait_until_ready()
        expect(visitor.mark).to_be_visible()
        visitor.wait_for_answer(SPIRIT)
        expect(visitor.chat.locator(".exchange")).to_have_count(2)
        expect(box).to_have_value("")
    visitor.reader.complaints.clear()  # the browser reports each attempt in vain


def test_a_panel_opened_while_the_server_is_away_says_so_and_comes_up_with_it(
    embed: Embed, embeddable: Assistant, free_tcp_port: int
) -> None:
    with served(embeddable, free_tcp_port) as address:
        visitor = embed(page_with(f"{address}/widget.js"))
        expect(visitor.launcher).to_be_visible()
    visitor.launcher.click()
    expect(visitor.word).to_contain_text("is not responding", timeout=15_000)
    with served(embeddable, free_tcp_port):
        visitor.wait_until_ready()
        expect(visitor.word).to_be_empty()
        visitor.ask(FOUNDED)
    visitor.reader.complaints.clear()


def test_where_storage_is_refused_everything_works_until_the_page_is_left(embed: Embed) -> None:
    visitor = embed()
    visitor.open()
    frame = next(one for one in visitor.page.frames if "/widget" in one.url)
    assert frame.evaluate("Object.hasOwn(localStorage, 'setItem')")  # the frame's own, in memory
    visitor.ask(FOUNDED)
    visitor.page.keyboard.press("Escape")
    visitor.launcher.click()
    expect(visitor.chat.locator(".exchange")).to_have_count(1)
    visitor.page.reload()
    visitor.open()
    expect(visitor.chat.locator(".start")).to_be_visible()


def test_where_storage_is_granted_the_conversation_is_kept(embed: Embed, server: str) -> None:
    same_site = server.replace("127.0.0.1", "localhost")  # of which browsers refuse nothing
    visitor = embed(page_with(f"{same_site}/widget.js"))
    visitor.open()
    visitor.ask(FOUNDED)
    expect(visitor.chat.locator(".actions")).to_be_visible()
    visitor.page.wait_for_timeout(500)
    visitor.page.reload()
    visitor.open()
    expect(visitor.chat.locator(".exchange")).to_have_count(1)
    expect(visitor.mark).to_be_visible()
    frame = next(one for one in visitor.page.frames if "/widget" in one.url)
    frame.evaluate("localStorage.clear()")
