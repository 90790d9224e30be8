"""The HTTP API: what it answers, and how it refuses."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant import Assistant
from assistant.web.api.endpoints import api_routes
from assistant.web.concurrency import AnsweringLimit
from tests.web.browsing import ARTICLE, FOUNDED, UNANSWERABLE, article_id, make_app
from tests.web.guarding import client_with


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with client_with(assistant) as opened:
        yield opened


def post(client: TestClient, body: object, path: str = "/api/v1/ask") -> Any:
    # with escapes, as it may hold half a character that cannot be encoded
    return client.post(path, content=json.dumps(body), headers={"content-type": "application/json"})


def events(text: str) -> list[tuple[str, Any]]:
    blocks = [dict(line.split(": ", 1) for line in one.splitlines()) for one in text.split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks if block]


def test_an_answer_is_what_the_assistant_gives_and_every_quote_is_real(
    client: TestClient, assistant: Assistant
) -> None:
    told = post(client, {"question": FOUNDED}).json()
    expected = assistant.ask(FOUNDED).to_dict()
    assert {**told, "timings": 0} == json.loads(json.dumps({**expected, "timings": 0}))
    assert told["status"] == "answered"
    for citation in told["citations"]:
        text = client.get(f"/api/v1/documents/{citation['document_id']}").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_what_the_documents_do_not_say_is_an_answer_and_no_error(client: TestClient) -> None:
    told = post(client, {"question": UNANSWERABLE})
    assert (told.status_code, told.json()["status"]) == (200, "not_found")


def test_the_history_makes_sense_of_a_short_question(client: TestClient) -> None:
    history = [
        {"role": "user", "content": "What was signed in 2003?"},
        {"role": "assistant", "content": "The Program of Multilateral Trade. [1]"},
    ]
    told = post(client, {"question": "Where was that?", "history": history}).json()
    assert "Beijing" in told["text"]


def test_a_question_can_be_asked_of_one_document(client: TestClient) -> None:
    everywhere = post(client, {"question": "What does the zebra groomer charge?"}).json()
    assert "florins" in everywhere["text"]
    here = {"question": "What does the zebra groomer charge?", "within": ARTICLE}
    told = post(client, here).json()
    assert "florins" not in told["text"]
    assert told["within"] == ARTICLE
    hits = client.get("/api/v1/search", params={"q": "zebra", "within": ARTICLE}).json()["hits"]
    assert {hit["chunk"]["document_id"] for hit in hits} == {told["closest"][0]["document_id"]}


def test_an_answer_comes_in_events_that_end_with_all_of_it(client: TestClient) -> None:
    headers = {"accept": "text/event-stream"}
    sent = client.post("/api/v1/ask", json={"question": FOUNDED}, headers=headers)
    assert sent.headers["content-type"].startswith("text/event-stream")
    told = events(sent.text)
    kinds = [kind for kind, _ in told]
    assert (kinds[0], kinds[-2:]) == ("status", ["citations", "done"])
    done = told[-1][1]
    statements = {one["index"]: one["text"] for kind, one in told if kind == "statement"}
    assert [statements[index] for index in sorted(statements)] == [
        one["text"] for one in done["statements"]
    ]
    assert told[-2][1]["citations"] == done["citations"]
    assert done["status"] == "answered"


def test_an_error_while_streaming_is_an_event(client: TestClient) -> None:
    body = {"question": FOUNDED, "engine": "crystal ball"}
    sent = client.post("/api/v1/ask", json=body, headers={"accept": "text/event-stream"})
    kind, problem = events(sent.text)[-1]
    assert (kind, problem["status"], problem["code"]) == ("error", 422, "invalid_request")
    assert "crystal ball" in problem["detail"]


def test_an_explanation_lists_what_was_read(client: TestClient, assistant: Assistant) -> None:
    response = post(client, {"question": "When was the SCO founded?"}, "/api/v1/explain")
    explanation = assistant.explain("When was the SCO founded?").to_dict()
    assert response.json() == json.loads(json.dumps(explanation))
    assert response.json()["passages"][0]["citation"]["quote"]


def test_an_explanation_takes_a_place_as_an_answer_does(assistant: Assistant) -> None:
    app = make_app(assistant)
    client = TestClient(app, base_url="http://localhost")
    body = {"question": "When was the SCO founded?"}
    with ExitStack() as held:
        for _ in range(assistant.settings.max_in_flight):
            held.enter_context(app.state.questions.place())
        for path in ("/api/v1/ask", "/api/v1/explain"):
            assert client.post(path, json=body).status_code == 503
    assert client.post("/api/v1/explain", json=body).status_code == 200


def test_search_gives_passages_with_their_places(client: TestClient, assistant: Assistant) -> None:
    hits = client.get("/api/v1/search", params={"q": "founding year", "k": 3}).json()["hits"]
    expected = assistant.retrieve("founding year", 3)
    assert [hit["chunk"]["id"] for hit in hits] == [hit.chunk.id for hit in expected]
    assert [hit["score"] for hit in hits] == [hit.score for hit in expected]


def test_documents_are_listed_and_read_with_their_attribution(
    client: TestClient, assistant: Assistant
) -> None:
    listed = client.get("/api/v1/documents").json()["documents"]
    assert [one["source"] for one in listed] == [one.source for one in assistant.documents()]
    document = client.get(f"/api/v1/documents/{article_id(assistant)}").json()
    assert document["text"] == assistant.document(article_id(assistant)).text
    assert document["attribution"]["author"] == "Sun Zhuangzhi"


def test_the_blocks_of_a_document_are_offsets_in_its_text(
    client: TestClient, assistant: Assistant
) -> None:
    document = assistant.document(article_id(assistant))
    blocks = client.get(f"/api/v1/documents/{document.id}/blocks").json()["blocks"]
    assert len(blocks) == len(assistant.blocks(document.id)) > 1
    first = blocks[0]
    assert first["kind"] == "paragraph"
    assert document.text[first["start"] : first["end"]] == document.text.split("\n")[0].strip()
    assert client.get("/api/v1/documents/nothing/blocks").status_code == 404


def test_documents_are_listed_in_pages_and_found_by_title_and_path(
    client: TestClient, assistant: Assistant
) -> None:
    def listed(query: str) -> tuple[list[str], int]:
        body = client.get(f"/api/v1/documents?{query}").json()
        return [one["source"] for one in body["documents"]], body["total"]

    sources = [one.source for one in assistant.documents()]
    assert listed("limit=1") == (sources[:1], len(sources))
    assert listed("limit=1&offset=1") == (sources[1:2], len(sources))
    assert listed("search=REGIONAL") == ([ARTICLE], 1)
    assert listed("search=nothing+like+it") == ([], 0)
    assert client.get("/api/v1/documents?limit=0").status_code == 422


@pytest.mark.parametrize("end", [True, "7", 7.5, None])
def test_a_place_in_feedback_that_is_no_whole_number_is_refused(
    client: TestClient, assistant: Assistant, end: object
) -> None:
    before = assistant.feedback()  # of other tests
    answer = assistant.ask("When was the SCO founded?").to_dict()
    answer["citations"][0]["end"] = end
    refused = post(client, {"answer": answer, "helpful": True}, "/api/v1/feedback")
    assert refused.status_code == 422
    assert "citations" in refused.text
    assert assistant.feedback() == before


def test_feedback_is_kept_and_can_be_replaced(client: TestClient, assistant: Assistant) -> None:
    answer = post(client, {"question": FOUNDED}).json()
    sent = post(client, {"answer": answer, "helpful": True}, "/api/v1/feedback")
    assert sent.status_code == 201
    altered = {**answer, "text": "Something that nobody said."}
    body = {"answer": altered, "helpful": False, "comment": "No.", "replaces": sent.json()["id"]}
    assert post(client, body, "/api/v1/feedback").json() == sent.json()
    (kept,) = [one for one in assistant.feedback() if one.id == sent.json()["id"]]
    assert (kept.helpful, kept.comment, kept.answer) == (False, "No.", answer["text"])
    altered["citations"][0]["quote"] = "Made up."
    unchecked = post(client, {"answer": altered, "helpful": True}, "/api/v1/feedback").json()
    assert unchecked["unchecked"] == [1]
    assistant.delete_all_feedback()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/question"),
        ([], "#"),
        (None, "#"),
        ({"question": ""}, "#/question"),
        ({"question": " \n"}, "#/question"),
        ({"question": 7}, "#/question"),
        ({"question": "\ud800"}, "#/question"),
        ({"question": "Why?", "temperature": 1}, "#/temperature"),
        ({"question": "Why?", "top_k": 0}, "#/top_k"),
        ({"question": "Why?", "top_k": "8"}, "#/top_k"),
        ({"question": "Why?", "history": "before"}, "#/history"),
        ({"question": "Why?", "history": [{"role": "user"}]}, "#/history/0/content"),
        ({"question": "Why?", "history": [{"role": "x", "content": ""}]}, "#/history/0/role"),
        ({"question": "Why?", "history": [{"role": "user", "content": ""}] * 101}, "#/history"),
        (
            {"question": "Why?", "history": [{"role": "user", "content": "x" * 20_001}]},
            "#/history/0/content",
        ),
    ],
)
def test_a_wrong_body_is_refused_with_the_place_that_is_wrong(
    client: TestClient, body: object, pointer: str
) -> None:
    refused = post(client, body)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in refused.json()["errors"]]


def test_what_is_wrong_with_a_body_is_said_in_plain_words(client: TestClient) -> None:
    refused = post(client, {"question": " ", "top_k": "many", "colour": "red"}).json()
    assert refused["errors"] == [
        {"pointer": "#/question", "detail": "must not be blank"},
        {"pointer": "#/top_k", "detail": "must be a whole number"},
        {"pointer": "#/colour", "detail": "is not a known field"},
    ]
    (fault,) = post(client, ["Why?"]).json()["errors"]
    assert fault == {"pointer": "#", "detail": "must be an object"}


def test_a_long_question_is_refused_with_its_limit(client: TestClient) -> None:
    refused = post(client, {"question": "why " * 501}).json()
    assert (refused["status"], refused["code"]) == (422, "invalid_question")
    assert "2,000" in refused["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v2/ask", 404, "not_found"),
        ("GET", "/api/v1/documents/nothing", 404, "document_not_found"),
        ("GET", "/api/v1/documents/%00", 404, "document_not_found"),
        ("GET", "/api/v1/documents/..%2f..%2fetc%2fpasswd", 404, "not_found"),
        ("GET", "/api/v1/ask", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/documents", 405, "method_not_allowed"),
        ("GET", "/api/v1/documents?all=yes", 422, "invalid_request"),
        ("GET", "/api/v1/search", 422, "invalid_request"),
        ("GET", "/api/v1/search?q=a&k=1000", 422, "invalid_request"),
        ("GET", "/api/v1/search?q=a&within=nowhere", 422, "invalid_request"),
        ("POST", "/api/v1/ask?stream=1", 422, "invalid_request"),
    ],
)
def test_every_refusal_is_a_problem(
    client: TestClient, method: str, path: str, status: int, code: str
) -> None:
    refused = client.request(method, path, json={"question": "Why?"} if method == "POST" else None)
    assert refused.headers["content-type"] == "application/problem+json"
    told = refused.json()
    assert (refused.status_code, told["status"], told["code"]) == (status, status, code)
    assert set(told) - {"errors"} == {"type", "title", "status", "detail", "code", "request_id"}
    assert (refused.headers.get("allow") is not None) is (status == 405)


def test_what_is_no_json_or_too_large_is_refused(client: TestClient) -> None:
    for body in (b"{", b"\xff\xfe", b"\xff", b"", b"[" * 100_000):
        refused = client.post(
            "/api/v1/ask", content=body, headers={"content-type": "application/json"}
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        headers = {"content-type": kind} if kind else {}
        for path, field in (("/api/v1/ask", "detail"), ("/v1/chat/completions", "error")):
            refused = client.post(path, content=b'{"question": "Why?"}', headers=headers)
            assert refused.status_code == 415, kind
            assert "Content-Type: application/json" in str(refused.json()[field])
    refused = client.post("/api/v1/ask", content=b"x" * 5_000_000)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    chunks = (b"x" * 500_000 for _ in range(12))
    refused = client.post("/api/v1/ask", content=chunks)
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")


def test_the_api_says_when_nothing_was_ingested(tmp_path: Any, assistant: Assistant) -> None:
    empty = Assistant.open(corpus=tmp_path, index=tmp_path / "index")
    with client_with(empty) as client:
        refused = post(client, {"question": FOUNDED})
        assert (refused.status_code, refused.json()["code"]) == (503, "nothing_ingested")
        assert "assistant ingest" in refused.json()["detail"]
    empty.close()


def test_each_operation_has_a_summary_and_says_how_it_refuses(assistant: Assistant) -> None:
    routes: list[Any] = list(api_routes(assistant, AnsweringLimit(1, 1)).routes)
    assert len(routes) == 7
    for route in routes:
        assert route.path.startswith("/api/v1/")
        assert route.summary
        assert {422, 503} <= set(route.responses)
