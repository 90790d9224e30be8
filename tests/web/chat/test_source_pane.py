"""The source pane beside the conversation: it follows the answer, steps, searches, and lays out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant, Encoder, Settings
from tests.web.browsing import FOUNDED, PHONE, UNANSWERABLE, Visit, served
from tests.web.widget.embedding import box_of

POND = """# The pond

The **pond** of Ferndale is 3 metres deep.

| Fish | Number |
| ---- | ------ |
| carp | 40     |

- Feed the carp of Ferndale \\*twice\\* a day.
"""

SHOWN = """# The pond

The pond of Ferndale is 3 metres deep.

\u2060| Fish | Number |
| carp | 40 |

- Feed the carp of Ferndale *twice* a day.
"""
"""An invisible character is before the row that names the columns."""


COVERED = """() => {
    const head = document.querySelector('#source-body .document header').getBoundingClientRect();
    const covers = (one) => !one.closest('header') && one.closest('.text');
    const at = [...Array(8).keys()].map((n) => [head.left + 40, head.top + (n + 0.5) * head.height / 8]);
    return at.map(([x, y]) => document.elementFromPoint(x, y)).filter(covers).map((one) => one.outerHTML);
}"""
"""What of the text is above the head of the document, which stays while the text scrolls."""


@pytest.fixture(scope="module")
def pond(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    """The address of a chat over one Markdown document."""
    folder = tmp_path_factory.mktemp("pond")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "pond.md").write_text(POND, encoding="utf-8")
    with Assistant(Settings(corpus=folder / "corpus", index=folder / "index"), encoder) as made:
        made.ingest()
        with served(made) as address:
            yield address


def test_a_new_answer_shows_its_passage_beside_it_and_leaves_the_focus(visit: Visit) -> None:
    reader = visit()
    reader.ask(FOUNDED)
    expect(reader.page.locator("#source-pane mark#passage")).to_contain_text("founded in 2001")
    expect(reader.page.locator("#source-pane mark#passage")).to_be_in_viewport()
    expect(reader.page.get_by_label("Your question")).to_be_focused()
    reader.ask(UNANSWERABLE)
    expect(reader.page.locator("#source-pane .documents")).to_be_visible()
    expect(reader.page.locator("#source-pane #passage")).to_have_count(0)


def test_on_a_phone_nothing_covers_the_answer(visit: Visit) -> None:
    reader = visit(viewport=PHONE)
    reader.ask(FOUNDED)
    expect(reader.page.get_by_role("dialog")).to_have_count(0)


def test_a_document_is_shown_as_it_was_written(visit: Visit, pond: str) -> None:
    page = visit(at=pond).page
    page.locator("#source-body button.entry").click()
    text = page.locator("#source-body .text")
    expect(text.get_by_role("heading", name="The pond")).to_be_visible()
    expect(text.locator("td").filter(has_text="carp")).to_be_visible()
    expect(text.locator("li.bullet")).to_contain_text("*twice*")
    page.locator("#source-body").evaluate(
        "(body) => { body.style.blockSize = '16rem'; body.scrollTop = 9999; }"
    )
    assert page.evaluate(COVERED) == []
    assert text.text_content() == SHOWN
    assert not {"#", "-", "|"} & set(text.inner_text())


def test_one_steps_from_passage_to_passage_of_an_answer(visit: Visit) -> None:
    reader = visit()
    page = reader.page
    reader.ask("What is this about?")
    marks = page.locator("button.mark")
    assert marks.count() > 1
    expect(page.locator("#source-count")).to_have_text(f"1 / {marks.count()}")
    page.get_by_role("button", name="Next passage of this answer").click()
    expect(page.locator("#source-count")).to_have_text(f"2 / {marks.count()}")
    expect(marks.nth(1)).to_have_attribute("aria-current", "true")
    quote = page.locator(f"#{marks.nth(1).get_attribute('aria-describedby')}").text_content()
    expect(page.locator("#source-pane mark#passage")).to_have_text(
        quote or "", use_inner_text=False
    )
    page.get_by_role("button", name="Previous passage of this answer").click()
    page.get_by_role("button", name="Previous passage of this answer").click()
    expect(page.locator("#source-count")).to_have_text(f"{marks.count()} / {marks.count()}")


def test_words_are_searched_in_the_document(visit: Visit, pond: str) -> None:
    page = visit(at=pond).page
    page.locator("#source-body button.entry").click()
    box = page.get_by_label("Search in this document")
    box.fill("the POND")
    found = page.locator("#source-body .found")
    expect(found).to_have_text("1 / 2")
    box.press("Enter")
    expect(found).to_have_text("2 / 2")
    box.fill("whale")
    expect(found).to_have_text("0 / 0")
    assert page.evaluate("CSS.highlights.get('assistant-found').size") == 0


def test_on_a_phone_the_head_of_a_document_leaves_its_room_to_the_text(visit: Visit) -> None:
    reader = visit(viewport=PHONE)
    page = reader.page
    reader.ask(FOUNDED)
    page.locator("button.mark").click()
    passage, search = page.locator("#passage"), page.get_by_label("Search in this document")
    expect(passage).to_be_in_viewport(ratio=1)
    expect(page.locator("#source-body h2")).not_to_be_in_viewport()
    expect(search).to_be_in_viewport()
    field = box_of(search)
    assert field["y"] + field["height"] <= box_of(passage)["y"]
    search.fill("Treaty of Long-Term")
    expect(page.locator("#source-body .found")).to_have_text("1 / 1")
    expect(search).to_be_in_viewport()
    found = "CSS.highlights.get('assistant-current').keys().next().value.getBoundingClientRect()"
    assert box_of(search)["y"] + field["height"] <= page.evaluate(f"{found}.top")


def test_the_documents_are_in_one_place(visit: Visit, pond: str) -> None:
    page = visit(at=pond).page
    back = page.get_by_role("button", name="‹ Documents")
    expect(back).to_be_hidden()
    page.locator("#source-body button.entry").click()
    back.click()
    expect(page.locator("#source-body").get_by_role("heading", name="Documents")).to_be_visible()
    expect(back).to_be_hidden()


def test_the_scripts_use_no_markup_but_the_servers() -> None:
    folder = Path(__file__).parents[3] / "assistant/web/chat/static"
    uses = {path.name: path.read_text("utf-8").count("innerHTML =") for path in folder.glob("*.js")}
    used = {name: count for name, count in uses.items() if count}
    assert used == {"source.js": 1, "chat.js": 1}  # the source pane, and the choice of documents
