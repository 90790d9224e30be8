"""The application as a whole: what it opens it closes, and no request passes its guards unseen."""

from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant import Assistant, load_settings
from assistant.web.app import create_app
from tests.in_thread import run
from tests.web.browsing import make_app

GUARDS = [
    "RootPath",
    "TrustedProxies",
    "RequestLog",
    "Guard",
    "KnownHosts",
    "CORSMiddleware",
    "RateLimit",
    "BearerTokens",
    "Password",
    "Languages",
    "Compression",
]


def test_a_request_passes_the_guards_in_order(small_assistant: Assistant) -> None:
    passed = [
        str(getattr(one.cls, "__name__", "")) for one in make_app(small_assistant).user_middleware
    ]
    assert passed == GUARDS


@pytest.mark.usefixtures("quick_models")
def test_an_assistant_that_the_application_opens_is_closed_with_it(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, closed = Assistant.close, []

    def closing(assistant: Assistant) -> None:
        closed.append(assistant.settings)
        close(assistant)

    async def make() -> FastAPI:  # without an event loop, Gradio leaves some open
        return create_app(settings)

    (corpus / "a.txt").write_text("Otters sleep by day.", encoding="utf-8")
    settings = load_settings(corpus=corpus, index=tmp_path / "index")
    with Assistant.open(settings) as first:
        first.ingest()
    monkeypatch.setattr(Assistant, "close", closing)
    with TestClient(run(make()), base_url="http://localhost") as client:
        assert client.get("/healthz").json() == {"status": "up"}
        asked = client.post("/api/v1/ask", json={"question": "When do otters sleep?"})
        assert asked.status_code == 200
        assert closed == []
    assert closed == [settings]


def test_it_is_not_ready_without_an_index_and_says_what_to_run(small_assistant: Assistant) -> None:
    client = TestClient(make_app(small_assistant), base_url="http://localhost")
    refused = client.get("/readyz")
    assert refused.status_code == 503
    assert "assistant ingest" in refused.json()["reason"]
    assert client.get("/healthz").status_code == 200
