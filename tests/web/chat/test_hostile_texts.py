"""Whatever documents and questions say is shown as text: nothing runs, nothing is fetched."""

import re
from pathlib import Path

from playwright.sync_api import expect

from assistant import Assistant, Encoder, Settings
from tests.web.browsing import HOSTILE_NAME, Visit, served

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


TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200b]")
NAMED = """[
  ...[...document.querySelectorAll('#topbar, #scope, .sources, .nearest .place, .suggestion,'
    + ' #source-body header, .entry')].map((one) => one.innerText),
  ...[...document.querySelectorAll('[aria-label], [title], [data-question]')].flatMap((one) =>
    [one.getAttribute('aria-label'), one.title, one.dataset.question]),
  document.title].join(' ')"""


def test_no_title_and_no_name_of_a_file_is_shown_in_disguise(
    visit: Visit, tmp_path: Path, encoder: Encoder
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    name = "otters \u202efdp.md"
    (corpus / name).write_text(
        "# Otters \u2067eat\u200b crabs\n\n## What do otters \u202eeat?\n\nOtters eat crabs.\n"
    )
    (corpus / "mills.md").write_text("# Mills\n\nThe mill at Arden was built in 1850.\n")
    (corpus / "corpus.toml").write_text('[corpus]\ntitle = "Rivers \u202eand lakes"\n')
    own = Settings(corpus=corpus, index=tmp_path / "index")
    with Assistant(own, encoder) as assistant:
        assistant.ingest()
        with served(assistant) as address:
            reader = visit(at=address)
            page = reader.page
            expect(page.locator(".suggestion").first).to_be_visible()
            shown = page.evaluate(NAMED)
            for question in ("What do otters eat?", "How do I bake sourdough bread?"):
                reader.ask(question)
                shown += page.evaluate(NAMED)
            page.locator("[data-action=cite]").first.click()
            expect(page.locator("#passage")).to_be_visible()
            shown += page.evaluate(NAMED)
    assert "Otters \ufffdeat\ufffd crabs" in shown
    assert "otters \ufffdfdp.md" in shown
    assert "Rivers \ufffdand lakes" in shown
    assert TURNING.findall(shown) == []
