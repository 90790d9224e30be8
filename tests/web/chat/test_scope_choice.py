"""The choice of one document or folder in the chat: made, kept, seen, and let go of."""

import json
from collections.abc import Iterator
from typing import Any

import gradio as gr
import pytest
from playwright.sync_api import Locator, Page, expect

from assistant import Assistant, DocumentSummary, Settings
from assistant.web.chat.conversation import Conversation, read_conversation
from assistant.web.chat.handlers import Handlers
from assistant.web.chat.scope_choice import MOST_DOCUMENTS, scope_choice
from assistant.web.citation_checks import CitationChecks
from assistant.web.concurrency import AnsweringLimit
from assistant.web.strings import load_strings
from tests.in_thread import run
from tests.web.browsing import FOUNDED, HOSTILE_NAME, PHONE, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations_light_and_dark

QUESTION = "When was the tower begun?"


@pytest.fixture(scope="module")
def towers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """Two folders that answer one question differently."""
    folder = tmp_path_factory.mktemp("towers")
    for path, text in (
        ("corpus/south/pisa.txt", "The tower was begun in the year 1173.\n"),
        ("corpus/north/ulm.txt", "The tower was begun in the year 1377.\n"),
        ("corpus/north/bells.txt", "Bells ring at noon.\n"),
    ):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    with Assistant.open(settings) as assistant:
        assistant.ingest()
        yield assistant


@pytest.fixture(scope="module")
def towers_address(towers: Assistant) -> Iterator[str]:
    with served(towers) as where:
        yield where


def choice(page: Page) -> Locator:
    return page.get_by_label("Ask in")


def test_a_folder_or_a_document_alone_is_asked_when_it_is_chosen(
    visit: Visit, towers_address: str
) -> None:
    reader = visit(at=towers_address)
    page = reader.page
    expect(choice(page)).to_have_value("")
    for path, year, other in (("south/", "1173", "1377"), ("north/ulm.txt", "1377", "1173")):
        choice(page).select_option(path)
        reader.ask(QUESTION)  # at once: nothing of the choice waits for the server
        last = page.locator(".exchange").last
        expect(last).to_contain_text(f"Asked only in {path}")
        expect(last.locator(".answer")).to_contain_text(year)
        expect(last.locator(".answer")).not_to_contain_text(other)


def test_the_choice_is_kept_over_answers_clearing_and_reloading(
    visit: Visit, towers_address: str
) -> None:
    reader = visit(at=towers_address)
    page = reader.page
    choice(page).select_option("north/")
    reader.open()
    expect(choice(page)).to_have_value("north/")
    reader.ask(QUESTION)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(choice(page)).to_have_value("north/")
    reader.ask(QUESTION)
    expect(page.locator(".exchange").last).to_contain_text("Asked only in north/")
    choice(page).select_option("")
    reader.ask(QUESTION)
    expect(page.locator(".exchange").last).not_to_contain_text("Asked only in")
    reader.open()
    expect(choice(page)).to_have_value("")


def test_what_a_part_does_not_answer_is_asked_of_all_with_one_button(
    visit: Visit, towers_address: str
) -> None:
    reader = visit(at=towers_address)
    page = reader.page
    choice(page).select_option("north/bells.txt")
    reader.ask(QUESTION)
    expect(page.locator(".exchange").last.locator("button.mark")).to_have_count(0)
    page.get_by_role("button", name="Ask all documents").click()
    expect(page.locator(".exchange").last.locator("button.mark").first).to_be_visible()
    expect(page.locator(".exchange")).to_have_count(1)
    expect(choice(page)).to_have_value("")


def test_a_phone_shows_the_choice_in_one_quiet_line(visit: Visit, towers_address: str) -> None:
    page = visit(at=towers_address, viewport=PHONE).page
    expect(choice(page)).to_be_visible()
    box = page.locator("#scope").bounding_box()
    assert box
    assert box["height"] < 48
    assert not scrolls_sideways(page)
    assert violations_light_and_dark(page) == []


def test_names_of_documents_are_text_in_the_choice(visit: Visit) -> None:
    reader = visit()
    choice(reader.page).select_option(HOSTILE_NAME)
    reader.ask(FOUNDED)
    expect(reader.page.locator(".exchange")).to_contain_text(f"Asked only in {HOSTILE_NAME}")
    assert reader.page.evaluate("window.hacked") is None


def summary(source: str, title: str = "Plan") -> DocumentSummary:
    return DocumentSummary(f"id of {source}", source, title, "0" * 64, "text/plain", 9)


def test_there_is_no_choice_between_one_document_and_itself() -> None:
    assert scope_choice([summary("a.txt")], "") == ""
    assert scope_choice([], "") == ""


def test_documents_of_one_title_are_told_apart_by_their_paths() -> None:
    told = scope_choice([summary("a.txt"), summary("b.txt"), summary("c.txt", "Map")], "b.txt")
    assert '<option value="b.txt" selected>Plan (b.txt)</option>' in told
    assert ">Map<" in told


def test_of_very_many_documents_folders_are_offered_and_what_is_chosen() -> None:
    many = [summary(f"folder/{number}.txt") for number in range(MOST_DOCUMENTS + 1)]
    told = scope_choice(many, "folder/7.txt")
    assert told.count("<option") == 3
    assert 'value="folder/"' in told
    assert 'value="folder/7.txt" selected' in told


def test_a_part_that_is_gone_is_let_go_of_with_a_word(towers: Assistant) -> None:
    handlers = Handlers(towers, AnsweringLimit(4, 64))
    kept = handlers.seals.seal(Conversation(within="west/"))
    restored, log, *_, told = handlers.restore(kept)
    assert restored["within"] == ""
    assert "west/ is no longer among the documents" in log
    assert "selected" in told.split("</option>")[0]


def last_shown(handlers: Handlers, kept: object) -> tuple[Any, ...]:
    """What the chat shows in the end."""

    async def shown() -> tuple[Any, ...]:
        pieces = [piece async for piece in handlers.answer(kept, False, gr.Request(headers={}))]
        return pieces[-1]

    return run(shown())


@pytest.mark.parametrize("within", [7, None, ["north/"], "x" * 5000])
def test_a_choice_of_another_shape_is_not_believed(towers: Assistant, within: object) -> None:
    kept = {**Conversation().to_browser(), "within": within}
    read = read_conversation(json.loads(json.dumps(kept)), CitationChecks(towers), 2000)
    assert (read.within, read.notice) == ("", load_strings("chat")("conversation_dropped"))


def test_a_part_that_a_program_makes_up_is_a_problem_and_no_crash(towers: Assistant) -> None:
    handlers = Handlers(towers, AnsweringLimit(4, 64))
    kept = handlers.seals.seal(Conversation(within="../../etc"))
    _, kept, *_ = handlers.begin(QUESTION, kept, gr.EventData(None, None))
    last = last_shown(handlers, kept)
    assert "There is no document or folder" in last[1]


def test_a_conversation_of_an_earlier_version_asks_all(towers: Assistant) -> None:
    kept = Conversation().to_browser()
    del kept["within"]
    read = read_conversation(kept, CitationChecks(towers), 2000)
    assert (read.within, read.notice) == ("", "")


def test_feedback_says_which_part_was_asked(towers: Assistant) -> None:
    answer = towers.ask(QUESTION, within="south")
    assert towers.give_feedback(answer, True).within == "south/"
    towers.delete_all_feedback()
