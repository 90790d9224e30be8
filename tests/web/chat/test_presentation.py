"""How an answer, a possible answer and a question without an answer look in the chat."""

import json
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, expect

from assistant import Assistant, Encoder, Settings
from tests import patient
from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE, DoubtingAssistant, Visit, served
from tests.web.chat.test_looks import scrolls_sideways, violations, violations_light_and_dark
from tests.web.widget.embedding import box_of


@pytest.fixture(scope="module")
def doubting(settings: Settings, assistant: Assistant, encoder: Encoder) -> Iterator[str]:
    """The address of a chat that is uncertain of every answer."""
    assert assistant.documents()  # the index is there
    with DoubtingAssistant(settings, encoder) as made, served(made) as address:
        yield address


def style(element: Locator, name: str) -> str:
    return str(element.evaluate(f"(element) => getComputedStyle(element).{name}"))


def test_a_possible_answer_looks_different_from_an_answer_and_from_nothing_found(
    visit: Visit, doubting: str
) -> None:
    sure = visit()
    sure.ask(FOUNDED)
    expect(sure.page.locator(".lead, .possible")).to_have_count(0)
    reader = visit(at=doubting, viewport=PHONE)
    reader.ask(FOUNDED)
    possible = reader.page.locator(".possible")
    expect(possible.locator(".lead")).to_have_text("This may answer it:")
    expect(possible.locator("button.mark")).to_have_text("[1]")
    assert style(possible, "borderTopStyle") == "dashed"
    answer = sure.page.locator(".said strong")
    assert style(possible.locator("strong"), "fontWeight") != style(answer, "fontWeight")
    possible.locator("button.mark").click()
    expect(reader.page.locator("#passage")).to_contain_text("founded in 2001")
    reader.page.keyboard.press("Escape")
    assert not scrolls_sideways(reader.page)
    assert violations_light_and_dark(reader.page) == []


def test_several_possible_passages_stand_apart_and_those_of_a_sure_answer_do_not(
    visit: Visit, doubting: str
) -> None:
    digest = "What is this article about?"
    sure = visit()
    sure.ask(digest)
    expect(sure.page.locator("p.said")).to_have_count(1)
    reader = visit(at=doubting, viewport=PHONE)
    reader.ask(digest)
    apart = reader.page.locator(".possible .said > li")
    assert apart.count() > 1
    expect(apart.nth(1).locator("button.mark")).to_have_text("[2]")
    boxes = [box_of(one) for one in apart.all()]
    gaps = [after["y"] - before["y"] - before["height"] for before, after in pairwise(boxes)]
    assert 5 < min(gaps) <= max(gaps) < 20
    assert not scrolls_sideways(reader.page)
    assert violations(reader.page) == []


def test_a_possible_answer_survives_a_reload(visit: Visit, doubting: str) -> None:
    reader = visit(at=doubting)
    reader.ask(FOUNDED)
    reader.page.reload()
    expect(reader.page.locator(".possible .lead")).to_be_visible()


def test_the_interfaces_give_the_status_of_a_possible_answer(doubting: str) -> None:
    events = {"accept": "text/event-stream"}
    with patient.stream(
        "POST", f"{doubting}/api/v1/ask", json={"question": FOUNDED}, headers=events
    ) as streamed:
        data = [line for line in streamed.iter_lines() if line.startswith("data:")]
    assert json.loads(data[-1].removeprefix("data:"))["status"] == "uncertain"
    schema = patient.get(f"{doubting}/openapi.json").json()["components"]["schemas"]
    assert "uncertain" in schema["Status"]["enum"]
    examples = schema["AnswerBody"]["examples"]
    assert [example["status"] for example in examples] == ["answered", "uncertain"]


def test_a_quote_is_shown_once_with_one_line_of_sources(visit: Visit) -> None:
    reader = visit()
    reader.ask(FOUNDED)
    answer = reader.page.locator(".exchange .answer")
    assert answer.inner_text().count("After the SCO was founded") == 1
    source = answer.locator(".sources button.source")
    expect(source).to_have_text("SCO Champions A New Model of Regional Cooperation")
    source.click()
    expect(reader.page.locator("#source-pane mark#passage")).to_be_visible()


def test_nothing_found_offers_headings_as_links_and_a_field_to_reword(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(UNANSWERABLE)
    nearest = page.locator(".nearest button.passage")
    expect(nearest.first).to_be_visible()
    expect(nearest.first.locator(".place")).not_to_be_empty()
    expect(page.locator(".exchange .stale")).to_have_count(0)
    page.get_by_label("Ask in other words").fill(FOUNDED)
    page.get_by_label("Ask in other words").press("Enter")
    reader.wait_for_answer(FOUNDED)
    expect(page.locator(".exchange")).to_have_count(2)
    expect(page.get_by_label("Ask in other words")).to_have_count(0)
