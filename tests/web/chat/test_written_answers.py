"""The chat with a language model, in a real browser: its server speaks OpenAI's protocol, by a script."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import gradio as gr
import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from assistant import Assistant, Encoder, Settings
from assistant.web.chat.conversation import Conversation
from assistant.web.chat.handlers import NOTHING_NEW, Handlers
from assistant.web.concurrency import AnsweringLimit
from assistant.web.strings import load_strings
from tests import patient
from tests.chat_server import ChatServer, chat_server
from tests.in_thread import run
from tests.web.browsing import PHONE, Reader, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations

KEY = "sk-very-secret-0123456789"
SIGNED = "What was signed in 2003?"
TRUE = "The Program of Multilateral Trade and Economic Cooperation was signed in Beijing in 2003."
FALSE = "The program was signed in Moscow in 1999."
LATER = "Mongolia became the first observer in 2004."

Chat = Callable[..., Reader]


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with chat_server() as started, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        yield started


@pytest.fixture(scope="module")
def writing(
    settings: Settings, assistant: Assistant, encoder: Encoder, server: ChatServer
) -> Iterator[Callable[[str], Assistant]]:
    """The assistant with the model, for each of what may become of unsupported sentences."""
    assert assistant.documents()
    with ExitStack() as stack:

        @cache
        def make(unsupported: str) -> Assistant:
            changed = {
                "chat_model": "served",
                "chat_model_base_url": server.address,
                "chat_retries": 0,
                "unsupported": unsupported,
            }
            made = Assistant(settings.model_copy(update=changed), encoder)
            return stack.enter_context(made)

        yield make


@pytest.fixture(scope="module")
def addresses(writing: Callable[[str], Assistant]) -> Iterator[Callable[[str], str]]:
    """The addresses of the chat over these assistants."""
    with ExitStack() as stack:
        yield cache(lambda unsupported: stack.enter_context(served(writing(unsupported))))


@pytest.fixture
def chat(visit: Visit, addresses: Callable[[str], str], server: ChatServer) -> Chat:
    """Opens the chat; the model's server writes this text next, with a pause before each word."""

    def open_chat(
        text: str = TRUE, delay: float = 0.0, unsupported: str = "drop", **options: object
    ) -> Reader:
        server.text, server.delay, server.status = text, delay, 200
        server.held = {}
        server.requests.clear()
        server.cancelled.clear()
        return visit(at=addresses(unsupported), **options)

    return open_chat


def begin(page: Page, question: str) -> Locator:
    """Asks without waiting for the answer; the exchange."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    return page.locator(".exchange").last


def test_an_answer_is_shown_sentence_by_sentence_while_it_is_written(
    chat: Chat, server: ChatServer
) -> None:
    reader = chat(f"{TRUE} {LATER} And there is more.")
    server.held = {"became": threading.Event(), "more.": threading.Event()}
    exchange = begin(reader.page, SIGNED)
    said = exchange.locator(".said")
    expect(said).to_contain_text(TRUE)
    assert exchange.get_attribute("data-state") == "pending"
    expect(exchange.locator(".working")).to_be_visible()
    expect(said).not_to_contain_text(LATER)
    server.held["became"].set()
    expect(said).to_contain_text(LATER)
    assert exchange.get_attribute("data-state") == "pending"
    server.held["more."].set()
    expect(exchange).to_have_attribute("data-state", "answered")
    expect(exchange.locator(".working")).to_have_count(0)


def test_it_says_whose_the_answer_is_and_its_marks_open_their_passages(chat: Chat) -> None:
    reader = chat()
    reader.ask(SIGNED)
    page = reader.page
    expect(page.locator(".engine")).to_have_text(load_strings("chat")("written"))
    page.locator("button.mark").first.click()
    passage = page.locator("#source-pane mark#passage")
    expect(passage).to_contain_text("Beijing in 2003")
    expect(passage).to_be_in_viewport()


def test_a_sentence_that_was_left_out_is_told(chat: Chat) -> None:
    reader = chat(f"{TRUE} {FALSE}")
    reader.ask(SIGNED)
    exchange = reader.page.locator(".exchange").last
    expect(exchange.locator(".notice")).to_have_text(
        "One sentence was left out because the passages do not support it."
    )
    expect(exchange).not_to_contain_text("Moscow")


def test_with_flag_words_come_as_they_are_written_and_what_fails_is_struck_with_the_reason(
    chat: Chat, server: ChatServer
) -> None:
    reader = chat(f"{FALSE} {TRUE}", unsupported="flag")
    server.held = {"Moscow": threading.Event()}
    exchange = begin(reader.page, SIGNED)
    expect(exchange.locator(".draft")).to_contain_text("The program")
    expect(exchange.locator(".working")).to_contain_text("Writing")
    expect(exchange.locator(".engine")).to_have_count(0)
    server.held["Moscow"].set()
    expect(exchange).to_have_attribute("data-state", "answered")
    expect(exchange.locator("del")).to_have_text(FALSE)
    expect(exchange.locator(".why")).to_have_text(
        "(Not supported: “1999” does not appear in any passage.)"
    )
    expect(exchange.locator(".draft")).to_have_count(0)


def test_a_model_that_is_down_gives_quotes_with_a_word_and_the_conversation_goes_on(
    chat: Chat, server: ChatServer
) -> None:
    reader = chat()
    server.status = 500
    reader.ask(SIGNED)
    last = reader.page.locator(".exchange").last
    expect(last.locator(".notice")).to_contain_text("These are quotes from the documents instead.")
    expect(last.locator(".engine")).to_have_text(load_strings("chat")("quoted"))
    expect(last.locator("button.mark").first).to_be_visible()
    server.status, server.text = 200, LATER
    reader.ask("Which country became the first observer?")
    expect(last.locator(".engine")).to_have_text(load_strings("chat")("written"))
    expect(last.locator(".notice")).to_have_count(0)


def test_quotes_only_leaves_the_model_out_and_is_remembered(chat: Chat, server: ChatServer) -> None:
    reader = chat()
    page = reader.page
    only = page.get_by_label("Quotes only")
    expect(only).not_to_be_checked()
    only.check()
    reader.ask(SIGNED)
    expect(page.locator(".engine")).to_have_text(load_strings("chat")("quoted"))
    assert server.requests == []
    reader.open()
    expect(page.get_by_label("Quotes only")).to_be_checked()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    reader.open()
    expect(page.get_by_label("Quotes only")).to_be_checked()
    page.get_by_label("Quotes only").uncheck()
    reader.ask(SIGNED)
    expect(page.locator(".engine")).to_have_text(load_strings("chat")("written"))
    reader.open()
    expect(page.get_by_label("Quotes only")).not_to_be_checked()


def test_stop_cancels_the_request_at_the_models_server(chat: Chat, server: ChatServer) -> None:
    reader = chat(f"{TRUE} " + "word " * 400, delay=0.05)
    exchange = begin(reader.page, SIGNED)
    expect(exchange.locator(".said")).to_contain_text(TRUE)
    reader.page.get_by_role("button", name="Stop").click()
    expect(exchange.locator(".stopped")).to_have_text("You stopped this answer.")
    assert server.cancelled.wait(60)


def test_while_the_model_is_silent_the_chat_gives_signs_of_life_and_being_left_cancels_the_request(
    writing: Callable[[str], Assistant], server: ChatServer
) -> None:
    """Gradio closes the answer of a page that is gone only when it gives something."""
    silent(server)
    handlers = Handlers(writing("drop"), AnsweringLimit(4, 64))
    kept = handlers.seals.seal(Conversation().asking(SIGNED))

    async def leave() -> tuple[object, ...]:
        answers = handlers.answer(kept, False, gr.Request(headers={}))
        first = await anext(answers)
        while not server.requests:
            await anext(answers)
        await answers.aclose()  # type: ignore[attr-defined]  # a generator
        return first

    assert run(leave()) == NOTHING_NEW
    assert server.cancelled.wait(60)


@pytest.mark.parametrize("by_leaving", [True, False])
def test_leaving_the_page_and_stop_end_the_work_whatever_gradio_does(
    writing: Callable[[str], Assistant], server: ChatServer, by_leaving: bool
) -> None:
    silent(server)
    handlers = Handlers(writing("drop"), AnsweringLimit(4, 64))
    kept = handlers.seals.seal(Conversation().asking(SIGNED))
    mine = gr.Request(headers={}, session_hash="mine")

    async def end() -> list[tuple[object, ...]]:
        answers = handlers.answer(kept, False, mine)
        while not server.requests:
            await anext(answers)
        handlers.leave(gr.Request(headers={}, session_hash="another"))
        assert await anext(answers) == NOTHING_NEW
        if by_leaving:
            handlers.leave(mine)
        else:
            handlers.stop(kept, mine)
        return [shown async for shown in answers if shown != NOTHING_NEW]

    assert run(end()) == []  # nothing in place of what `stop` showed
    assert server.cancelled.wait(60)


def silent(server: ChatServer) -> None:
    """Its model writes long, and never to the end of a sentence."""
    server.text, server.delay, server.status = "word " * 400, 0.05, 200
    server.requests.clear()
    server.cancelled.clear()


def test_a_page_that_is_closed_cancels_the_request(chat: Chat, server: ChatServer) -> None:
    reader = chat("word " * 400, delay=0.05)
    exchange = begin(reader.page, SIGNED)
    expect(exchange.locator(".working")).to_be_visible()
    while not server.requests:
        reader.page.wait_for_timeout(50)
    reader.page.close()
    assert server.cancelled.wait(60)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("api/v1/ask", "application/json"),
        ("api/v1/ask", "text/event-stream"),
        ("v1/chat/completions", "application/json"),
        ("v1/chat/completions", "text/event-stream"),
    ],
)
def test_a_client_that_hangs_up_cancels_the_request(
    addresses: Callable[[str], str], server: ChatServer, path: str, accept: str
) -> None:
    silent(server)
    body: dict[str, object] = {"question": SIGNED}
    if path == "v1/chat/completions":
        said = [{"role": "user", "content": SIGNED}]
        body = {"model": "assistant", "messages": said, "stream": "event" in accept}
    address = f"{addresses('drop')}/{path}"
    before = len(server.requests)

    async def hang_up() -> None:
        async with httpx.AsyncClient(timeout=60) as client:
            asked = asyncio.create_task(client.post(address, json=body, headers={"accept": accept}))
            while len(server.requests) == before:
                assert not asked.done()
                await asyncio.sleep(0.02)
            asked.cancel()

    run(hang_up())
    assert server.cancelled.wait(60)


def test_the_key_is_in_nothing_that_is_shown_or_logged(
    addresses: Callable[[str], str],
    writing: Callable[[str], Assistant],
    server: ChatServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.status, server.body = 401, f'{{"error": {{"message": "Incorrect key: {KEY}"}}}}'
    address = addresses("drop")
    asked = httpx.post(f"{address}/api/v1/ask", json={"question": SIGNED}, timeout=30)
    assert "did not accept the key" in asked.json()["notice"]
    assert server.headers[-1]["authorization"] == f"Bearer {KEY}"
    shown = [
        patient.get(f"{address}/{path}").text for path in ("", "docs", "openapi.json", "config")
    ]
    told = [repr(writing("drop").settings), repr(writing("drop").status()), caplog.text]
    assert [text for text in (asked.text, *shown, *told) if KEY in text] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_a_flagged_answer_on_a_phone(chat: Chat, scheme: str) -> None:
    reader = chat(f"{FALSE} {TRUE}", unsupported="flag", viewport=PHONE, color_scheme=scheme)
    reader.ask(SIGNED)
    expect(reader.page.locator("del")).to_be_visible()
    assert violations(reader.page) == []
    assert not scrolls_sideways(reader.page)


def test_lists_and_headings_are_shown_as_such_and_a_heading_is_no_statement(chat: Chat) -> None:
    written = f"## Overview\n\n{TRUE} [1]\n\n## Observers\n\n- {TRUE} [1]\n- {LATER}\n"
    reader = chat(f"# Bribes in Moscow\n\n{TRUE}\n\n{written}")
    reader.ask(SIGNED)
    answer = reader.page.locator(".exchange .answer")
    expect(answer.locator("h3.part")).to_have_text(["Overview", "Observers"])
    expect(answer.locator("p.said")).to_have_count(2)
    expect(answer.locator("ul.points > li")).to_have_count(2)
    expect(answer.locator("ul.points > li").last).to_contain_text(LATER)
    expect(answer).not_to_contain_text("Bribes")  # no passage has it
    expect(answer.locator(".notice")).to_have_count(0)
    assert violations(reader.page) == []


def test_what_became_of_a_models_answer_is_said_in_the_readers_language(
    chat: Chat, server: ChatServer
) -> None:
    reader = chat(f"{FALSE} {TRUE}", unsupported="flag", locale="fr-FR")
    page = reader.page
    page.get_by_label("Votre question").fill(SIGNED)
    page.keyboard.press("Enter")
    expect(page.locator(".why")).to_contain_text("n’apparaît dans aucun passage")
    expect(page.locator(".exchange")).to_have_attribute("data-state", "answered")
    server.status = 500
    page.get_by_label("Votre question").fill(SIGNED)
    page.keyboard.press("Enter")
    notice = page.locator(".exchange").last.locator(".notice")
    expect(notice).to_contain_text("Voici à la place des citations des documents.")
    expect(notice).not_to_contain_text("language model")
