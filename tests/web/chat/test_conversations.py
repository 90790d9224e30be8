"""The conversations of a browser: one for each tab, in a list that the server never sees."""

import re

from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import BrowserContext, expect

from assistant import Assistant
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.conversation_signing import ConversationSigner, installation_key
from assistant.web.chat.exporting import export_routes
from tests import patient
from tests.web.browsing import DESKTOP, FOUNDED, PHONE, UNANSWERABLE, Reader, Visit
from tests.web.chat.test_looks import violations


def second_tab(context: BrowserContext, address: str) -> Reader:
    return Reader.listening(context.new_page(), address).open()


def test_each_tab_has_a_conversation_of_its_own_and_both_are_listed(visit: Visit) -> None:
    one = visit(viewport=DESKTOP)
    one.ask(FOUNDED)
    other = second_tab(one.page.context, one.address)
    expect(other.page.locator(".exchange")).to_have_count(0)
    other.ask(UNANSWERABLE)
    one.page.reload()
    expect(one.page.locator(".asked")).to_have_text(FOUNDED)
    one.page.get_by_role("button", name="Chats").click()
    entries = one.page.locator("#conversation-list .entry")
    expect(entries).to_have_text([UNANSWERABLE, FOUNDED])
    entries.first.click()
    expect(one.page.locator(".asked")).to_have_text(UNANSWERABLE)
    # the other tab goes on with a copy, and writes over nothing
    other.ask(FOUNDED)
    one.page.reload()
    expect(one.page.locator(".asked")).to_have_text([UNANSWERABLE])
    other.page.close()


def test_conversations_are_searched_renamed_exported_and_deleted(visit: Visit) -> None:
    reader = visit(viewport=DESKTOP)
    page = reader.page
    reader.ask(FOUNDED)
    page.get_by_role("button", name="Chats").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    assert violations(page) == []
    dialog.get_by_role("button", name=f"Rename: {FOUNDED}").click()
    dialog.get_by_label("Rename", exact=True).fill("The founding")
    page.keyboard.press("Enter")
    entries = dialog.locator(".entry")
    expect(entries).to_have_text("The founding")
    with page.expect_download() as downloading:
        dialog.get_by_role("button", name="Export all").click()
    assert f"## {FOUNDED}" in downloading.value.path().read_text(encoding="utf-8")
    dialog.get_by_label("Search conversations").fill("whales")
    expect(entries).to_have_count(0)
    dialog.get_by_label("Search conversations").fill("SCO founded")  # words of the question
    expect(entries).to_have_count(1)
    dialog.get_by_role("button", name="Delete: The founding").click()
    expect(page.locator(".start")).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(0)


def test_each_conversation_in_one_file_has_footnotes_of_its_own(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    page.get_by_role("button", name="Chats").click()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".exchange")).to_have_count(0)
    reader.ask("What is the Shanghai Spirit?")
    page.get_by_role("button", name="Chats").click()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Export all").click()
    text = downloading.value.path().read_text(encoding="utf-8")
    notes = re.findall(r"^(\[\^[\d-]+\]):", text, re.MULTILINE)
    assert notes[0] == "[^1-1]"
    assert "[^2-1]" in notes
    assert len(set(notes)) == len(notes)
    assert all(text.count(note) > 1 for note in notes)


def test_light_and_dark_are_chosen_and_kept(visit: Visit) -> None:
    page = visit(color_scheme="light").page
    page.get_by_role("button", name="Chats").click()
    page.get_by_label("Colours").select_option("dark")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.reload()
    expect(page.locator("#log .log")).to_be_visible()
    expect(page.locator("body.dark")).to_have_count(1)


def test_back_closes_what_is_open_and_stays_on_the_page(visit: Visit) -> None:
    reader = visit(viewport=PHONE)
    page = reader.page
    reader.ask(FOUNDED)
    page.locator("button.mark").first.click()
    sheet = page.get_by_role("dialog", name="Source")
    expect(sheet).to_be_visible()
    page.go_back()
    expect(sheet).to_be_hidden()
    page.get_by_role("button", name="Chats").click()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".exchange")).to_have_count(1)


def test_targets_are_large_enough_for_fingers(visit: Visit) -> None:
    reader = visit(viewport=PHONE, has_touch=True)
    reader.ask(UNANSWERABLE)
    low = reader.page.evaluate(
        """[...document.querySelectorAll("button, input, select, summary")]
        .filter((one) => one.checkVisibility() && one.offsetHeight && !one.matches(".mark"))
        .filter((one) => one.offsetHeight < 40).map((one) => one.outerHTML.slice(0, 80))"""
    )
    assert low == []


def test_at_400_per_cent_there_is_room_to_read(visit: Visit) -> None:
    reader = visit(viewport={"width": 320, "height": 200})
    reader.ask(FOUNDED)
    answer = reader.page.locator(".said")
    answer.scroll_into_view_if_needed()
    expect(answer).to_be_in_viewport(ratio=0.6)


def test_the_export_takes_only_what_the_server_signed(assistant: Assistant, address: str) -> None:
    seals = ConversationSigner(installation_key(assistant.settings.index))
    answered = Exchange("Why?", State.ANSWERED, assistant.ask(FOUNDED))
    sent = seals.seal(Conversation((answered,)))
    app = FastAPI()
    app.include_router(export_routes(assistant))
    exported = TestClient(app).post("/chat-export", json=sent)
    assert exported.headers["content-type"].startswith("text/markdown")
    assert "## Why?" in exported.text
    invented = ConversationSigner(b"another key").seal(Conversation((answered,)))
    assert "## Why?" not in patient.post(f"{address}/chat-export", json=invented).text
    assert patient.post(f"{address}/chat-export", json={"signed": 1}).status_code == 422
