"""The files that documents were read from, opened from the source pane: safely, and at the page."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from assistant import Assistant, Encoder, Settings
from assistant.web.documents.originals import open_original
from tests import patient
from tests.ingestion.formats import files
from tests.web.browsing import Visit, served

HOSTILE = b"""<!doctype html><title>Badgers</title><h1>Badgers</h1>
<p>The badger of Ferndale weighs 14 kilograms in autumn.</p>
<script>window.hacked = 1; document.title = "hacked"</script>
<img src="http://beacon.invalid/x.png" onerror="window.hacked = 2"><iframe src="/"></iframe>
<form action="/gradio_api/run/predict" method="post"><button>Send</button></form>
<a href="javascript:window.hacked = 3">Do</a>
<meta http-equiv="refresh" content="1; url=http://beacon.invalid/">
"""
PAGES = [
    ["# Otters of Ferndale", "The otters were counted in three valleys."],
    ["The oldest otter of Ferndale weighs 12 kilograms and lives near the mill."],
]
SOURCES = {
    "otters.pdf": files.pdf(PAGES, title="Otters of Ferndale"),
    "badgers.html": HOSTILE,
    "herons & co.docx": files.word("Herons", ["The heron of Ferndale stands 96 centimetres tall."]),
    "notes/moles.txt": "Moles of Ferndale dig – “deeply”.".encode("windows-1252"),
    "shrews.md": b"# Shrews <script>window.hacked = 4</script>\n\nShrews of Ferndale hurry.",
}


@pytest.fixture(scope="module")
def library(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[tuple[Assistant, str]]:
    """An assistant over a document of each format, and where it is served."""
    folder = tmp_path_factory.mktemp("originals")
    for source, content in SOURCES.items():
        path = folder / "corpus" / source
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    settings = Settings(corpus=folder / "corpus", index=folder / "index")
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        with served(assistant) as address:
            yield assistant, address


def original(library: tuple[Assistant, str], source: str) -> httpx.Response:
    assistant, address = library
    identifier = next(one.id for one in assistant.documents() if one.source == source)
    return patient.get(f"{address}/original", params={"document": identifier})


@pytest.mark.parametrize(
    ("source", "media_type", "disposition"),
    [
        ("otters.pdf", "application/pdf", "inline"),
        ("badgers.html", "text/html; charset=utf-8", "inline"),
        ("notes/moles.txt", "text/plain; charset=windows-1252", "inline"),
        ("shrews.md", "text/plain; charset=utf-8", "inline"),
        (
            "herons & co.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "attachment",
        ),
    ],
)
def test_a_file_is_sent_as_it_is_with_its_type(
    library: tuple[Assistant, str], source: str, media_type: str, disposition: str
) -> None:
    response = original(library, source)
    assert response.status_code == 200
    assert response.content == SOURCES[source]
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"].startswith(f"{disposition}; filename*=UTF-8''")
    assert "/" not in response.headers["content-disposition"]
    assert response.headers["x-content-type-options"] == "nosniff"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'none'" in policy
    assert ("sandbox" in policy) == (source != "otters.pdf")


@pytest.mark.parametrize(
    "document", ["", "../../etc/passwd", "/etc/passwd", "otters.pdf", "\x00", "x" * 9999, "🦦"]
)
def test_only_documents_of_the_index_are_sent(
    library: tuple[Assistant, str], document: str
) -> None:
    response = patient.get(f"{library[1]}/original", params={"document": document})
    assert response.status_code == 404
    assert "root:" not in response.text


@pytest.mark.parametrize(
    "how", ["changed", "gone", "link outside", "linked folder", "pipe", "loop"]
)
def test_a_file_that_is_not_the_one_indexed_is_not_sent(
    library: tuple[Assistant, str], tmp_path: Path, how: str
) -> None:
    corpus = library[0].settings.corpus
    path = corpus / "notes" / "moles.txt"
    outside = tmp_path / "notes"
    outside.mkdir()
    (outside / "moles.txt").write_bytes(SOURCES["notes/moles.txt"])
    aside = corpus / "notes" / ".aside"
    path.rename(aside)
    try:
        if how == "changed":
            path.write_text("Something else.")
        elif how == "link outside":
            path.symlink_to(outside / "moles.txt")
        elif how == "linked folder":
            (corpus / "notes").rename(corpus / ".kept")
            (corpus / "notes").symlink_to(outside, target_is_directory=True)
        elif how == "pipe":
            os.mkfifo(path)
        elif how == "loop":
            path.symlink_to(path)
        response = original(library, "notes/moles.txt")
        assert response.status_code == 404
        assert "was changed or removed after it was indexed" in response.text
    finally:
        if how == "linked folder":
            (corpus / "notes").unlink()
            (corpus / ".kept").rename(corpus / "notes")
        path.unlink(missing_ok=True)
        aside.rename(path)
    assert original(library, "notes/moles.txt").status_code == 200


def test_a_cited_page_is_named_everywhere_and_the_pdf_opens_there(
    visit: Visit, library: tuple[Assistant, str]
) -> None:
    reader = visit(at=library[1])
    page = reader.page
    reader.ask("How much does the oldest otter weigh?")
    answer = page.locator(".exchange .answer")
    expect(answer.locator(".said")).to_contain_text("12 kilograms")
    expect(answer.locator(".sources")).to_contain_text("p. 2")
    answer.locator("button.mark").first.click()
    expect(page.locator("#source-body .where").first).to_have_text("otters.pdf, p. 2")
    link = page.get_by_role("link", name="Open the file at p. 2")
    expect(link).to_have_attribute("target", "_blank")
    with page.expect_popup() as opened:
        link.click()
    opened.value.wait_for_url("**/page?document=*#passage")
    expect(opened.value.get_by_text("p. 2 / 2")).to_be_visible()
    assert opened.value.locator(".marks rect").count() > 0
    with opened.value.expect_download() as downloaded:
        opened.value.get_by_role("link", name="Download the file").click()
    content = downloaded.value.path().read_bytes()
    assert content == (library[0].settings.corpus / "otters.pdf").read_bytes()
    opened.value.close()


def test_nothing_runs_in_an_html_document_that_is_opened(
    visit: Visit, library: tuple[Assistant, str]
) -> None:
    reader = visit(at=library[1])
    page = reader.page
    reader.ask("How much does the badger weigh in autumn?")
    page.locator(".exchange button.mark").first.click()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Open the file").click()
    document = opened.value
    refused: dict[str, str | None] = {}
    sent: list[str] = []
    document.on("requestfailed", lambda request: refused.update({request.url: request.failure}))
    document.on("requestfinished", lambda request: sent.append(request.url))
    expect(document.locator("h1")).to_have_text("Badgers")
    document.get_by_role("link", name="Do").click()
    document.get_by_role("button", name="Send").click()
    document.wait_for_timeout(2000)  # longer than the page's refresh waits
    assert document.title() == "Badgers"
    assert document.evaluate("window.hacked") is None
    assert document.evaluate("window.origin") == "null"
    assert document.evaluate("window.opener") is None
    assert "/original?" in document.url
    assert set(refused.values()) <= {"csp"}, "what was tried was refused before it was sent"
    assert [url for url in sent if "beacon" in url or "predict" in url] == []
    document.close()


def test_a_document_that_changed_offers_no_file(
    visit: Visit, library: tuple[Assistant, str]
) -> None:
    assistant, address = library
    path = assistant.settings.corpus / "shrews.md"
    path.write_bytes(b"Shrews sleep.")
    try:
        summary = next(one for one in assistant.documents() if one.source == "shrews.md")
        page = visit(f"/?document={summary.id}", at=address).page
        expect(page.locator("#source-body .changed")).to_contain_text("has changed")
        expect(page.get_by_role("link", name="Open the file")).to_have_count(0)
    finally:
        path.write_bytes(SOURCES["shrews.md"])


def test_a_file_is_opened_at_its_beginning(library: tuple[Assistant, str]) -> None:
    assistant, _ = library
    (shrews,) = assistant.documents("shrews")
    opened = open_original(assistant.settings.corpus, assistant.document(shrews.id))
    assert opened
    with opened:
        assert opened.read() == SOURCES["shrews.md"]
