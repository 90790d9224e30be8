"""Questions to ask next: each was tried, none was asked, and no answer waits for them."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from assistant import Assistant, Encoder, Status
from assistant.settings import Settings
from assistant.web.chat.conversation import Conversation, Exchange, State
from assistant.web.chat.conversation_signing import ConversationSigner, installation_key
from assistant.web.chat.suggestions import Suggestions
from tests import patient
from tests.web.browsing import FOUNDED, HOSTILE_NAME, PHONE, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations


@pytest.fixture
def plain(tmp_path: Path, encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over a corpus that suggests no questions."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "mill.md").write_text(
        "# The mill\n\nThe Old Mill was built in 1911 by Anna Quill, a farmer.\n\n"
        "## Opening hours\n\nThe Old Mill opens at nine on weekdays.\n\n"
        "The Harbour Lift was opened in 1954.\n"
    )
    settings = Settings(corpus=corpus, index=tmp_path / "index")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        yield assistant


def test_up_to_three_questions_follow_an_answer_and_each_has_a_certain_one(
    visit: Visit, assistant: Assistant
) -> None:
    reader = visit(viewport=PHONE)
    reader.ask(FOUNDED)
    buttons = reader.page.locator(".exchange .next .suggestion")
    expect(buttons).to_have_count(3)
    assert violations(reader.page) == []
    assert not scrolls_sideways(reader.page)
    offered = buttons.all_text_contents()
    assert FOUNDED not in offered
    assert {assistant.ask(question).status for question in offered} == {Status.ANSWERED}
    reader.page.reload()
    expect(buttons).to_have_text(offered)
    buttons.first.click()
    reader.wait_for_answer(offered[0])
    earlier = reader.page.locator(".exchange").first.locator(".next .suggestion")
    following = reader.page.locator(".exchange").last.locator(".next .suggestion")
    expect(following).to_have_count(3)
    expect(earlier).to_have_count(3)
    assert set(following.all_text_contents()).isdisjoint(offered), "there are others"
    assert {FOUNDED, offered[0]}.isdisjoint(buttons.all_text_contents())
    before = buttons.all_text_contents()
    reader.requests.clear()
    reader.page.reload()
    expect(buttons).to_have_text(before)
    assert not [url for url in reader.requests if url.endswith("/suggestions")]


def test_they_stay_when_the_answer_is_rated_and_while_another_is_asked(visit: Visit) -> None:
    reader = visit()
    reader.ask(FOUNDED)
    page = reader.page
    following = page.locator(".next .suggestion")
    expect(following).to_have_count(3)
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.locator(".verdict")).to_be_visible()
    expect(following).to_have_count(3)
    page.get_by_label("Your question").fill("What is the Shanghai Spirit?")
    page.keyboard.press("Enter")
    expect(page.locator(".exchange")).to_have_count(2)
    first = page.locator(".exchange").first.locator(".next .suggestion")
    expect(first).to_have_count(3)
    reader.wait_for_answer("What is the Shanghai Spirit?")
    expect(first).to_have_count(3)


def test_an_edited_question_that_is_not_the_last_has_suggestions_of_its_own(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    expect(page.locator(".next .suggestion")).to_have_count(3)
    reader.ask("What is the Shanghai Spirit?")
    expect(page.locator(".next .suggestion")).to_have_count(6)
    first = page.locator(".exchange").first
    first.get_by_role("button", name="Edit", exact=True).click()
    first.get_by_label("Edit your question").fill("Who are the members?")
    first.get_by_role("button", name="Ask", exact=True).click()
    expect(first.locator(".asked")).to_have_text("Who are the members?")
    expect(first).to_have_attribute("data-state", "answered")
    expect(page.locator(".exchange")).to_have_count(2)
    expect(first.locator(".next .suggestion").first).to_be_visible()
    assert "Who are the members?" not in page.locator(".next .suggestion").all_text_contents()


def test_a_deleted_conversation_leaves_no_suggestions(visit: Visit) -> None:
    reader = visit()
    reader.ask("What is the Shanghai Spirit?")
    expect(reader.page.locator(".next .suggestion")).to_have_count(3)
    stored = "Object.keys(localStorage).filter((key) => key.startsWith('assistant.following.'))"
    assert len(reader.page.evaluate(stored)) == 1
    reader.page.get_by_role("button", name="Chats").click()
    reader.page.get_by_role("button", name="Delete: What is the Shanghai Spirit?").click()
    expect(reader.page.locator(".start")).to_be_visible()
    assert reader.page.evaluate(stored) == []


def test_a_corpus_without_questions_of_its_own_finds_some_to_begin_with(
    visit: Visit, plain: Assistant
) -> None:
    with served(plain) as address:
        page = visit(at=address).page
        buttons = page.locator(".start .suggestion")
        expect(buttons.first).to_be_visible()
        question = buttons.first.text_content() or ""
        buttons.first.click()
        expect(page.locator(".exchange")).to_have_attribute("data-state", "answered")
        expect(page.locator(".asked")).to_have_text(question)
        expect(page.locator(".exchange .stated")).to_be_visible()


def test_a_part_of_the_documents_has_questions_of_its_own_to_begin_with(visit: Visit) -> None:
    page = visit().page
    shown = page.locator(".start .suggestion:visible")
    expect(shown).to_have_count(5)
    page.get_by_label("Ask in").select_option(HOSTILE_NAME)
    expect(shown.filter(has_text=FOUNDED)).to_have_count(0)
    page.get_by_label("Ask in").select_option("")
    expect(shown.first).to_have_text(FOUNDED)


def test_the_questions_to_begin_with_are_found_once_for_each_state_of_the_index(
    plain: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []
    suggest = plain.suggest

    def counted(*arguments: object, **more: object) -> list[str]:
        tried.append("")
        return suggest(*arguments, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(plain, "suggest", counted)
    suggestions = Suggestions(plain)
    going_on = threading.Event()
    first = next(suggestions.after({}, going_on))
    assert "When was the Harbour Lift opened?" in first["questions"]
    assert next(suggestions.after({}, going_on)) == first
    assert len(tried) == 1
    (plain.settings.corpus / "more.md").write_text("# More\n\nThe Old Barn was moved in 1977.\n")
    plain.ingest()
    next(suggestions.after({}, going_on))
    assert len(tried) == 2


def test_stopped_work_finds_nothing_and_is_not_kept(plain: Assistant) -> None:
    suggestions = Suggestions(plain)
    stopped = threading.Event()
    stopped.set()
    assert next(suggestions.after({}, stopped)) == {"questions": []}
    assert next(suggestions.after({}, threading.Event()))["questions"]


def test_the_route_takes_only_what_the_server_signed(assistant: Assistant, address: str) -> None:
    seals = ConversationSigner(installation_key(assistant.settings.index))
    answered = Exchange(FOUNDED, State.ANSWERED, assistant.ask(FOUNDED))
    waiting = Conversation((answered,)).asking("Why?")

    def post(path: str, **more: Any) -> httpx.Response:
        return httpx.post(address + path, timeout=20, **more)

    given = post("/suggestions", json=seals.seal(Conversation((answered,)))).json()
    assert len(given["questions"]) == 3
    assert post("/suggestions", json=seals.seal(waiting)).json() == {}
    assert post("/suggestions", json={"index": 5}).json() == {}
    for wrong in ({"signed": 1}, {"signed": "a/b"}, {"more": ""}, {"index": -1}, {"index": "0"}):
        assert post("/suggestions", json=wrong).status_code == 422
    assert post("/suggestions", content="{}").status_code == 415
    nowhere = {"signed": "", "within": "no/such/folder"}
    assert post("/suggestions", json=nowhere).json() == {}


def test_none_are_suggested_where_the_setting_says_so(
    assistant: Assistant, encoder: Encoder
) -> None:
    settings = assistant.settings.model_copy(update={"suggested_questions": 0})
    with Assistant(settings, encoder) as silent, served(silent) as address:
        assert patient.post(f"{address}/suggestions", json={}).json() == {"questions": []}
