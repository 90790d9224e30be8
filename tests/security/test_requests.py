"""Requests: what a hostile client sends, how slowly, and how much of the server it can hold."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant import Assistant, Encoder
from assistant.web import connections
from assistant.web.middleware.limits import MAX_HEAD_BYTES
from assistant.web.middleware.rates import OwnRate
from assistant.web.problems import MAX_FAULTS
from tests import patient
from tests.chat_server import ChatServer, chat_server
from tests.web.browsing import FOUNDED, running, served
from tests.web.guarding import client_with, other_settings, sign_in

PASSWORD = "open sesame"
EVENTS = {"accept": "text/event-stream"}
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as where:
        yield where


def connect(address: str) -> socket.socket:
    url = urlsplit(address)
    return socket.create_connection((url.hostname or "", url.port or 0), timeout=20)


def answer_to(address: str, request: bytes) -> bytes:
    """The first bytes that come back, or nothing if the server hangs up."""
    with connect(address) as client:
        client.sendall(request)
        return client.recv(1000)


def is_closed(client: socket.socket) -> bool:
    with suppress(ConnectionResetError):
        while client.recv(100_000):
            pass
    return True


# names and proxies


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with client_with(assistant) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/", "/api/v1/documents", "/source", "/healthz", "/openapi.json"])
@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.1:7860", ""])
def test_a_name_that_is_not_ours_gets_nothing(client: TestClient, path: str, host: str) -> None:
    """A site whose name leads to this machine could read everything (DNS rebinding)."""
    refused = client.get(path, headers={"host": host})
    assert refused.status_code == 400
    assert "Shanghai" not in refused.text


@pytest.mark.parametrize(
    "host",
    [
        *("localhost:80@evil.example", "localhost@evil.example", "localhost:7919:evil"),
        *("[localhost]evil", "[localhost]", "[127.0.0.1", "[::1]evil", "[::1]:80:evil", "::1"),
        *("localhost:", "localhost:123456", "localhost:8o", "localhost/evil", "local host"),
    ],
)
def test_a_host_that_only_begins_with_our_name_gets_nothing(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"host": host}).status_code == 400


@pytest.mark.parametrize(
    ("hosts", "host"),
    [
        ("localhost", "LOCALHOST:7860"),
        ("docs.example.org", "docs.example.org"),
        ("docs.example.org", "docs.example.org.:443"),
        ("*.example.org", "docs.example.org"),
        ("::1", "[::1]:7860"),
        ("[::1]", "[::1]"),
        ("*", "anything.example"),
    ],
)
def test_the_names_that_the_owner_lists_are_answered(
    assistant: Assistant, hosts: str, host: str
) -> None:
    with client_with(assistant, hosts=hosts) as client:
        assert client.get("/healthz", headers={"host": host}).status_code == 200
        assert client.get("/healthz", headers={"host": "a.evil"}).status_code in (200, 400)


def test_the_address_that_a_connection_arrived_at_is_answered(address: str) -> None:
    assert patient.get(f"{address}/healthz").status_code == 200
    assert patient.get(f"{address}/healthz", headers={"host": "127.0.0.2"}).status_code == 400


def test_tries_of_the_password_are_counted_whatever_a_client_says_of_itself(
    assistant: Assistant,
) -> None:
    """Also one on this machine, which no proxy is by itself."""
    told = ("198.51.100.{}", "198.051.100.{}", "garbage {}", "127.0.0.1, 10.0.0.{}", "::{}")
    with other_settings(assistant, chat_password=PASSWORD), served(assistant) as address:
        statuses = [
            patient.post(
                f"{address}/login",
                data={"password": str(number)},
                headers={"x-forwarded-for": told[number % len(told)].format(number)},
            ).status_code
            for number in range(14)
        ]
    assert statuses == [403] * 10 + [429] * 4


@pytest.mark.parametrize(
    "told", ["garbage {}", "{}.5.5.5.5", "198.051.100.{}", "1.2.3.{0}.{0}", "", "::ffff:x{}"]
)
def test_behind_a_proxy_what_is_no_address_makes_no_client(assistant: Assistant, told: str) -> None:
    with client_with(assistant, rate_limit="1/hour", trusted_proxies="192.0.2.0/24") as client:
        statuses = [
            client.get("/source", headers={"x-forwarded-for": told.format(number)}).status_code
            for number in range(3)
        ]
    assert statuses == [200, 429, 429]


@pytest.mark.parametrize(
    "told",
    ["198.51.100.7", "198.51.100.7:5000", "::ffff:198.51.100.7", "[::ffff:198.51.100.7]:80"],
)
def test_one_address_is_one_client_however_it_is_written(assistant: Assistant, told: str) -> None:
    with client_with(assistant, rate_limit="1/hour", trusted_proxies="192.0.2.7") as client:
        for written, status in (("198.51.100.7", 200), (told, 429)):
            got = client.get("/source", headers={"x-forwarded-for": written})
            assert got.status_code == status


def test_nobody_but_a_proxy_moves_the_page_to_another_root(
    assistant: Assistant, address: str
) -> None:
    poison = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "x-gradio-server": "https://evil.example/",
        "x-forwarded-prefix": "/evil",
        "forwarded": "host=evil.example",
    }
    assert "evil" not in patient.get(address, headers=poison).text
    local = {"trusted_proxies": "127.0.0.1", "hosts": "docs.example"}
    with other_settings(assistant, **local), served(assistant) as behind:
        assert patient.get(behind, headers=poison).status_code == 400
        page = patient.get(behind, headers={**poison, "x-forwarded-host": "docs.example"}).text
    assert "https://docs.example" in page
    assert "evil" not in page


# what is sent, and how slowly


def head(lines: int = 1, size: int = 10) -> bytes:
    body = b"".join(b"x-%d: %s\r\n" % (line, b"x" * size) for line in range(lines))
    return b"GET /healthz HTTP/1.1\r\nhost: localhost\r\n" + body + b"\r\n"


def test_the_head_of_a_request_is_limited(address: str) -> None:
    assert b" 200 " in answer_to(address, head(90))
    assert b" 431 " in answer_to(address, head(110))
    assert b" 431 " in answer_to(address, head(1, MAX_HEAD_BYTES))
    assert b" 400 " in answer_to(address, head(200, 1000)[:-4])  # which never ends


def test_a_head_that_does_not_come_ends_the_connection(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_FOR_HEAD", 0.5)
    with connect(address) as silent, connect(address) as slow:
        started = time.monotonic()
        for byte in head()[:20]:
            slow.sendall(bytes([byte]))
            time.sleep(0.02)
        assert is_closed(slow)
        assert is_closed(silent)
        assert time.monotonic() - started < 8


def test_a_connection_that_is_silent_after_an_answer_is_closed(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_OF_SILENCE", 0.5)
    monkeypatch.setattr(connections, "SECONDS_FOR_HEAD", 60)
    with connect(address) as kept:
        kept.sendall(head())
        assert b" 200 " in kept.recv(100_000)
        started = time.monotonic()
        assert is_closed(kept)
        assert time.monotonic() - started < 8


def test_a_body_that_comes_too_slowly_ends_the_connection(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "SECONDS_PER_LOOK", 0.5)
    start = b"POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9000\r\n"
    with connect(address) as slow:
        slow.sendall(start + b"content-type: application/json\r\n\r\n")
        started = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - started < 15:
                slow.sendall(b" ")
                time.sleep(0.05)
        assert time.monotonic() - started < 8


def test_a_client_has_a_number_of_connections(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.sleep(0.2)  # what other tests left is closed
    monkeypatch.setattr(connections, "MAX_CONNECTIONS_OF_A_CLIENT", 3)
    held = [connect(address) for _ in range(3)]
    try:
        time.sleep(0.2)
        assert b" 503 " in answer_to(address, head())
        held.pop().close()
        time.sleep(0.2)
        assert b" 200 " in answer_to(address, head())
    finally:
        for client in held:
            client.close()


def test_a_client_that_reads_nothing_does_not_hold_its_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "SECONDS_WITHOUT_PROGRESS", 0.5)
    ended = threading.Event()

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                await asyncio.wait_for(
                    send({"type": "http.response.body", "body": b"x" * 65_536, "more_body": True}),
                    20,
                )
                if (await _peek(receive))["type"] == "http.disconnect":
                    return
        finally:
            ended.set()

    with running(endless) as address, connect(address) as client:
        client.sendall(head())
        assert ended.wait(10)


async def _peek(receive: Receive) -> Any:
    try:
        return await asyncio.wait_for(receive(), 0.0001)
    except TimeoutError:
        return {"type": "nothing"}


def test_a_slow_reader_that_reads_gets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SECONDS_WITHOUT_PROGRESS", 1.5)
    size = 12_000_000

    async def large(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"x" * size})

    with running(large) as address, connect(address) as client:
        client.sendall(head().replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
        got = 0
        while part := client.recv(1_000_000):
            got += len(part)
            time.sleep(0.2 if got < size / 2 else 0)
    assert got > size


@pytest.mark.parametrize("pause", [0.0, 0.5, 0.9])
def test_a_rate_holds_for_every_second_and_not_only_by_the_clock(pause: float) -> None:
    rate = OwnRate("20/second")
    while time.time() % 1 < 0.8:
        time.sleep(0.01)
    started = time.monotonic()
    passed = [rate.take("one") for _ in range(30)].count(0)
    time.sleep(pause / 2)
    passed += [rate.take("one") for _ in range(30)].count(0)
    if time.monotonic() - started < 1:
        assert passed == 20


def test_the_hearts_that_beat_for_a_page_are_counted(assistant: Assistant) -> None:
    with client_with(assistant, rate_limit="2/hour") as client:
        paths = ("/gradio_api/heartbeat/x", "/gradio_api/queue/data?session_hash=x", "/source")
        assert [client.get(path).status_code for path in paths] == [404, 404, 429]


# what comes back


def faulty(count: int) -> dict[str, dict[str, Any]]:
    """Bodies with a great number of faults, each for the path that takes it."""
    answer = {"question": "x", "standalone_question": "x", "status": "answered", "engine": "x"}
    many: list[dict[str, Any]] = [{}] * count
    return {
        "/api/v1/ask": {"question": "x", **{f"k{key}": 0 for key in range(count)}},
        "/v1/chat/completions": {"model": "assistant", "messages": many},
        "/api/v1/feedback": {"helpful": True, "answer": {**answer, "citations": [1] * count}},
    }


@pytest.mark.parametrize("path", faulty(1))
@pytest.mark.parametrize("count", [30, 60, 2000, 200_000])
def test_what_comes_back_is_bounded_by_what_was_sent(
    client: TestClient, path: str, count: int
) -> None:
    started = time.process_time()
    refused = client.post(path, json=faulty(count)[path])
    took = time.process_time() - started
    assert refused.status_code in (400, 422)
    assert len(refused.content) < 10_000
    assert took < 3
    if path == "/api/v1/ask" and count < 64:
        told = refused.json()
        assert (len(told["errors"]), told["error_count"]) == (MAX_FAULTS, count)
        assert f"and {count - MAX_FAULTS} more" in told["detail"]


def test_faults_of_a_query_are_bounded_too(client: TestClient) -> None:
    refused = client.get("/api/v1/documents?" + "&".join(f"k{key}=" for key in range(3000)))
    assert refused.status_code == 422
    assert len(refused.json()["errors"]) == MAX_FAULTS
    assert len(refused.content) < 10_000


def test_a_form_is_small(assistant: Assistant) -> None:
    with client_with(assistant, chat_password=PASSWORD) as client:
        form = {"content-type": "application/x-www-form-urlencoded"}
        assert client.post("/login", content=b"a=&" * 10_000, headers=form).status_code == 413


# sessions


def test_signing_out_ends_the_session_wherever_its_cookie_is(assistant: Assistant) -> None:
    with client_with(assistant, chat_password=PASSWORD) as client:
        client.follow_redirects = False
        assert sign_in(client, PASSWORD).status_code == 303
        stolen = {"cookie": f"assistant_chat={client.cookies['assistant_chat']}"}
        client.cookies.clear()
        assert client.get("/source", headers=stolen).status_code == 200
        client.post("/logout", headers=stolen)
        assert client.get("/source", headers=stolen).status_code == 401
        sign_in(client, PASSWORD)
        assert client.get("/source").status_code == 200
    with client_with(assistant, chat_password=PASSWORD) as restarted:
        assert restarted.get("/source", headers=stolen).status_code == 401


def test_only_the_page_that_a_browser_was_shown_signs_it_in(assistant: Assistant) -> None:
    with client_with(assistant, chat_password=PASSWORD) as client:
        client.follow_redirects = False
        given = {"password": PASSWORD}
        assert client.post("/login", data=given).status_code == 403
        token = re.search(r'name="token" value="([\w-]+)"', client.get("/login").text)
        assert token
        mine = dict(client.cookies)
        client.cookies.clear()
        other = client.post("/login", data={**given, "token": token[1]})
        assert other.status_code == 403
        assert "assistant_chat" not in other.headers.get("set-cookie", "")
        client.cookies.update(mine)
        assert client.post("/login", data={**given, "token": token[1]}).status_code == 303


# slots


@pytest.fixture
def slow(
    assistant: Assistant, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, ChatServer]]:
    """A server whose language model writes for a minute, four at a time."""
    monkeypatch.setenv("OPENAI_API_KEY", "none")
    with chat_server() as model:
        model.text, model.delay = "word " * 1000, 0.06
        chosen = {
            **assistant.settings.model_dump(),
            "chat_model": "served",
            "chat_model_base_url": model.address,
        }
        with (
            Assistant(type(assistant.settings)(**chosen), encoder) as writing,
            served(writing) as address,
        ):
            yield address, model


def test_readers_who_hang_up_give_their_slots_back_at_once(slow: tuple[str, ChatServer]) -> None:
    address, _ = slow
    body = json.dumps({"question": FOUNDED}).encode()
    request = (
        b"POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    ) + body
    for _ in range(24):
        with connect(address) as client:
            client.sendall(request)
            assert client.recv(10)
    started = time.monotonic()
    asked = {"question": FOUNDED, "engine": "extractive"}
    assert httpx.post(f"{address}/api/v1/ask", json=asked, timeout=40).status_code == 200
    assert time.monotonic() - started < 20


@pytest.mark.parametrize("headers", [{}, EVENTS], ids=["json", "events"])
def test_an_answer_for_a_connection_that_is_gone_is_not_computed(
    slow: tuple[str, ChatServer], headers: dict[str, str]
) -> None:
    address, model = slow
    asked = {"question": FOUNDED}
    timeout = httpx.Timeout(20, read=1.5)
    with pytest.raises(httpx.ReadTimeout), httpx.Client(timeout=timeout) as client:
        with client.stream("POST", f"{address}/api/v1/ask", json=asked, headers=headers) as got:
            assert "statement" in got.read().decode()
    assert model.cancelled.wait(10)


GREEDY = 100


def test_a_polite_client_gets_its_answers_beside_greedy_ones(assistant: Assistant) -> None:
    few = {"concurrency": 1, "max_in_flight": 3}
    with other_settings(assistant, **few), served(assistant) as address:
        over = threading.Event()
        greedy = [
            threading.Thread(target=_ask_greedily, args=(address, f"127.0.1.{number}", over))
            for number in range(1, GREEDY + 1)
        ]
        for thread in greedy:
            thread.start()
        try:
            time.sleep(0.5)  # within which all places are taken
            assert sum(thread.is_alive() for thread in greedy) == GREEDY
            assert _ask_politely(address) == 200
        finally:
            over.set()
            for thread in greedy:
                thread.join()


def _ask_greedily(address: str, client: str, over: threading.Event) -> None:
    transport = httpx.HTTPTransport(local_address=client)
    with httpx.Client(transport=transport, timeout=30) as http:
        while not over.is_set():
            http.post(f"{address}/api/v1/ask", json={"question": FOUNDED})
            time.sleep(0.02)


def _ask_politely(address: str) -> int:
    transport = httpx.HTTPTransport(local_address="127.0.2.1")
    with httpx.Client(transport=transport, timeout=40) as http:
        for _ in range(12):
            got = http.post(f"{address}/api/v1/ask", json={"question": FOUNDED})
            if got.status_code != 503:
                break
            time.sleep(int(got.headers["retry-after"]))
    return got.status_code


def test_the_server_says_that_it_is_up_while_hostile_bodies_arrive(address: str) -> None:
    """100 ms on a machine of its own: `make siege`. Here, less than a second beside other tests."""
    bodies = {path: json.dumps(body).encode() for path, body in faulty(190_000).items()}
    over = threading.Event()

    def flood() -> None:
        with httpx.Client(timeout=30, headers={"content-type": "application/json"}) as client:
            while not over.is_set():
                for path, body in bodies.items():
                    client.post(f"{address}{path}", content=body)

    flooding = threading.Thread(target=flood)
    flooding.start()
    try:
        waits = []
        with httpx.Client(base_url=address, timeout=30) as client:
            for _ in range(40):
                started = time.monotonic()
                assert client.get("/healthz").status_code == 200
                waits.append(time.monotonic() - started)
                time.sleep(0.02)
    finally:
        over.set()
        flooding.join()
    assert sorted(waits)[-2] < 1


# the end


@pytest.fixture
def start(
    assistant: Assistant,
) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    processes: list[subprocess.Popen[str]] = []
    settings = assistant.settings

    def starting(**environment: str) -> "subprocess.Popen[str]":
        chosen = {
            "ASSISTANT_CORPUS": str(settings.corpus),
            "ASSISTANT_INDEX": str(settings.index),
            "ASSISTANT_PORT": "0",
            "OPENAI_API_KEY": "none",
            "PYTHONPATH": str(ROOT),
            **environment,
        }
        processes.append(
            subprocess.Popen(
                [sys.executable, "-c", "from assistant.cli.main import run; run()", "serve"],
                env={**os.environ, **chosen},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return processes[-1]

    yield starting
    for process in processes:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("stop", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["term", "int"]
)
def test_two_signals_end_a_server_that_is_answering(
    start: Callable[..., "subprocess.Popen[str]"], stop: signal.Signals, code: int
) -> None:
    with chat_server() as model:
        model.delay = 60
        server = start(
            ASSISTANT_CHAT_MODEL="openai:served", ASSISTANT_CHAT_MODEL_BASE_URL=model.address
        )
        assert server.stdout
        address = server.stdout.readline().split()[4]
        asking = [threading.Thread(target=_ask_in_vain, args=(address,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        deadline = time.monotonic() + 60
        while not model.requests and time.monotonic() < deadline:
            time.sleep(0.05)
        server.send_signal(stop)
        time.sleep(0.5)
        server.send_signal(stop)
        started = time.monotonic()
        _, told = server.communicate(timeout=40)
        assert time.monotonic() - started < 10
        for thread in asking:
            thread.join()
    assert "Traceback" not in told, told[-6000:]
    assert server.returncode == code


def _ask_in_vain(address: str) -> None:
    with suppress(httpx.TransportError):
        httpx.post(f"{address}/api/v1/ask", json={"question": FOUNDED}, timeout=60)


@pytest.mark.parametrize("after", [0.3, 0.6, 1.0, 2.0])
def test_an_interrupt_while_it_starts_gets_one_line(
    start: Callable[..., "subprocess.Popen[str]"], after: float
) -> None:
    server = start()
    time.sleep(after)
    server.send_signal(signal.SIGINT)
    out, told = server.communicate(timeout=40)
    if "The chat is at" not in out:
        assert (told, server.returncode) == ("Stopped.\n", 130)
