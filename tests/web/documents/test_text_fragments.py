"""A link to a passage of a page on the web names the exact words, and only where they are unique."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page

from assistant.testing import document_of
from assistant.types import Attribution, Document
from assistant.web.documents.text_fragments import link_to_passage
from tests.ingestion.test_loading import loaded
from tests.web.contexts import Contexts
from tests.web.widget.embedding import Site, site_at_localhost

PAGE = "https://site.example/mill"


def on_the_web(text: str, url: str = PAGE) -> Document:
    return replace(document_of(text, "mill.md"), attribution=Attribution(url=url))


def link(document: Document, quote: str, at: int = 0) -> str:
    start = document.text.index(quote, at)
    return link_to_passage(document, (start, start + len(quote)))


def test_a_short_quote_is_named_in_full_without_marks_of_structure() -> None:
    document = replace(on_the_web("# The mill\n\n- Built, in 1851.\n"), media_type="text/markdown")
    assert link(document, "Built, in 1851.") == f"{PAGE}#:~:text=Built%2C%20in%201851."
    assert link(document, "# The mill") == f"{PAGE}#:~:text=The%20mill"
    assert "%2D" in link(on_the_web("A well-built mill."), "A well-built mill.")


def test_of_a_long_quote_the_first_and_last_words_are_named() -> None:
    quote = " ".join(f"word{number}" for number in range(40))
    start, end = unquote(link(on_the_web(quote), quote)).removeprefix(f"{PAGE}#:~:text=").split(",")
    assert start == "word0 word1 word2 word3 word4 word5"
    assert end == "word34 word35 word36 word37 word38 word39"


def test_of_a_quote_over_several_blocks_a_part_of_the_first_and_of_the_last_is_named() -> None:
    text = "# The mill\n\n1. Built, in 1851.\n\n- Burned\n- Rebuilt\n"
    document = replace(on_the_web(text), media_type="text/markdown")
    assert link(document, text.strip()) == f"{PAGE}#:~:text=Built%2C%20in%201851.,Rebuilt"


def test_words_of_a_long_quote_are_added_until_its_beginning_and_its_end_are_unique() -> None:
    short = "The mill of the old town stood for a hundred years."
    long = f"The mill of the old town {'burned and ' * 20}fell in the year of the great flood."
    document = on_the_web(f"{short} {long} It fell in the year of the great flood, people say.")
    start, end = unquote(link(document, long)).removeprefix(f"{PAGE}#:~:text=").split(",")
    assert start == "The mill of the old town burned and burned and burned and"
    assert end == "the year of the great flood."


def test_of_chinese_the_words_between_marks_are_named() -> None:
    text = "昨天，我们在北京见面。" + "然后我们一起吃饭，喝茶，聊天。" * 3
    document = on_the_web(f"{text}\n\n后来，{'他们，' * 40}都走了。")
    assert unquote(link(document, "昨天，我们在北京见面。")).endswith("=昨天，我们在北京见面。")


def test_a_quote_that_is_not_unique_is_told_apart_by_the_words_before_it() -> None:
    document = on_the_web("The mill burned. It was rebuilt. The barn burned. It was rebuilt.")
    second = link(document, "It was rebuilt.", 40)
    assert unquote(second) == f"{PAGE}#:~:text=It was rebuilt. The barn burned.-,It was rebuilt."
    assert link(on_the_web("Yes. Yes. Yes."), "Yes.", 0) == ""


def test_a_document_that_is_not_on_the_web_has_no_such_link() -> None:
    assert link(on_the_web("The mill.", ""), "The mill.") == ""
    assert link(on_the_web("The mill.", "file:///mill"), "The mill.") == ""


PAGE_OF_A_SITE = """<!doctype html><html lang="en"><title>Mill</title><body>
<nav><a href="#mill">The mill</a></nav><main><h1>The mills of Aldry</h1>
<p>The old mill of the town was a wooden house.</p><p>It was sold. It was sold again.</p>
{space}<h2 id="mill">The mill</h2><p id="built">Built in 1851.</p>
{space}<p id="long">The old mill of the town was built of stone, and it was rebuilt by the sons of the
first miller after the fire that had burned the wooden house down to the ground.</p>
{space}<ol><li id="first">Open the gate.</li><li>Close the door.</li></ol>
{space}<p id="poem">Round and round<br>the old wheel went,<br>and no miller knew why.</p>
{space}<p>The barn burned.</p><p id="sold">It was sold.</p>{space}
<table><tr><th>Year</th><th>Sacks</th></tr><tr id="row"><td>1860</td><td>300</td></tr></table>
{space}</main></body></html>"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with site_at_localhost() as opened:
        space = "<div style='height: 2000px'></div>"
        opened.pages["/mill"] = PAGE_OF_A_SITE.replace("{space}", space)
        yield opened


@pytest.fixture
def page(contexts: Contexts) -> Iterator[Page]:
    opened = contexts.page()
    yield opened
    contexts.leave(opened)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("## The mill", "Built in 1851.", "built"),
        ("Built in 1851.", "", "built"),
        ("The old mill of the town was built", "to the ground.", "long"),
        ("1. Open the gate.", "the door.", "first"),
        ("Round and round", "miller knew why.", "poem"),
        ("The barn burned.", "It was sold.", "sold"),
        ("1860", "300", "row"),
    ],
)
def test_chromium_shows_the_passage_that_the_link_names(
    page: Page, site: Site, tmp_path: Path, first: str, last: str, shown: str
) -> None:
    (tmp_path / "mill.html").write_text(PAGE_OF_A_SITE.replace("{space}", ""))
    at_site = Attribution(url=f"{site.origin}/mill")
    document = replace(loaded(tmp_path, 9000), attribution=at_site)
    start = document.text.index(first)
    passage = (start, document.text.index(last, start) + len(last) if last else start + len(first))
    address = link_to_passage(document, passage)
    assert address
    page.goto("about:blank")
    page.goto(address)
    page.wait_for_function("scrollY > 1000")
    top = page.locator(f"#{shown}").evaluate("(one) => one.getBoundingClientRect().top")
    assert 0 < top < page.viewport_size["height"]  # type: ignore[index]
