"""Thumbs and comments: said, changed and taken back by a reader, kept for the owner."""

import json
from collections.abc import Iterator
from dataclasses import replace

import gradio as gr
import pytest
from playwright.sync_api import Locator, Page, expect

from assistant import Assistant, Settings
from assistant.web.chat.conversation import (
    Conversation,
    Exchange,
    State,
    Verdict,
    read_conversation,
)
from assistant.web.chat.handlers import Handlers
from assistant.web.citation_checks import CitationChecks
from assistant.web.concurrency import AnsweringLimit
from assistant.web.strings import load_strings
from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE, Visit
from tests.web.chat.test_looks import scrolls_sideways, violations_light_and_dark

QUESTIONS = AnsweringLimit(4, 64)


@pytest.fixture(autouse=True)
def _no_feedback_of_another_test(assistant: Assistant) -> Iterator[None]:
    assistant.delete_all_feedback()
    yield
    assistant.delete_all_feedback()


def thumb(page: Page, name: str, exchange: int = -1) -> Locator:
    return page.locator(".exchange").nth(exchange).get_by_role("button", name=name, exact=True)


def test_a_thumb_is_kept_shown_and_there_after_a_reload(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    expect(thumb(page, "Helpful")).to_have_attribute("aria-pressed", "false")
    thumb(page, "Helpful").click()
    expect(thumb(page, "Helpful")).to_have_attribute("aria-pressed", "true")
    expect(thumb(page, "Not helpful")).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#toast")).to_have_text("Thank you for your feedback")
    (said,) = assistant.feedback()
    assert (said.question, said.helpful, said.comment) == (FOUNDED, True, "")
    assert "2001" in said.answer
    assert said.citations
    assert said.unchecked == ()
    reader.open()
    expect(thumb(page, "Helpful")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".verdict")).to_contain_text("Saved as helpful,")


def test_a_verdict_is_changed_commented_and_taken_back(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    thumb(page, "Helpful").click()
    expect(page.locator(".verdict")).to_contain_text("Saved as helpful,")
    thumb(page, "Not helpful").click()
    expect(page.locator(".verdict")).to_contain_text("Saved as not helpful,")
    comment = page.get_by_label("What was right, wrong or missing?")
    comment.fill("Which day? <b>bold</b>")
    page.get_by_role("button", name="Send comment").click()
    expect(page.locator(".commented")).to_have_text("Which day? <b>bold</b>")
    (said,) = assistant.feedback()
    assert (said.helpful, said.comment) == (False, "Which day? <b>bold</b>")
    reader.open()
    expect(page.locator(".commented")).to_have_text("Which day? <b>bold</b>")
    page.locator(".verdict").get_by_role("button", name="Undo").click()
    expect(page.locator(".verdict")).to_have_count(0)
    expect(thumb(page, "Not helpful")).to_have_attribute("aria-pressed", "false")
    assert assistant.feedback() == []


def test_pressing_a_pressed_thumb_takes_it_back(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    reader.ask(UNANSWERABLE)
    thumb(reader.page, "Not helpful").click()
    expect(thumb(reader.page, "Not helpful")).to_have_attribute("aria-pressed", "true")
    thumb(reader.page, "Not helpful").click()
    expect(thumb(reader.page, "Not helpful")).to_have_attribute("aria-pressed", "false")
    assert assistant.feedback() == []


def test_thumbs_and_comment_work_by_keyboard_and_keep_the_focus(
    visit: Visit, assistant: Assistant
) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    thumb(page, "Not helpful").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict")).to_be_visible()
    expect(thumb(page, "Not helpful")).to_be_focused()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TEXTAREA":
            break
    page.keyboard.type("No day is named")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".commented")).to_have_text("No day is named")
    expect(page.locator(".verdict summary")).to_be_focused()
    assert assistant.feedback()[0].comment == "No day is named"


def test_each_answer_has_a_verdict_of_its_own_and_a_half_written_comment_stays(
    visit: Visit, assistant: Assistant
) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    reader.ask(UNANSWERABLE)
    thumb(page, "Not helpful", 0).click()
    comment = page.locator(".exchange").nth(0).get_by_label("What was right, wrong or missing?")
    comment.fill("half a sent")
    thumb(page, "Helpful", 1).click()
    expect(thumb(page, "Helpful", 1)).to_have_attribute("aria-pressed", "true")
    expect(comment).to_have_value("half a sent")
    expect(comment).to_be_visible()
    assert [said.helpful for said in assistant.feedback()] == [False, True]
    reader.ask("hello")
    expect(page.locator(".exchange").last.locator(".thumb")).to_have_count(0)
    expect(comment).to_have_value("half a sent")


def test_a_phone_shows_thumbs_and_comment_whole(visit: Visit) -> None:
    reader = visit(viewport=PHONE, reduced_motion="reduce")
    page = reader.page
    reader.ask(FOUNDED)
    thumb(page, "Not helpful").click()
    expect(page.get_by_label("What was right, wrong or missing?")).to_be_visible()
    assert not scrolls_sideways(page)
    assert violations_light_and_dark(page) == []


def answered(assistant: Assistant) -> Exchange:
    return Exchange(FOUNDED, State.ANSWERED, assistant.ask(FOUNDED))


def event(**wish: object) -> gr.EventData:
    return gr.EventData(None, wish)


def rated(handlers: Handlers, conversation: Conversation, **wish: object) -> Conversation:
    kept, *_ = handlers.rate(handlers.seals.seal(conversation), event(**wish))
    return handlers.seals.unseal(kept, CitationChecks(handlers._assistant), 2000)


def test_quotes_that_a_browser_altered_are_kept_as_unchecked(assistant: Assistant) -> None:
    exchange = answered(assistant)
    assert exchange.answer
    first, *others = exchange.answer.citations
    forged = replace(first, quote="The SCO was founded in 1999.", title="Forged")
    said, *further = exchange.answer.statements
    answer = replace(
        exchange.answer,
        question="Another question?",
        statements=(replace(said, text=forged.quote, highlight=None), *further),
        citations=(forged, *others),
    )
    conversation = Conversation((replace(exchange, answer=answer),))
    rated(Handlers(assistant, QUESTIONS), conversation, index=0, helpful=True)
    (kept,) = assistant.feedback()
    assert kept.unchecked == (1,)
    assert kept.question == FOUNDED


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"index": 1, "helpful": True},
        {"index": -1, "helpful": True},
        {"index": True, "helpful": True},
        {"index": "0", "helpful": True},
        {"index": 0, "helpful": "yes"},
        {"index": 0},
    ],
)
def test_a_wish_that_makes_no_sense_keeps_nothing(
    assistant: Assistant, wish: dict[str, object]
) -> None:
    conversation = Conversation((answered(assistant),))
    handlers = Handlers(assistant, QUESTIONS)
    assert rated(handlers, conversation, **wish).exchanges[0].verdict is None
    handlers.unrate(handlers.seals.seal(conversation), event(**wish))
    assert assistant.feedback() == []


def test_a_comment_that_is_too_long_is_refused_with_a_word_below_the_answer(
    assistant: Assistant,
) -> None:
    conversation = Conversation((answered(assistant), answered(assistant)))
    handlers = Handlers(assistant, QUESTIONS)
    shown = handlers.rate(
        handlers.seals.seal(conversation), event(index=0, helpful=True, comment="x" * 2001)
    )
    before, _, after = shown[1].partition("at most 2,000 are allowed")
    assert before.count('<article class="exchange"') == 1
    assert after.count('<article class="exchange"') == 1
    assert assistant.feedback() == []


def test_nobody_changes_the_feedback_of_others_without_its_id(assistant: Assistant) -> None:
    others = assistant.give_feedback(assistant.ask(FOUNDED), True, "mine")
    exchange = replace(answered(assistant), verdict=Verdict("guessed", True))
    conversation = rated(
        Handlers(assistant, QUESTIONS), Conversation((exchange,)), index=0, helpful=False
    )
    assert others in assistant.feedback()
    assert conversation.exchanges[0].verdict
    assert conversation.exchanges[0].verdict.id not in ("guessed", others.id)


def test_a_file_that_cannot_be_written_is_told_without_its_path(
    settings: Settings, assistant: Assistant, caplog: pytest.LogCaptureFixture
) -> None:
    conversation = Conversation((answered(assistant),))
    folder = settings.model_copy(update={"feedback_file": settings.index})
    with Assistant(folder) as unable:
        handlers = Handlers(unable, QUESTIONS)
        shown = handlers.rate(handlers.seals.seal(conversation), event(index=0, helpful=True))
    assert load_strings("chat")("not_saved") in shown[1]
    assert str(settings.index) not in shown[1]
    assert "Feedback was not saved." in caplog.text


def test_words_that_are_not_those_of_the_quote_are_not_believed(assistant: Assistant) -> None:
    conversation = Conversation((answered(assistant),))
    kept = json.loads(json.dumps(conversation.to_browser()))
    passages = CitationChecks(assistant)
    assert read_conversation(kept, passages, 2000).exchanges
    kept["exchanges"][0]["answer"]["statements"][0]["text"] = "It was founded in 1999."
    kept["exchanges"][0]["answer"]["statements"][0]["highlight"] = None
    assert read_conversation(kept, passages, 2000).notice == load_strings("chat")(
        "conversation_dropped"
    )
