"""The operator's page and command: behind a password, with nothing kept unless the settings allow it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from rich.console import Console

from assistant import Assistant, Settings
from assistant.cli.insights import print_insights
from assistant.feedback.question_insights import Day, Insights
from assistant.testing import WordEncoder
from assistant.web.insights.operator_page import POLICY
from tests import patient
from tests.web.browsing import served
from tests.web.guarding import sign_in

PASSWORD = "open, sesame"
ODD = "Who feeds Tom & Jerry?"


def settings_in(folder: Path, **more: Any) -> Settings:
    (folder / "corpus").mkdir(exist_ok=True)
    (folder / "corpus" / "mill.md").write_text("# The mill\n\nIt was built in 1851.\n", "utf-8")
    return Settings(corpus=folder / "corpus", index=folder / "index", reader="none", **more)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Assistant]:
    made = settings_in(tmp_path, keep_questions=True, chat_password=SecretStr(PASSWORD))
    with Assistant(made, WordEncoder()) as assistant:
        assistant.ingest()
        assistant.ask("When was it built?")
        assistant.ask(ODD)
        yield assistant


def test_nothing_is_kept_unless_the_settings_allow_it(tmp_path: Path) -> None:
    with Assistant(settings_in(tmp_path), WordEncoder()) as assistant:
        assistant.ingest()
        assistant.ask("When was it built?")
        assistant.ask(ODD)
        assert assistant.insights().days == ()


def test_the_command_prints_days_and_what_to_write(kept: Assistant) -> None:
    console = Console(record=True, width=200)
    print_insights(console, kept.insights())
    text = console.export_text()
    assert "Questions: 2 (" in text
    assert "Add a passage that answers them." in text
    assert f"   1 × {ODD}\n       Nearest passage: The mill" in text


def test_the_command_keeps_days_whole_on_a_narrow_terminal() -> None:
    console = Console(record=True, width=50)
    print_insights(console, Insights((Day("2026-11-28", 3, 1, 1, 1), Day("2026-11-29", 2, 2))))
    text = console.export_text()
    assert "Questions: 5 (3 answered, 1 unsure, 1 not found)" in text
    assert "2026-11-28" in text
    assert "2026-11-29" in text
    assert "Every stored question found something." in text


def test_the_page_is_behind_the_password_and_shows_texts_as_text(kept: Assistant) -> None:
    with (
        served(kept) as address,
        httpx.Client(timeout=30, base_url=address, follow_redirects=True) as client,
    ):
        assert "Insights" not in client.get("/insights").text
        opened = client.get("/insights", headers={"accept": "text/html"})
        assert opened.url.path == "/login"
        sign_in(client, PASSWORD)
        page = client.get("/insights")
        assert "Questions that found no answer" in page.text
        assert "Who feeds Tom &amp; Jerry?" in page.text
        assert "<script" not in page.text
        assert page.headers["content-security-policy"] == POLICY
        assert client.get("/chat/insights.css").status_code == 200


def test_without_a_password_the_page_is_closed(address: str) -> None:
    closed = patient.get(f"{address}/insights")
    assert closed.status_code == 403
    assert "ASSISTANT_CHAT_PASSWORD" in closed.text
