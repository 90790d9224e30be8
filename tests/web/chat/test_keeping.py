"""The conversation lives in the reader's browser: over restarts, and never believed blindly."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant import Assistant
from assistant.settings import Settings, load_settings
from assistant.web.chat.conversation import read_conversation
from assistant.web.citation_checks import CitationChecks
from assistant.web.strings import load_strings
from tests.web.browsing import ARTICLE, FOUNDED, Visit, served


@pytest.fixture
def own(tmp_path: Path, corpus: Path, settings: Settings) -> Settings:
    """A copy of corpus and index for a test that changes them."""
    shutil.copytree(corpus, tmp_path / "corpus")
    shutil.copytree(settings.index, tmp_path / "index")
    return load_settings(corpus=tmp_path / "corpus", index=tmp_path / "index")


def test_a_conversation_survives_a_restart_and_says_where_documents_changed(
    visit: Visit, own: Settings, free_tcp_port: int
) -> None:
    assistant = Assistant.open(own)
    with served(assistant, free_tcp_port) as address:
        reader = visit(at=address)
        reader.ask(FOUNDED)
    page = reader.page
    reader.complaints.clear()  # the page noticed that the server went away

    with served(assistant, free_tcp_port) as address:
        reader.open()
        expect(page.locator(".exchange")).to_have_count(1)
        expect(page.locator("button.mark").first).to_be_visible()

        article = own.corpus / ARTICLE
        article.write_text("In short. " + article.read_text(encoding="utf-8"), encoding="utf-8")
        page.locator("button.mark").first.click()
        expect(page.locator("#source-body")).to_contain_text(
            "The file has changed since it was indexed"
        )
        assistant.ingest()
        reader.open()
        expect(page.locator(".exchange")).to_have_count(1)
        expect(page.locator("button.mark")).to_have_count(0)
        expect(page.locator(".mark.stale").first).to_contain_text(
            "the document has changed or was removed"
        )
    reader.complaints.clear()
    assistant.close()


@pytest.mark.parametrize(
    "kept",
    [
        '"text"',
        '{"version": 1, "exchanges": 7}',
        '{"version": 1, "exchanges": [{"question": "<img src=x>", "state": "answered"}]}',
        '{"version": 99}',
    ],
)
def test_what_is_no_conversation_is_dropped_with_a_word(assistant: Assistant, kept: str) -> None:
    conversation = read_conversation(json.loads(kept), CitationChecks(assistant), 2000)
    assert conversation.exchanges == ()
    assert conversation.notice == load_strings("chat")("conversation_dropped")
