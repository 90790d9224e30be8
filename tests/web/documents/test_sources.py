"""The list of documents: in pages, with a search, compressed, and turned in the pane."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import expect

from assistant import Assistant, Settings
from assistant.testing import WordEncoder
from assistant.web.documents import sources
from assistant.web.documents.page_drawer import PageDrawer
from assistant.web.documents.sources import source_routes
from assistant.web.middleware.compression import Compression
from tests.web.browsing import Reader


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The route over five documents, two on a page."""
    monkeypatch.setattr(sources, "PAGE", 2)
    folder = tmp_path / "five"
    folder.mkdir()
    for name in ("a_1", "b_2", "c%3", "d_4", "e_5"):
        (folder / f"{name}.md").write_text(f"# Number {name}\n\nThe otter sleeps by day.")
    with Assistant(Settings(corpus=folder, index=tmp_path / "index"), WordEncoder()) as assistant:
        assistant.ingest()
        app = FastAPI()
        app.include_router(source_routes(assistant, PageDrawer(assistant)))
        app.add_middleware(Compression)
        yield TestClient(app)


def listed(client: TestClient, query: str) -> list[str]:
    text = client.get(f"/source?{query}").text
    return [part.partition("<")[0] for part in text.split('<strong dir="auto">')[1:]]


def test_documents_are_listed_in_pages(client: TestClient) -> None:
    assert listed(client, "") == ["Number a_1", "Number b_2"]
    assert listed(client, "skip=4") == ["Number e_5"]
    first, last = client.get("/source").text, client.get("/source?skip=4").text
    assert "1 to 2 of 5" in first
    assert ("Next page" in first, "Previous page" in first) == (True, False)
    assert ("Next page" in last, "Previous page" in last) == (False, True)


def test_documents_are_found_by_title_and_path_letter_by_letter(client: TestClient) -> None:
    assert listed(client, "search=NUMBER+d") == ["Number d_4"]
    assert listed(client, "search=c%25") == ["Number c%3"]
    assert listed(client, "search=_5") == ["Number e_5"]
    assert "No document has this" in client.get("/source?search=zebra").text


def test_a_search_is_shown_as_text(client: TestClient) -> None:
    assert "<script>" not in client.get("/source?search=%22%3E%3Cscript%3E").text


@pytest.mark.parametrize("skip", ["-1", "x", "999999999999999999999", "99"])
def test_a_page_that_is_not_there_is_no_error(skip: str, client: TestClient) -> None:
    assert client.get(f"/source?skip={skip}").status_code == 200


def test_long_lists_are_compressed(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "PAGE", 5)
    assert client.get("/source").headers["content-encoding"] == "gzip"


def test_the_list_is_turned_and_searched_in_the_pane(
    visit: Callable[..., Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "PAGE", 1)
    page = visit().page
    page.locator("#documents-button").click()
    entries = page.locator("#source-body .entry")
    expect(entries).to_have_count(1)
    before = entries.inner_text()
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_role("button", name="Previous page")).to_be_visible()
    assert entries.inner_text() != before
    page.get_by_label("Find a document by title or path").fill("zebra")
    page.keyboard.press("Enter")
    expect(entries).to_have_count(1)
    expect(entries).to_contain_text("Zebra grooming")
