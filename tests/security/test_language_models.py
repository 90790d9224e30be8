"""Language models: a hostile or broken server costs its timeout, and never the next question."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.errors import ChatModelError
from assistant.models.bounded_http import MAX_RESPONSE_BYTES
from assistant.models.chat_model import ChatModel, ChatOptions

Answering = Callable[[BaseHTTPRequestHandler], None]
SECONDS = 4.0


@contextmanager
def server(answer: Answering) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                ended.set()

        def do_GET(self) -> None:
            answer(self)

    ended = threading.Event()
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/v1"
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def chunk(content: str) -> bytes:
    choice = {"index": 0, "delta": {"content": content}, "finish_reason": None}
    head = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return f"data: {json.dumps({**head, 'choices': [choice]})}\n\n".encode()


def begin(handler: BaseHTTPRequestHandler, **headers: str) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


def kind(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    handler.wfile.write(chunk("Kind.") + b"data: [DONE]\n\n")


def endless_words(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    while True:
        handler.wfile.write(chunk("word ") * 100)


def endless_silence(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    while True:
        handler.wfile.write(chunk("") * 100)


def endless_line(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    while True:
        handler.wfile.write(b"x" * 100_000)


def bomb(handler: BaseHTTPRequestHandler) -> None:
    begin(handler, content_encoding="gzip")
    handler.wfile.write(gzip.compress(b"data: " + b"x" * 200_000_000))


def long_line(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    handler.wfile.write(chunk("x" * 10_000_000) + b"data: [DONE]\n\n")


def trickle(handler: BaseHTTPRequestHandler) -> None:
    begin(handler)
    for byte in chunk("slow"):
        handler.wfile.write(bytes([byte]))
        time.sleep(1)


def said_by(address: str) -> str:
    model = ChatModel("served", ChatOptions(address, timeout=SECONDS, retries=0))
    model.load()  # LangChain takes a while
    pieces = model.stream([("user", "Hello?")], time.monotonic() + SECONDS)
    return "".join(piece.text for piece in pieces)


HOSTILE = [endless_words, endless_silence, endless_line, bomb, long_line, trickle]


@pytest.mark.parametrize("answer", HOSTILE, ids=lambda answer: answer.__name__)
def test_a_hostile_model_costs_its_time_and_not_the_next_question(answer: Answering) -> None:
    with server(kind) as good, server(answer) as bad:
        assert said_by(good) == "Kind."
        started = time.monotonic()
        with suppress(ChatModelError):
            assert len(said_by(bad)) <= MAX_RESPONSE_BYTES
        assert time.monotonic() - started < SECONDS + 4
        started = time.monotonic()
        assert said_by(good) == "Kind."
        assert time.monotonic() - started < SECONDS


def test_hostile_models_side_by_side_leave_the_others_their_answers() -> None:
    with server(kind) as good, server(endless_silence) as bad:
        said_by(good)
        asking = [threading.Thread(target=_ask, args=(bad,)) for _ in range(4)]
        for thread in asking:
            thread.start()
        try:
            assert [said_by(good) for _ in range(4)] == ["Kind."] * 4
        finally:
            for thread in asking:
                thread.join()


def _ask(address: str) -> None:
    with pytest.raises(ChatModelError):
        said_by(address)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_prompt_does_not_follow_a_redirect(status: int) -> None:
    visits: list[str] = []

    def visited(handler: BaseHTTPRequestHandler) -> None:
        visits.append(handler.path)
        kind(handler)

    with server(visited) as elsewhere:

        def lead_away(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            handler.send_header("location", elsewhere)
            handler.send_header("content-length", "0")
            handler.end_headers()

        with server(lead_away) as leading:
            with pytest.raises(ChatModelError, match="another address"):
                said_by(leading)
    assert visits == []
