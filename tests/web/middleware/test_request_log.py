"""The log: one line of JSON each, with the id that the answer carried, and nobody's questions."""

import json
import logging
import sys
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.web.middleware.request_log import LOGGER, JsonLines, RequestLog
from tests.web.guarding import client_with

SECRET = "zebra-coloured"


@pytest.fixture
def written() -> Iterator[StringIO]:
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(with_messages=False))
    before = LOGGER.level
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield stream
    LOGGER.removeHandler(handler)
    LOGGER.setLevel(before)


def lines(written: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_each_request_is_logged_with_the_id_that_its_answer_carries(
    assistant: Assistant, written: StringIO
) -> None:
    with client_with(assistant) as client:
        answer = client.get("/source", params={"document": SECRET})
        own = client.get("/api/v1/nothing", headers={"x-request-id": "my-own-id-1"})
        hostile = client.get("/source", headers={"x-request-id": 'a" b', "x-forwarded-for": "::1"})
        assert own.json()["request_id"] == own.headers["x-request-id"] == "my-own-id-1"
        assert hostile.headers["x-request-id"] != 'a" b'
        client.get("/healthz")
        client.get("/chat/chat.css")
    first, second, _ = lines(written)
    assert first["request_id"] == answer.headers["x-request-id"]
    assert (first["event"], first["level"], first["method"]) == ("request", "info", "GET")
    assert (first["path"], first["status"], first["client"]) == ("/source", 404, "192.0.2.7")
    assert second["request_id"] == "my-own-id-1"


def test_a_request_with_an_answer_has_a_single_line(
    assistant: Assistant, written: StringIO
) -> None:
    asked = {"question": "When was the SCO founded?"}
    chat = {"model": "assistant", "messages": [{"role": "user", "content": asked["question"]}]}
    with client_with(assistant) as client:
        client.post("/api/v1/ask", json=asked)
        client.post("/api/v1/ask", json=asked, headers={"accept": "text/event-stream"})
        client.post("/v1/chat/completions", json=chat)
        client.post("/v1/chat/completions", json={**chat, "stream": True})
    logged = lines(written)
    assert [line["event"] for line in logged] == ["request"] * 4
    assert len({line["request_id"] for line in logged}) == 4
    assert [line["answer"]["channel"] for line in logged] == ["api", "api", "openai", "openai"]
    assert {line["status"] for line in logged} == {200}
    assert {line["answer"]["status"] for line in logged} == {"answered"}
    assert all(line["answer"]["citations"] for line in logged)


def test_the_log_holds_no_question_whichever_way_it_came(
    assistant: Assistant, written: StringIO
) -> None:
    with client_with(assistant) as client:
        client.get("/", params={"q": SECRET})
        client.get("/api/v1/search", params={"q": SECRET})
        client.post("/api/v1/ask", json={"question": SECRET})
        client.post("/v1/chat/completions", json={"messages": SECRET})
    assert len(lines(written)) >= 4
    assert SECRET not in written.getvalue()


def test_an_unforeseen_error_is_logged_without_its_message_and_told_with_its_id(
    written: StringIO,
) -> None:
    async def fail(request: Request) -> None:
        raise RuntimeError(SECRET)

    app = Starlette(routes=[Route("/api/fail", fail)])
    app.add_middleware(RequestLog)
    told = TestClient(app).get("/api/fail")
    assert (told.status_code, told.json()["code"]) == (500, "internal_error")
    assert SECRET not in told.text
    error, request = lines(written)
    assert error["exception"] == "RuntimeError"
    assert error["request_id"] == request["request_id"] == told.json()["request_id"]
    assert any(" fail" in frame for frame in error["frames"])
    assert SECRET not in written.getvalue()


def test_the_message_of_an_error_is_logged_where_questions_may_be() -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError:
        record = logging.LogRecord("x", logging.ERROR, "", 1, "error", None, sys.exc_info())
    assert json.loads(JsonLines(with_messages=True).format(record))["message"] == SECRET
    assert "message" not in json.loads(JsonLines(with_messages=False).format(record))
