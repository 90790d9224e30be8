"""The chat's doorway: what a hostile client sends in place of the chat's page."""

import gc
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant import Assistant
from assistant.web.chat.doorway import MAX_FAULTS, Doorway
from tests.web.browsing import FOUNDED, make_app, running
from tests.web.guarding import other_settings

JSON = {"content-type": "application/json"}
FILE = {"_type": "gradio.FileData"}
NAMES = 1500
INVENTED = "The SCO was founded in 1999 by pirates."


class Recorder:
    """What reaches Gradio, which is served as before."""

    def __init__(self, gradio: ASGIApp) -> None:
        self.gradio = gradio
        self.requests: list[tuple[str, str, bytes]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.requests.append((scope["method"], scope["path"], scope["query_string"]))
        await self.gradio(scope, receive, send)


@dataclass
class Site:
    """A server over the article, the folder that its Gradio writes to, and what Gradio is sent."""

    app: FastAPI
    client: httpx.Client
    written: Path
    gradio: Recorder
    numbers: dict[str, int] = field(default_factory=dict)
    names: "count[int]" = field(default_factory=count)

    def call(self, function: str, data: object, /, **more: object) -> httpx.Response:
        """Call a function of the page; ``more`` is put over what the page sends."""
        path = "queue/join" if function == "answer" else "run/predict"
        body = {
            "fn_index": self.numbers[function],
            "data": data,
            "session_hash": f"a{next(self.names)}",
            **more,
        }
        return self.post(path, json.dumps(body))

    def post(self, path: str, body: str | bytes) -> httpx.Response:
        return self.client.post(f"/gradio_api/{path}", content=body, headers=JSON)

    def ask(self, question: str) -> dict[str, str]:
        """Ask as the page does; what the browser would keep."""
        kept = self.call("begin", [question, {}]).json()["data"][1]
        answered: dict[str, str] = self.answers(kept)[-1]["output"]["data"][0]
        return answered

    def answers(self, kept: object) -> list[dict[str, Any]]:
        """The messages of the stream of answers, but for the one that closes it."""
        joined = self.call("answer", [kept, True], session_hash="mine")
        assert joined.status_code == 200, joined.text
        stream = self.client.get("/gradio_api/queue/data", params={"session_hash": "mine"})
        told = [json.loads(line[6:]) for line in stream.text.split("\n\n") if line]
        assert told[-1]["msg"] == "close_stream"
        assert told[-2]["event_id"] == joined.json()["event_id"]
        return told[:-1]

    def files(self) -> list[Path]:
        return [path for path in self.written.rglob("*") if path.is_file()]


@pytest.fixture(scope="module")
def site(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    written = tmp_path_factory.mktemp("gradio")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(written))
        with other_settings(assistant, trusted_proxies="127.0.0.1"):
            app = make_app(assistant)
        doorkeeper = app.router.routes[-1].app  # type: ignore[attr-defined]  # Gradio's mount
        doorkeeper._app = recorder = Recorder(doorkeeper._app)
        with (
            running(app, ending=app.state.ending) as address,
            httpx.Client(base_url=address, timeout=20) as client,
        ):
            found = re.search(r"window\.gradio_config = (\{.*?\});</script>", client.get("/").text)
            assert found
            functions = json.loads(found[1])["dependencies"]
            numbers = {one["api_name"]: one["id"] for one in functions if one["backend_fn"]}
            yield Site(app, client, written, recorder, numbers)


@pytest.fixture
def beacon() -> Iterator["Beacon"]:
    with beaconing() as started:
        yield started


@dataclass
class Beacon:
    """A server that counts who comes by."""

    address: str = ""
    visits: list[str] = field(default_factory=list)


@contextmanager
def beaconing() -> Iterator[Beacon]:
    beacon = Beacon()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            """Nothing."""

        def do_GET(self) -> None:
            beacon.visits.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815  # its name there

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    beacon.address = f"http://127.0.0.1:{server.server_port}/x"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield beacon
    server.shutdown()
    thread.join()
    server.server_close()


def deep(payload: object, levels: int = 20) -> object:
    for level in range(levels):
        payload = [payload] if level % 2 else {"value": payload}
    return payload


def payloads(beacon: str) -> Iterator[object]:
    """Everything that Gradio takes for a file or an address."""
    for path in ("/etc/passwd", "/etc/shadow", "/proc/self/environ", "/dev/zero", "/nowhere"):
        yield {"path": path, "meta": FILE}
    for address in (beacon, beacon.replace("127.0.0.1", "localhost")):
        yield {"url": address, "meta": FILE}
        yield {"path": address, "meta": FILE}
        yield {"path": "x", "url": address, "meta": FILE, "orig_name": "x"}
    yield {"path": "/etc/passwd", "meta": FILE, "is_stream": True}


PLACES: dict[str, Callable[[Site, Any], httpx.Response]] = {
    "a value": lambda site, sent: site.call("restore", [sent]),
    "a list": lambda site, sent: site.call("restore", [[sent]]),
    "an object": lambda site, sent: site.call("export", [{"within": "", "signed": "", "x": sent}]),
    "the signed text": lambda site, sent: site.call("stop", [{"signed": sent, "within": ""}]),
    "the part": lambda site, sent: site.call("clear", [{"signed": "", "within": sent}]),
    "the depth": lambda site, sent: site.call("undo", [deep(sent)]),
    "the question": lambda site, sent: site.call("begin", [sent, {}]),
    "the choice": lambda site, sent: site.call("answer", [{}, sent]),
    "one value more": lambda site, sent: site.call("fail", [{}, sent]),
    "the event": lambda site, sent: site.call("restore", [{}], event_data=sent),
    "the wish": lambda site, sent: site.call("begin", ["", {}], event_data={"question": sent}),
    "the rating": lambda site, sent: site.call(
        "rate", [{}], event_data={"index": 0, "helpful": True, "comment": sent}
    ),
    "the page": lambda site, sent: site.call("restore", [{}], session_hash=sent),
    "the page as text": lambda site, sent: site.call("restore", [{}], session_hash=str(sent)),
    "the trigger": lambda site, sent: site.call("restore", [{}], trigger_id=sent),
    "the number": lambda site, sent: site.call("restore", [{}], fn_index=sent),
    "a batch": lambda site, sent: site.call("restore", [[sent]], batched=True),
    "a key of Gradio": lambda site, sent: site.call("restore", [{}], oauth_token=str(sent)),
    "another key": lambda site, sent: site.call("restore", [{}], files=[sent]),
    "the stopped question": lambda site, sent: site.post(
        "cancel", json.dumps({"event_id": sent, "session_hash": "a", "fn_index": 2})
    ),
    "the reset question": lambda site, sent: site.post("reset", json.dumps({"event_id": sent})),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_payload_with_a_file_or_an_address_is_refused_unread(
    site: Site, beacon: Beacon, place: str
) -> None:
    for sent in payloads(beacon.address):
        refused = PLACES[place](site, sent)
        assert refused.status_code == 422, sent
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["code"] == "invalid_request"
        assert "root:" not in refused.text
    assert beacon.visits == []
    assert site.files() == []


def test_refusals_do_not_tell_which_files_exist(site: Site) -> None:
    told = []
    for path in ("/etc/passwd", "/etc/shadow", "/nowhere/at/all", "/", "\x00", "pyproject.toml"):
        refused = site.call("restore", [{"path": path, "meta": FILE}])
        told.append({**refused.json(), "request_id": "", "status": refused.status_code})
    assert told == [told[0]] * len(told)


@pytest.mark.parametrize(
    "more",
    [
        {"fn_index": -1},
        {"fn_index": 99},
        {"fn_index": True},
        {"fn_index": "0"},
        {"fn_index": None},
        {"fn_index": 10**30},
        {"trigger_id": 3},
        {"trigger_id": "0"},
        {"trigger_id": 10**9},
        {"session_hash": None},
        {"session_hash": ""},
        {"session_hash": "x" * 17},
        {"session_hash": "../../etc"},
        {"session_hash": "a\n"},
        {"session_hash": "A"},
        {"session_hash": 7},
        {"event_data": {"question": "x"}},
        {"event_data": []},
        {"event_id": "0" * 32},
        {"simple_format": True},
        {"batched": True},
        {"data": {}},
        {"data": []},
        {"data": [{}, {}]},
        {"data": [None]},
        {"data": [{"signed": "<b>"}]},
        {"data": [{"signed": "\ud800"}]},
        {"data": [{"within": "x" * 5000}]},
    ],
    ids=lambda more: str(more)[:60],
)
def test_a_call_that_the_page_does_not_make_is_refused(site: Site, more: dict[str, Any]) -> None:
    refused = site.call("restore", [{}], **more)
    assert refused.status_code == 422
    assert refused.json()["code"] == "invalid_request"
    assert len(refused.content) < 2000


@pytest.mark.parametrize("count", [3, 5, 6, 13])
def test_a_few_faults_are_listed_with_their_number(site: Site, count: int) -> None:
    sent = {"fn_index": site.numbers["restore"], "data": [{}], "session_hash": "a"}
    refused = site.post(
        "run/predict", json.dumps({**sent, **{f"k{key}": 0 for key in range(count)}})
    )
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == min(count, MAX_FAULTS)
    assert refused.json().get("error_count", count) == count
    assert ("error_count" in refused.json()) == (count > MAX_FAULTS)


def test_functions_are_called_by_their_own_way_only(site: Site) -> None:
    answer = {"fn_index": site.numbers["answer"], "data": [{}, False], "session_hash": "a"}
    assert site.post("run/predict", json.dumps(answer)).status_code == 422
    restore = {"fn_index": site.numbers["restore"], "data": [{}], "session_hash": "a"}
    assert site.post("queue/join", json.dumps(restore)).status_code == 422
    for number in {*range(30)} - {*site.numbers.values()}:
        assert site.call("restore", [{}], fn_index=number).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 500_000,
        b'{"data":' * 200_000,
        b'{"fn_index": 0, "fn_index": 0, "data": [{}], "session_hash": "a"}',
        b'{"fn_index": 0, "data": [{"within": "", "within": ""}], "session_hash": "a"}',
        b'{"fn_index": NaN, "data": [{}], "session_hash": "a"}',
        b'{"fn_index": 1e999, "data": [{}], "session_hash": "a"}',
        b'{"fn_index": ' + b"9" * 5000 + b', "data": [{}], "session_hash": "a"}',
        b"\xff\xfe{\x00}\x00",
        b'{"data": "\xed\xa0\x80"}',
        b"{" + b",".join(b'"%d": 0' % key for key in range(100_000)) + b"}",
        b'{"fn_index": 0, "session_hash": "a", "data": [' + b"0," * 500_000 + b"0]}",
    ],
    ids=lambda body: repr(body[:40]),
)
def test_what_is_not_the_pages_json_is_refused_in_few_words(site: Site, body: bytes) -> None:
    for path in ("run/predict", "queue/join"):
        refused = site.post(path, body)
        assert refused.status_code == 422
        assert len(refused.content) < 2000
    for path in ("cancel", "reset"):
        assert site.post(path, body).status_code in (413, 422)


def test_a_body_that_is_too_large_is_not_read_to_its_end(site: Site) -> None:
    huge = json.dumps({"fn_index": 0, "data": [{"signed": "x" * 3_500_000}], "session_hash": "a"})
    assert site.post("run/predict", huge).status_code == 413
    assert site.post("cancel", json.dumps({"event_id": "0" * 5000})).status_code == 413


def test_a_form_of_another_site_is_refused(site: Site) -> None:
    body = json.dumps({"fn_index": site.numbers["restore"], "data": [{}], "session_hash": "a"})
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        headers = {"content-type": kind}
        for path in ("run/predict", "queue/join", "cancel", "reset"):
            refused = site.client.post(f"/gradio_api/{path}", content=body, headers=headers)
            assert refused.status_code == 415


@pytest.mark.parametrize(
    "query",
    [
        "",
        "session_hash=",
        "session_hash=A",
        "session_hash=" + "x" * 17,
        "session_hash=../..",
        "session_hash=a&session_hash=b",
        "session_hash=a&path=/etc/passwd",
        "session_hash=%00",
    ],
)
def test_a_stream_of_another_name_is_refused(site: Site, query: str) -> None:
    assert site.client.get(f"/gradio_api/queue/data?{query}").status_code == 422


def test_a_stream_that_nobody_asked_for_is_not_there(site: Site) -> None:
    assert site.client.get("/gradio_api/queue/data?session_hash=nobody").status_code == 404


def test_nothing_that_a_client_sends_reaches_gradio(site: Site) -> None:
    site.gradio.requests.clear()
    site.ask(FOUNDED)
    gradio: Any = site.gradio.gradio
    paths = {re.sub(r"\{[^}]*\}", "x", path) for path in gradio.openapi()["paths"]}
    assert len(paths) > 50
    gradio.add_api_route("/gradio_api/tomorrow", lambda: "new")
    for path in sorted(paths):
        for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            site.client.request(method, path, params={"deep_link": "x", "page": "x"}, json={})
    reached = {path for _, path, _ in site.gradio.requests}
    own = {"/", "/theme.css", "/favicon.ico", "/robots.txt", "/gradio_api/app_id"}
    assert reached <= own | {"/assets/x", "/static/x"}
    assert {method for method, _, _ in site.gradio.requests} == {"GET"}
    assert {query for _, _, query in site.gradio.requests} == {b""}
    for path in ("tomorrow", "file=/etc/passwd", "file/x", "proxy=http://x", "heartbeat/a"):
        assert site.client.get(f"/gradio_api/{path}").status_code == 404


def test_the_page_takes_nothing_from_its_address(site: Site) -> None:
    for query in ("page=nothing", "deep_link=x", "deep_link=../../etc", "__theme=x", "view=api"):
        assert site.client.get(f"/?{query}").status_code == 200


def test_more_names_than_there_are_places_leave_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.web.chat.open_pages.SECONDS_TO_COME", 1.0, raising=False)
    gradio: Any = site.gradio.gradio
    queue = gradio.get_blocks()._queue
    statuses = []
    for number in range(NAMES):
        function, data = ("answer", [{}, False]) if number % 4 else ("restore", [{}])
        statuses.append(site.call(function, data, session_hash=f"n{number}").status_code)
    assert set(statuses) <= {200, 503}
    kept = (
        gradio.state_holder.session_data,
        queue.pending_messages_per_session,
        queue.pending_event_ids_session,
        queue.event_analytics,
        gradio.iterators,
    )
    assert [len(names) for names in kept] == [0] * len(kept)
    assert 0 < len(site.app.state.doorway.pages) <= 64
    wait_until(lambda: len(site.app.state.doorway.pages) == 0)
    assert "2001" in json.dumps(site.answers(site.call("begin", [FOUNDED, {}]).json()["data"][1]))


def test_one_client_leaves_room_for_others(site: Site) -> None:
    def join(client: str, number: int) -> int:
        body = {
            "fn_index": site.numbers["answer"],
            "data": [{}, False],
            "session_hash": f"{number}",
        }
        headers = {"x-forwarded-for": client}
        return site.client.post("/gradio_api/queue/join", json=body, headers=headers).status_code

    try:
        statuses = [join("203.0.113.1", number) for number in range(200)]
        assert statuses.count(200) == 64
        assert join("203.0.113.2", 1000) == 200
        assert [join("203.0.113.3", 2000) for _ in range(6)] == [200] * 4 + [503] * 2
    finally:
        for name in [*site.app.state.doorway.pages._pages]:
            site.app.state.doorway.pages._pages.pop(name)


@pytest.fixture
def no_collector() -> Iterator[None]:
    """What is freed is freed at once, and not when the garbage collector comes by."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_a_page_that_goes_away_is_forgotten_at_once(site: Site) -> None:
    kept = site.call("begin", [FOUNDED, {}]).json()["data"][1]
    questions = site.app.state.ending._questions
    for _ in range(12):  # of which 4 are answered at a time
        site.call("answer", [kept, False], session_hash="gone")
        stream = "/gradio_api/queue/data?session_hash=gone"
        with site.client.stream("GET", stream) as answers:
            sent = answers.iter_text()
            assert "process_starts" in next(sent)
            assert site.client.get(stream).status_code == 404  # it has one already
        wait_until(lambda: len(site.app.state.doorway.pages) == 0)
        wait_until(lambda: questions.in_flight == 0)
    assert "2001" in json.dumps(site.answers(kept))


def test_a_signed_conversation_is_shown_with_its_marks(site: Site) -> None:
    kept = site.ask(FOUNDED)
    assert set(kept) == {"signed", "within"}
    assert 'class="mark"' in site.call("restore", [kept]).json()["data"][1]
    answered = site.answers(site.call("begin", ["hello", kept]).json()["data"][1])
    assert [answered[0]["msg"], answered[-1]["msg"]] == ["process_starts", "process_completed"]


def invented(kept: dict[str, Any]) -> dict[str, Any]:
    """A conversation as the server would make it, with an answer that it never gave."""
    citation = kept["exchanges"][0]["answer"]["citations"][0]
    statement = {"text": INVENTED, "citations": [1], "highlight": None, "unsupported": ""}
    answer = {
        "question": FOUNDED,
        "standalone_question": FOUNDED,
        "status": "answered",
        "statements": [statement],
        "citations": [citation],
        "engine": "generative",
        "confidence": 1.0,
    }
    return {
        "version": 1,
        "exchanges": [{"question": FOUNDED, "state": "answered", "answer": answer}],
        "cleared": [],
        "within": "",
    }


def real(assistant: Assistant) -> dict[str, Any]:
    """A conversation with a real answer, as JSON."""
    from assistant.web.chat.conversation import Conversation, Exchange, State

    exchange = Exchange(FOUNDED, State.ANSWERED, assistant.ask(FOUNDED))
    kept: dict[str, Any] = json.loads(json.dumps(Conversation((exchange,)).to_browser()))
    return kept


def test_an_invented_answer_is_never_shown(site: Site, assistant: Assistant) -> None:
    from itsdangerous import URLSafeSerializer

    forged = invented(real(assistant))
    signed = site.ask(FOUNDED)["signed"]
    payload, _, signature = signed.rpartition(".")
    other = str(URLSafeSerializer("guessed", salt="assistant conversation").dumps(forged))
    body = other.rpartition(".")[0]
    texts = [
        other,
        f"{body}.{signature}",
        body,
        f"{payload}.",
        f".{signature}",
        f"{payload}A.{signature}",
        f"{signed}x",
        signed[:-1],
        f"{signed}.{other}",
        ".",
    ]
    for text in texts:
        for function in ("restore", "fail", "stop", "clear", "undo", "export"):
            shown = site.call(function, [{"signed": text, "within": ""}])
            assert shown.status_code == 200
            assert INVENTED not in shown.text
            assert 'class=\\"mark\\"' not in shown.text
        begun = site.call("begin", ["hello", {"signed": text, "within": ""}])
        assert INVENTED not in begun.text
        answered = site.answers({"signed": text, "within": ""})
        assert INVENTED not in json.dumps(answered)


def test_an_unsigned_answer_is_never_shown_as_checked(site: Site, assistant: Assistant) -> None:
    for kept in (invented(real(assistant)), real(assistant)):
        for function in ("restore", "fail", "stop", "clear", "undo", "export"):
            refused = site.call(function, [kept])
            assert INVENTED not in refused.text
            assert refused.status_code == 422
        assert site.call("answer", [kept, False]).status_code == 422


def test_feedback_for_an_invented_answer_is_not_kept(site: Site, assistant: Assistant) -> None:
    before = assistant.feedback()
    kept = {"signed": "eyJ4IjoxfQ.AAAA", "within": ""}
    assert site.call("rate", [kept], event_data={"index": 0, "helpful": True}).status_code == 200
    assert assistant.feedback() == before


def wait_until(holds: Callable[[], bool], seconds: float = 10) -> None:
    waiting = threading.Event()
    for _ in range(int(seconds / 0.05)):
        if holds():
            return
        waiting.wait(0.05)
    assert holds()


def test_the_doorway_has_the_routes_that_the_page_calls_and_no_other() -> None:
    doorway = Doorway({}, in_flight=1)
    paths = ("run/predict", "queue/join", "cancel", "reset", "queue/data")
    routes: list[Any] = list(doorway.routes().routes)
    assert {route.path for route in routes} == {f"/gradio_api/{path}" for path in paths}
    assert len(doorway.pages) == 0
