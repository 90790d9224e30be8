"""Whatever documents and questions say is shown as text: nothing runs, nothing is fetched."""

from playwright.sync_api import expect

from assistant import Assistant
from tests.web.browsing import HOSTILE_NAME, Visit

HOSTILE_QUESTION = (
    "How many florins does the <b>zebra</b> groomer charge? <script>window.hacked=7</script>"
    '<img src="http://beacon.invalid/q.png" onerror="window.hacked=8"> **bold** $$x^2$$ '
    "[a](http://link.invalid/) ${window.hacked=9} {{1+1}} &lt;i&gt;"
)


def test_hostile_documents_and_questions_do_nothing(visit: Visit, assistant: Assistant) -> None:
    reader = visit()
    page = reader.page
    page.get_by_label("Your question").fill(HOSTILE_QUESTION)
    page.keyboard.press("Enter")
    asked = page.locator(".exchange .asked")
    expect(asked).to_have_text(HOSTILE_QUESTION, use_inner_text=True)
    expect(page.locator(".exchange")).not_to_have_attribute("data-state", "pending")

    reader.ask("What does the zebra groomer charge for a striped mane?")
    zebra = page.locator(".exchange").last
    expect(zebra).to_contain_text("florins")
    zebra.locator("button.mark, button.passage").first.click()
    summary = next(found for found in assistant.documents() if found.source == HOSTILE_NAME)
    expect(page.locator("#source-body .text")).to_be_visible()
    text = assistant.document(summary.id).text
    assert page.locator("#source-body .text").text_content() == text
    page.get_by_role("button", name="‹ Documents").click()
    expect(page.locator("#source-body")).to_contain_text(summary.title)
    for mark in page.locator(".log button.mark").all():
        mark.hover()
    reader.open()  # what was kept in the browser is shown as text as well
    expect(asked.first).to_have_text(HOSTILE_QUESTION, use_inner_text=True)

    assert page.evaluate("window.hacked") is None
    drawn = "svg:not(button.thumb > svg[aria-hidden])"  # the thumbs are the page's own
    made = f".log :is(script, img, {drawn}, a, b:not(.number), h1, .katex, iframe)"
    assert page.locator(made).count() == 0
    assert page.locator("#source-body :is(script, img, svg, a:not(.original), h1)").count() == 0
    assert [url for url in reader.requests if "invalid" in url] == []


def test_a_hostile_address_is_shown_as_text(visit: Visit) -> None:
    reader = visit("/?q=%3Cimg+src%3Dx+onerror%3D%22window.hacked%3D1%22%3E+zebra&document=%3Cb%3E")
    expect(reader.page.locator(".asked")).to_contain_text("<img src=x onerror=")
    expect(reader.page.locator("#source-body")).to_contain_text("No such document")
    expect(reader.page.locator(".exchange")).not_to_have_attribute("data-state", "pending")
    assert reader.page.evaluate("window.hacked") is None
    assert reader.page.locator(".log img").count() == 0
    reader.complaints.clear()  # the browser itself reports the status 404
