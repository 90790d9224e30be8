"""What somebody outside can call: only what the chat's page itself needs."""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from assistant import Assistant
from tests.web.browsing import article_id


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(timeout=30, base_url=address) as opened:
        yield opened


def handlers(client: httpx.Client) -> dict[str, int]:
    """The numbers by which the page calls the handlers."""
    page = client.get("/").text
    found = re.search(r"window\.gradio_config = (\{.*?\});</script>", page)
    assert found
    dependencies = json.loads(found[1])["dependencies"]
    return {one["api_name"]: one["id"] for one in dependencies if one["backend_fn"]}


def call(client: httpx.Client, number: int, data: list[Any], **more: Any) -> httpx.Response:
    body = {"fn_index": number, "data": data, "session_hash": "outsider", **more}
    # in ASCII with escapes, as a browser would never send it
    headers = {"content-type": "application/json"}
    return client.post("/gradio_api/run/predict", content=json.dumps(body), headers=headers)


@pytest.mark.parametrize(
    "request_",
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=1"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/file//etc/passwd"),
        ("GET", "/gradio_api/file=pyproject.toml"),
        ("GET", "/gradio_api/file%3D/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://example.invalid/"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("GET", "/gradio_api/runs"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/gradio_api/run-history/buckets"),
        ("POST", "/gradio_api/call/answer"),
        ("POST", "/gradio_api/api/answer"),
        ("POST", "/gradio_api/run/answer"),
        ("POST", "/gradio_api/component_server"),
        ("POST", "/gradio_api/process_recording"),
        ("POST", "/gradio_api/vibe-edit"),
        ("GET", "/gradio_api/vibe-code"),
        ("POST", "/gradio_api/mcp/sse"),
        ("GET", "/config"),
        ("GET", "/monitoring"),
        ("GET", "/assets/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd"),
        ("GET", "/chat/..%2f..%2fapp.py"),
        ("GET", "/static/..%2f..%2f..%2froutes.py"),
    ],
    ids=" ".join,
)
def test_what_the_chat_does_not_need_is_refused(
    client: httpx.Client, request_: tuple[str, str]
) -> None:
    method, path = request_
    response = client.request(method, path, json={} if method == "POST" else None)
    assert response.status_code in (403, 404, 405)
    assert "root:" not in response.text


def test_a_request_that_is_too_large_is_refused(client: httpx.Client) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 5_000_000).status_code == 413
    chunks = (b"x" * 500_000 for _ in range(12))
    with suppress(httpx.TransportError):  # cut off in the middle
        assert client.post("/gradio_api/queue/join", content=chunks).status_code >= 400


def test_no_handler_is_offered_as_an_api(client: httpx.Client) -> None:
    page = client.get("/").text
    config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", page)[1])  # type: ignore[index]
    assert {one["api_visibility"] for one in config["dependencies"]} == {"private"}
    assert json.loads(re.search(r"window\.gradio_api_info = (.*?);</script>", page)[1]) == {  # type: ignore[index]
        "named_endpoints": {},
        "unnamed_endpoints": {},
    }


def test_a_question_over_the_limit_is_refused_by_the_server(
    client: httpx.Client, assistant: Assistant
) -> None:
    long = "why " * assistant.settings.max_question_length
    numbers = handlers(client)
    begun = call(client, numbers["begin"], [long, {}])
    assert begun.status_code == 200
    assert "the limit is" in begun.text
    assert begun.json()["data"][1] == {"signed": "", "within": ""}


@pytest.mark.parametrize(
    "hostile",
    [
        None,
        "text",
        [[]],
        {"version": 1, "exchanges": [{"question": "\ud800", "state": "pending"}]},
        {"version": 1, "exchanges": [{"question": "x", "state": "pending"}] * 1000},
        {"version": 1, "exchanges": [{"question": {"path": "/etc/passwd"}, "state": "stopped"}]},
    ],
)
def test_a_conversation_of_another_shape_reaches_no_handler(
    client: httpx.Client, hostile: Any
) -> None:
    numbers = handlers(client)
    for name in ("restore", "fail", "stop", "clear", "undo", "export"):
        response = call(client, numbers[name], [hostile])
        assert response.status_code == 422, name
        assert response.headers["content-type"] == "application/problem+json"
        assert "root:" not in response.text
    for wish in (7, {"question": ["x"]}, {"question": "\ud800"}, {"again": "yes"}):
        assert call(client, numbers["begin"], ["", {}], event_data=wish).status_code == 422


def test_pages_cannot_be_framed_and_run_no_script_but_their_own(client: httpx.Client) -> None:
    headers = client.get("/").headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    assert policy["frame-ancestors"] == "'none'"
    assert policy["default-src"] == "'none'"
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "http" not in headers["content-security-policy"]


def test_the_source_shows_documents_of_the_index_only(
    client: httpx.Client, assistant: Assistant
) -> None:
    known = client.get("/source", params={"document": article_id(assistant)})
    assert known.status_code == 200
    assert known.headers["content-security-policy"].startswith("default-src 'none'")
    for unknown in ("../../etc/passwd", "/etc/passwd", "x" * 10_000, "\x00", "🦓"):
        assert client.get("/source", params={"document": unknown}).status_code == 404


def test_the_probes_say_that_the_process_is_up_and_ready(client: httpx.Client) -> None:
    assert client.get("/healthz").json() == {"status": "up"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
