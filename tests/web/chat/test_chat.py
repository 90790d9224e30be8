"""What a reader does with the chat, in a real browser over the real article."""

from urllib.parse import urlencode

from playwright.sync_api import expect

from assistant import Assistant
from tests.web.browsing import FOUNDED, UNANSWERABLE, Visit, article_id


def test_a_suggested_question_is_answered_with_checked_citations(
    visit: Visit, assistant: Assistant
) -> None:
    reader = visit()
    page = reader.page
    question = assistant.corpus.questions[0]
    page.get_by_role("button", name=question).click()
    reader.wait_for_answer(question)
    mark = page.locator("button.mark").first
    expect(mark).to_have_text("[1]")
    text = assistant.document(mark.get_attribute("data-document") or "").text
    start, end = (
        int(mark.get_attribute("data-start") or 0),
        int(mark.get_attribute("data-end") or 0),
    )
    quote = page.locator(f"#{mark.get_attribute('aria-describedby')}")
    assert quote.text_content() == text[start:end]


def test_a_mark_opens_its_passage_in_the_source_pane_and_escape_leads_back(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    mark = page.locator("button.mark").first
    mark.focus()
    page.keyboard.press("Enter")
    passage = page.locator("#source-pane mark#passage")
    expect(passage).to_be_visible()
    expect(passage).to_be_in_viewport()
    expect(passage).to_be_focused()
    quote = page.locator(f"#{mark.get_attribute('aria-describedby')}").text_content() or ""
    assert passage.text_content() == quote
    pane = page.locator("#source-pane")
    expect(pane.get_by_role("heading", name="SCO Champions")).to_be_visible()
    expect(pane).to_contain_text("by Sun Zhuangzhi · Beijing Review (via China Focus) · 2018")
    page.keyboard.press("Escape")
    expect(mark).to_be_focused()


def test_a_mark_shows_its_quote_on_hover_and_on_focus(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    mark = page.locator("button.mark").first
    quote = page.locator(f"#{mark.get_attribute('aria-describedby')}").text_content() or ""
    mark.hover()
    expect(page.locator("#tip")).to_be_visible()
    assert page.locator("#tip").text_content() == quote
    page.keyboard.press("Escape")
    expect(page.locator("#tip")).to_be_hidden()
    page.locator("#question textarea").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.classList.contains('mark')"):
            break
    expect(page.locator("#tip")).to_be_visible()


def test_what_the_documents_do_not_answer_shows_the_closest_passages_as_no_answer(
    visit: Visit,
) -> None:
    reader = visit()
    reader.ask(UNANSWERABLE)
    last = reader.page.locator(".exchange").last
    expect(last.locator(".notice")).to_be_visible()
    expect(last.get_by_role("heading", name="The nearest passages")).to_be_visible()
    expect(last.locator("button.mark")).to_have_count(0)
    last.locator("button.passage").first.click()
    expect(reader.page.locator("#source-pane mark#passage")).to_be_visible()


def test_a_greeting_is_answered_with_questions_to_ask(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    reader.ask("hello")
    last = reader.page.locator(".exchange").last
    expect(last.locator("button.suggestion")).to_have_count(len(assistant.corpus.questions))
    expect(last.locator(".notice")).not_to_contain_text(assistant.corpus.questions[0])
    expect(last.locator("button.mark")).to_have_count(0)


def test_an_empty_question_is_refused_kindly(visit: Visit) -> None:
    reader = visit()
    reader.page.get_by_role("button", name="Ask", exact=True).click()
    expect(reader.page.locator(".log")).to_contain_text("Type a question first.")
    expect(reader.page.locator(".exchange")).to_have_count(0)


def test_the_last_question_can_be_asked_again_and_edited(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    with page.expect_response(lambda response: "/queue/join" in response.url):
        page.get_by_role("button", name="Ask again").click()
    reader.wait_for_answer(FOUNDED)
    expect(page.locator(".exchange")).to_have_count(1)
    page.get_by_role("button", name="Edit", exact=True).click()
    edited = page.get_by_label("Edit your question")
    expect(edited).to_be_focused()
    expect(edited).to_have_value(FOUNDED)
    edited.fill("What is the Shanghai Spirit?")
    page.keyboard.press("Enter")
    reader.wait_for_answer("What is the Shanghai Spirit?")
    expect(page.locator(".exchange")).to_have_count(1)


def test_an_earlier_question_is_edited_in_its_place(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(UNANSWERABLE)
    reader.ask(FOUNDED)
    page.locator(".exchange").first.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Edit your question").fill("What is the Shanghai Spirit?")
    page.keyboard.press("Enter")
    first, second = page.locator(".exchange").first, page.locator(".exchange").nth(1)
    expect(first.locator(".asked")).to_have_text("What is the Shanghai Spirit?")
    expect(first.locator("button.mark").first).to_be_visible()
    expect(first).to_have_attribute("data-state", "answered")
    expect(second.locator(".asked")).to_have_text(FOUNDED)
    expect(second.locator("button.mark").first).to_be_visible()


def test_a_question_that_is_too_long_is_kept_whole_and_not_sent(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    box = page.get_by_label("Your question")
    box.fill("why " * 600)
    expect(page.locator("#longest")).to_have_text("2400 / 2000")
    box.press("Enter")
    expect(page.locator("#toast")).to_have_text(
        "The question has 2,399 characters; the limit is 2,000."
    )
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator(".exchange")).to_have_count(0)
    expect(box).to_have_value("why " * 600)
    box.fill(FOUNDED)
    expect(page.locator("#longest")).to_be_empty()
    box.press("Enter")
    reader.wait_for_answer(FOUNDED)


def test_an_answer_is_copied_together_with_its_sources(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.locator("#toast")).to_have_text("Answer and sources copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    quote = page.locator(".quote").first.text_content() or ""
    assert copied.startswith((page.locator(".said > span").first.text_content() or "")[:20])
    assert f"[1] “{quote}” — SCO Champions" in copied
    assert "Sun Zhuangzhi" in copied


def test_clearing_can_be_undone(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".exchange")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator(".exchange")).to_have_count(0)
    reader.open()
    expect(page.locator(".start")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_the_conversation_is_downloaded_as_markdown_with_footnotes(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download").click()
    text = downloading.value.path().read_text(encoding="utf-8")
    assert downloading.value.suggested_filename == "conversation.md"
    assert f"## {FOUNDED}" in text
    assert "[^1]" in text.split("[^1]: “")[0]
    assert "2001" in text.split("[^1]: “")[1]


def test_the_conversation_survives_a_reload(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask(FOUNDED)
    expect(page.locator(".exchange .next")).to_be_visible(timeout=20_000)
    said = page.locator(".exchange").inner_text()
    reader.open()
    expect(page.locator(".exchange")).to_have_count(1)
    expect(page.locator(".exchange .next")).to_be_visible(timeout=20_000)
    assert page.locator(".exchange").inner_text() == said
    expect(page.locator("button.mark").first).to_be_visible()


def test_a_question_in_the_address_is_asked_once(visit: Visit) -> None:
    reader = visit("/?" + urlencode({"q": FOUNDED}))
    page = reader.page
    reader.wait_for_answer(FOUNDED)
    assert "q=" not in page.url
    page.reload()
    expect(page.locator(".exchange")).to_have_count(1)
    page.wait_for_timeout(500)
    expect(page.locator(".exchange")).to_have_count(1)


def test_a_permalink_opens_the_passage_and_its_button_copies_it(
    visit: Visit, assistant: Assistant
) -> None:
    document = assistant.document(article_id(assistant))
    start = document.text.index("Mongolia became the first observer")
    end = start + len("Mongolia became the first observer")
    query = {"document": document.id, "start": start, "end": end}
    reader = visit("/?" + urlencode(query))
    page = reader.page
    expect(page.locator("#passage")).to_have_text("Mongolia became the first observer")
    expect(page.locator("#passage")).to_be_in_viewport()
    page.get_by_role("button", name="Copy link to this passage").click()
    expect(page.locator("#toast")).to_have_text("Link copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{reader.address}/?{urlencode(query)}"


def test_a_bad_permalink_gets_a_kind_message(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    for query, message in (
        ({"document": "nothing/../../etc/passwd", "start": 1, "end": 2}, "No such document"),
        ({"document": article_id(assistant), "start": -5, "end": "x"}, "does not name a passage"),
        (
            {"document": article_id(assistant), "start": 9, "end": 99999999},
            "does not name a passage",
        ),
    ):
        reader.open("/?" + urlencode(query))
        expect(reader.page.locator("#source-body")).to_contain_text(message)
        reader.complaints.clear()  # the browser itself reports the status 404 or 400


def test_the_list_lets_one_read_every_document(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    page = reader.page
    page.get_by_role("button", name="Documents", exact=True).click()
    entries = page.locator("#source-body button.entry")
    expect(entries).to_have_count(len(assistant.documents()))
    entries.filter(has_text="SCO Champions").click()
    text = assistant.document(article_id(assistant)).text
    assert page.locator("#source-body .text").text_content() == text


def test_conversations_of_two_readers_do_not_mix(visit: Visit) -> None:
    one, other = visit(), visit()
    one.ask(FOUNDED)
    other.ask(UNANSWERABLE)
    expect(one.page.locator(".exchange")).to_have_count(1)
    expect(other.page.locator(".exchange")).to_have_count(1)
    expect(one.page.locator(".asked")).to_have_text(FOUNDED)
    expect(other.page.locator(".asked")).to_have_text(UNANSWERABLE)
