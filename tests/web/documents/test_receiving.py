"""Adding documents in the page and by the API: off unless allowed, and never without a secret."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pydantic import ValidationError
from starlette.testclient import TestClient

from assistant import Assistant, Encoder, Settings, load_settings
from assistant.ingestion.uploads import Arrival
from assistant.web.chat.page import prepare_page
from assistant.web.documents.receiving import API_PREFIX, Receiver
from tests.conftest import CORPUS
from tests.in_thread import run
from tests.postgres_server import PostgresServer
from tests.web.browsing import DESKTOP, PHONE, Reader, served
from tests.web.chat.test_looks import scrolls_sideways, violations
from tests.web.contexts import Contexts
from tests.web.guarding import client_with, sign_in

PASSWORD = "open – sesame"
TOKEN = "a-token-of-twenty-characters"
LIFT = b"The Harbour Lift was painted red by Anna Quill in 1954."
WHO = "Who painted the Harbour Lift?"
BEARER = {"authorization": f"Bearer {TOKEN}"}


@contextmanager
def receiving(folder: Path, encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over a copy of the article that can be added to."""
    corpus = folder / "corpus"
    shutil.copytree(CORPUS, corpus)
    settings = Settings(
        corpus=corpus,
        index=folder / "index",
        max_file_bytes=100_000,
        uploads=True,
        chat_password=PASSWORD,
        api_tokens=TOKEN,
    )
    with Assistant(settings, encoder) as assistant:
        assistant.ingest()
        yield assistant


@pytest.fixture
def made(tmp_path: Path, encoder: Encoder) -> Iterator[Assistant]:
    with receiving(tmp_path, encoder) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[tuple[Assistant, TestClient]]:
    """An assistant and a client of its server, for requests that add nothing."""
    with receiving(tmp_path_factory.mktemp("shared"), encoder) as assistant:
        with client_with(assistant) as client:
            yield assistant, client


@pytest.fixture
def client(made: Assistant) -> Iterator[TestClient]:
    with client_with(made) as client:
        yield client


def test_a_document_is_added_asked_and_removed_by_the_api(client: TestClient) -> None:
    added = client.put("/api/v1/uploads/lift.txt", content=LIFT, headers=BEARER)
    assert added.status_code == 201
    described = added.json()
    assert (described["source"], described["words"]) == ("uploads/lift.txt", 11)
    asked = client.post("/api/v1/ask", json={"question": WHO}, headers=BEARER).json()
    assert asked["citations"][0]["document_id"] == described["id"]
    listed = client.get(API_PREFIX, headers=BEARER).json()["documents"]
    assert [one["source"] for one in listed] == ["uploads/lift.txt"]
    removed = client.delete("/api/v1/uploads/lift.txt", headers=BEARER)
    assert removed.status_code == 204
    assert client.get("/api/v1/uploads", headers=BEARER).json() == {"documents": []}
    assert client.delete("/api/v1/uploads/lift.txt", headers=BEARER).status_code == 404


@pytest.mark.parametrize("fails", [False, True])
def test_a_client_that_hangs_up_and_an_error_leave_no_other_upload_waiting(
    made: Assistant, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    receiver = Receiver(made)

    def arrival(name: str) -> Arrival:
        path = receiver.uploads.arriving()
        path.write_bytes(LIFT)
        return Arrival(name, path)

    async def uploads() -> tuple[str, ...]:
        async with receiver._turn:
            first = asyncio.create_task(receiver._add(arrival("first.txt")))
            second = asyncio.create_task(receiver._add(arrival("second.txt")))
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.05)
        first.cancel()
        return await asyncio.wait_for(second, 30)

    if not fails:
        assert run(uploads()) == ()
        return
    monkeypatch.setattr(receiver.uploads, "add", partial(int, "no number"))
    with pytest.raises((TypeError, ValueError)):
        run(uploads())


@pytest.mark.parametrize(
    ("name", "content", "status", "detail"),
    [
        ("lift.exe", LIFT, 422, "is not supported"),
        (".lift.txt", LIFT, 422, "cannot be the name"),
        ("..%5Cmill.txt", LIFT, 422, "cannot be the name"),
        ("empty.txt", b"", 422, "it is empty"),
        ("broken.pdf", b"%PDF-1.7 broken", 422, "cannot be read"),
        ("large.txt", b"x" * 100_001, 413, "too large"),
        ("%2e%2e%2fmill.txt", LIFT, 404, ""),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason(
    shared: tuple[Assistant, TestClient], name: str, content: bytes, status: int, detail: str
) -> None:
    assistant, client = shared
    refused = client.put(f"/api/v1/uploads/{name}", content=content, headers=BEARER)
    assert refused.status_code == status
    assert detail in refused.json()["detail"]
    folder = assistant.settings.corpus / "uploads"
    assert not folder.exists() or not list(folder.iterdir())


def test_a_body_without_an_announced_length_is_cut_at_the_limit(
    client: TestClient, made: Assistant
) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b"x" * 10_000

    refused = client.put("/api/v1/uploads/large.txt", content=endless(), headers=BEARER)
    assert refused.status_code == 413
    assert list((made.settings.corpus / "uploads").iterdir()) == []


def test_nothing_is_added_without_the_token_or_the_password(
    client: TestClient, made: Assistant
) -> None:
    client.follow_redirects = False
    for path in ("/api/v1/uploads/lift.txt", "/uploads/lift.txt"):
        assert client.put(path, content=LIFT).status_code == 401
        assert client.delete(path).status_code == 401
    assert client.put("/uploads/lift.txt", content=LIFT, headers=BEARER).status_code == 401
    assert not (made.settings.corpus / "uploads").exists()
    sign_in(client, PASSWORD)
    assert client.put("/uploads/lift.txt", content=LIFT).status_code == 201
    assert client.put("/uploads/lift.exe", content=LIFT).text.startswith("The format of")
    assert client.delete("/uploads/lift.txt").status_code == 204


def test_without_the_setting_there_is_nowhere_to_add_to(made: Assistant) -> None:
    with client_with(made, uploads=False) as client:
        client.follow_redirects = False
        sign_in(client, PASSWORD)
        assert (
            client.put("/api/v1/uploads/lift.txt", content=LIFT, headers=BEARER).status_code == 404
        )
        assert client.put("/uploads/lift.txt", content=LIFT).status_code == 404
        assert "addDocuments" not in client.get("/source").text
    with client_with(made) as client:
        client.follow_redirects = False
        sign_in(client, PASSWORD)
        assert "addDocuments" in client.get("/source").text
    assert "uploads.js" not in prepare_page("<head></head>")[0]
    assert "uploads.js" in prepare_page("<head></head>", can_add=True)[0]


def test_a_server_without_the_documents_adds_none_to_a_shared_index(
    postgres_server: PostgresServer, tmp_path: Path, encoder: Encoder
) -> None:
    """Its ingestion would take the documents of the other servers for removed."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "otters.txt").write_text("The otter sleeps in the reeds.", encoding="utf-8")
    (tmp_path / "empty" / "uploads").mkdir(parents=True)
    shared = {
        "database": postgres_server.new_database(),
        "reader": "none",
        "uploads": True,
        "api_tokens": TOKEN,
    }
    with (
        Assistant(load_settings(corpus=corpus, index=tmp_path / "i", **shared), encoder) as full,
        Assistant(
            load_settings(corpus=tmp_path / "empty", index=tmp_path / "j", **shared), encoder
        ) as bare,
    ):
        full.ingest()
        with client_with(bare) as client, client:
            for method, body in (("PUT", LIFT), ("DELETE", b"")):
                refused = client.request(
                    method, "/api/v1/uploads/lift.txt", content=body, headers=BEARER
                )
                assert refused.status_code == 503, refused.text
                assert "without its documents" in refused.json()["detail"]
        with client_with(full) as client, client:  # which ends what goes on behind it
            added = client.put("/api/v1/uploads/lift.txt", content=LIFT, headers=BEARER)
            assert added.status_code == 201, added.text
        assert {one.source for one in bare.documents()} == {"otters.txt", "uploads/lift.txt"}


def test_uploads_need_a_password_or_a_token() -> None:
    with pytest.raises(ValidationError, match="ASSISTANT_CHAT_PASSWORD"):
        Settings(uploads=True)
    assert Settings(uploads=True, api_tokens=TOKEN).uploads


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(made: Assistant, contexts: Contexts, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A reader's page, signed in."""
    with signed_in(made, contexts, request.param) as page:
        yield page


@contextmanager
def signed_in(assistant: Assistant, contexts: Contexts, viewport: dict[str, int]) -> Iterator[Page]:
    with served(assistant) as address:
        reader = Reader.listening(contexts.page(viewport=viewport), address)
        reader.page.goto(address)
        reader.page.get_by_label("Password").fill(PASSWORD)
        reader.page.get_by_role("button", name="Sign in").click()
        expect(reader.page.locator("#log .log")).to_be_visible(timeout=20_000)
        yield reader.page
        reader.listen_no_more()
        contexts.leave(reader.page)
        refused = [one for one in reader.complaints if "422" not in one]
        assert refused == []


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def test_files_are_chosen_shown_as_they_are_read_asked_and_removed(page: Page) -> None:
    page.get_by_role("button", name="Documents").first.click()
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add documents").click()
    turned = "invoice\u202efdp.exe"
    names = {"lift <b>.txt": LIFT, "broken.pdf": b"%PDF broken", turned: b"MZ"}
    choosing.value.set_files([file(name, content) for name, content in names.items()])
    lines = page.locator(".progress li")
    expect(lines.nth(2)).to_have_text(
        "invoice\ufffdfdp.exeNot added. This kind of file cannot be read. What can be read"
    )
    expect(page.locator(".kinds p")).to_be_hidden()
    lines.nth(2).get_by_role("button", name="What can be read").click()
    expect(page.locator(".kinds p")).to_contain_text(".pdf")
    expect(lines.nth(0)).to_have_text("lift <b>.txtReady to ask: 11 words", timeout=20_000)
    expect(lines.nth(1)).to_contain_text("Not added. 'broken.pdf' cannot be read:")
    entry = page.locator(".documents li", has_text="lift <b>").last
    expect(entry).to_be_visible()
    assert violations(page) == []
    assert not scrolls_sideways(page)
    if page.locator("#source-sheet[open]").count():
        page.keyboard.press("Escape")
    page.get_by_label("Ask in").select_option("uploads/lift <b>.txt", timeout=10_000)
    page.get_by_label("Your question").fill(WHO)
    page.keyboard.press("Enter")
    expect(page.locator(".exchange .said")).to_contain_text("Anna Quill")
    expect(page.locator(".understood")).to_have_text("Asked only in uploads/lift <b>.txt")
    page.get_by_role("button", name="Documents").first.click()
    expect(page.locator("#source-body:not([aria-busy])")).to_have_count(1)
    page.get_by_role("button", name="Remove lift <b>.txt").click()
    expect(entry).to_be_visible()
    page.get_by_role("button", name="Remove for good? lift <b>.txt").click()
    expect(page.locator(".documents .entry")).to_have_count(1)
    expect(page.get_by_label("Ask in")).to_have_count(0)  # one document is left


def test_the_first_document_of_all_is_added_in_the_page(
    tmp_path: Path, encoder: Encoder, contexts: Contexts
) -> None:
    (tmp_path / "corpus").mkdir()
    settings = Settings(
        corpus=tmp_path / "corpus", index=tmp_path / "index", uploads=True, chat_password=PASSWORD
    )
    with Assistant(settings, encoder) as empty, signed_in(empty, contexts, PHONE) as page:
        expect(page.locator(".trouble")).to_contain_text("There are no documents yet. Add some")
        assert violations(page) == []
        with page.expect_file_chooser() as choosing:
            page.locator(".start").get_by_role("button", name="Add documents").click()
        choosing.value.set_files([file("lift.txt", LIFT), file("broken.pdf", b"%PDF broken")])
        lines = page.locator(".progress li")
        expect(lines.nth(0)).to_have_text("lift.txtReady to ask: 11 words", timeout=20_000)
        expect(lines.nth(1)).to_contain_text("Not added.")
        page.keyboard.press("Escape")
        expect(page.locator(".start h2")).to_have_text("What would you like to know?")
        expect(page.locator(".trouble")).to_have_count(0)
        page.get_by_label("Your question").fill(WHO)
        page.keyboard.press("Enter")
        expect(page.locator(".exchange .said")).to_contain_text("Anna Quill")


def test_files_are_dropped_anywhere_on_the_page(page: Page) -> None:
    data = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["The lift is red."], "lift.txt"));
            return data;
        }"""
    )
    page.locator("#log").dispatch_event("dragover", {"dataTransfer": data})
    expect(page.locator("html.dropping")).to_have_count(1)
    page.locator("#log").dispatch_event("drop", {"dataTransfer": data})
    expect(page.locator("html.dropping")).to_have_count(0)
    expect(page.locator(".progress li")).to_have_text(
        "lift.txtReady to ask: 4 words", timeout=20_000
    )
