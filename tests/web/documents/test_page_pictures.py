"""The pages of PDFs as pictures, on a real server and in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant import Assistant, Settings
from assistant.testing import WordEncoder
from assistant.types import Document
from assistant.web.documents.page_pictures import page_address, passage_on
from tests import patient
from tests.ingestion.formats.pdf.drawing import MILL, drawn, put_lines, wrapped
from tests.web.browsing import served
from tests.web.contexts import Contexts

PASSAGE = "A plaque tells of the fire today."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Assistant, str]]:
    folder = tmp_path_factory.mktemp("pages")
    (folder / "corpus").mkdir()
    pages = [lambda canvas: put_lines(canvas, 60, 780, wrapped(MILL, 400))] * 2
    (folder / "corpus/mill.pdf").write_bytes(drawn(*pages))
    (folder / "corpus/a.txt").write_text("Terns dive.")
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    with Assistant(settings, WordEncoder()) as assistant:
        assistant.ingest()
        with served(assistant) as address:
            yield assistant, address


def document_at(assistant: Assistant, source: str) -> Document:
    found = next(one.id for one in assistant.documents() if one.source == source)
    return assistant.document(found)


def test_a_page_is_sent_as_a_picture(library: tuple[Assistant, str]) -> None:
    assistant, address = library
    document = document_at(assistant, "mill.pdf")
    start = document.text.index(PASSAGE)
    where = page_address(document, 1, start, start + len(PASSAGE), picture=True)
    plain = httpx.get(f"{address}/{page_address(document, 1, '', '', picture=True)}", timeout=30)
    marked = httpx.get(f"{address}/{where}", timeout=30)
    for answer in (plain, marked):
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "image/png"
        assert answer.headers["content-security-policy"] == "default-src 'none'"
        assert answer.content.startswith(b"\x89PNG")
    assert plain.content != marked.content
    assert patient.get(f"{address}/{where}").content == marked.content


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("mill.pdf", {"page": "0"}),
        ("mill.pdf", {"page": "3"}),
        ("mill.pdf", {"page": "one"}),
        ("mill.pdf", {}),
        ("a.txt", {"page": "1"}),
    ],
)
@pytest.mark.parametrize("path", ["page", "page.png"])
def test_a_page_that_is_not_there_is_not_found(
    library: tuple[Assistant, str], source: str, values: dict[str, str], path: str
) -> None:
    assistant, address = library
    identifier = document_at(assistant, source).id
    answer = patient.get(f"{address}/{path}", params={"document": identifier, **values})
    assert answer.status_code == 404
    assert patient.get(f"{address}/{path}", params={"document": "x"}).status_code == 404


@pytest.mark.parametrize(("start", "end"), [("-1", "5"), ("5", "1"), ("9" * 30, "1"), ("a", "b")])
def test_a_passage_that_is_not_there_is_not_marked(
    library: tuple[Assistant, str], start: str, end: str
) -> None:
    document = document_at(library[0], "mill.pdf")
    assert passage_on(document, 1, start, end) == ""


def test_of_a_passage_over_two_pages_each_shows_its_part(library: tuple[Assistant, str]) -> None:
    document = document_at(library[0], "mill.pdf")
    border = document.page_starts[1]
    parts = [passage_on(document, page, str(border - 5), str(border + 5)) for page in (1, 2)]
    assert "".join(parts) == document.text[border - 5 : border + 5]
    assert all(parts)


def test_a_changed_file_is_not_drawn(library: tuple[Assistant, str]) -> None:
    assistant, address = library
    path = Path(assistant.settings.corpus, "mill.pdf")
    content = path.read_bytes()
    where = page_address(document_at(assistant, "mill.pdf"), 2, "", "", picture=True)
    try:
        path.write_bytes(drawn(lambda canvas: canvas.drawString(60, 700, "Other words")))
        assert patient.get(f"{address}/{where}").status_code == 404
    finally:
        path.write_bytes(content)


def test_the_page_with_its_passage_is_shown_in_a_browser(
    library: tuple[Assistant, str], contexts: Contexts
) -> None:
    assistant, address = library
    document = document_at(assistant, "mill.pdf")
    start = document.text.index(PASSAGE)
    page = contexts.page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.goto(f"{address}/{page_address(document, 1, start, start + len(PASSAGE))}")
    page.wait_for_function("document.querySelector('img').naturalWidth > 1000")
    assert page.locator("a[rel=next]").count() == 1
    assert page.locator("a[rel=prev]").count() == 0
    page.locator("a[rel=next]").click()
    assert page.locator("a[rel=prev]").count() == 1
    assert troubles == []
    page.close()


def test_the_source_pane_leads_to_the_page(library: tuple[Assistant, str]) -> None:
    assistant, address = library
    document = document_at(assistant, "mill.pdf")
    start = document.text.rindex(PASSAGE)
    end = start + len(PASSAGE)
    values: dict[str, str | int] = {"document": document.id, "start": start, "end": end}
    shown = patient.get(f"{address}/source", params=values).text
    assert page_address(document, 2, start, start + len(PASSAGE)).replace("&", "&amp;") in shown
    whole = patient.get(f"{address}/source", params={"document": document.id}).text
    assert "page?" not in whole
