"""Figures for Prometheus: off unless asked for, guarded like the API, and without any text."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from assistant import Assistant, load_settings
from assistant.testing import WordEncoder
from assistant.web.concurrency import AnsweringLimit
from assistant.web.metrics import add_metrics
from assistant.web.problems import is_api
from tests import patient
from tests.evaluation.fakes import TEXT
from tests.in_thread import run


@pytest.fixture
def mill_assistant(tmp_path: Path) -> Iterator[Assistant]:
    """A quick assistant over a folder of its own: that of these tests is shared."""
    folder = tmp_path / "mill"
    folder.mkdir()
    (folder / "mill.txt").write_text(TEXT, encoding="utf-8")
    settings = load_settings(corpus=folder, index=tmp_path / "index", reader="none")
    with Assistant(settings, WordEncoder()) as assistant:
        yield assistant


@pytest.fixture
def app(mill_assistant: Assistant) -> FastAPI:
    app = FastAPI()
    add_metrics(app, mill_assistant, AnsweringLimit(1, 2))
    return app


def figures(app: FastAPI) -> str:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await client.get("/metrics")

    response = run(ask())
    assert response.headers["content-type"].startswith("text/plain")
    return response.text


def test_answers_are_counted_by_status_with_the_seconds_of_their_stages(
    app: FastAPI, mill_assistant: Assistant
) -> None:
    mill_assistant.ingest()
    for question in ("When was the mill built?", "When was the mill built?", "Who won at Oslo?"):
        mill_assistant.ask(question)
    text = figures(app)
    assert 'assistant_answers_total{engine="extractive",status="answered"} 2.0' in text
    assert 'assistant_answers_total{engine="extractive",status="not_found"} 1.0' in text
    assert 'assistant_stage_seconds_count{stage="total"} 3.0' in text
    assert 'assistant_stage_seconds_count{stage="retrieval"} 3.0' in text
    assert "mill" not in text


def test_the_generation_is_that_of_the_last_ingestion(
    app: FastAPI, mill_assistant: Assistant
) -> None:
    assert 'assistant_index_info{generation=""} 1.0' in figures(app)
    mill_assistant.ingest()
    before = mill_assistant.generation
    mill_assistant.ingest(rebuild=True)
    found = re.search(r'generation="(\w+)"', figures(app))
    assert found
    assert found[1] == mill_assistant.generation != before


def test_questions_in_flight_are_counted(mill_assistant: Assistant) -> None:
    app, limit = FastAPI(), AnsweringLimit(1, 2)
    add_metrics(app, mill_assistant, limit)
    with limit.place():
        assert "assistant_questions_in_flight 1.0" in figures(app)
    assert "assistant_questions_in_flight 0.0" in figures(app)


def test_they_are_guarded_like_the_api() -> None:
    assert is_api({"type": "http", "path": "/metrics"})


def test_there_are_none_unless_asked_for(address: str) -> None:
    assert patient.get(f"{address}/metrics").status_code == 404
