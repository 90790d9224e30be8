"""A server that speaks OpenAI's protocol as far as a chat model needs it, and misbehaves on demand."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class ChatServer:
    """What the next requests get; what they sent is kept.

    ``status`` other than 200 is sent with ``body`` and, where set, how long to wait. Words of ``text``
    come with ``delay`` seconds before each, after ``before``, which is sent as it is; ``breaks_off``
    hangs up after half of them. A word of ``held`` is sent once its event is set. ``cancelled`` is set when the other side hangs up in the middle.
    ``models`` are listed as Ollama and OpenAI's protocol list them.
    """

    text: str = "Hello."
    delay: float = 0.0
    status: int = 200
    body: str = "{}"
    finish: str = "stop"
    media_type: str = "text/event-stream"
    before: bytes = b""
    breaks_off: bool = False
    retry_after: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    models: tuple[str, ...] = ()
    held: dict[str, threading.Event] = field(default_factory=dict)
    cancelled: threading.Event = field(default_factory=threading.Event)
    address: str = ""


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name there
            """Nothing."""

        def do_GET(self) -> None:
            listed = [{"name": name, "model": name, "size": 1} for name in server.models]
            lists = {"/api/tags": {"models": listed}, "/v1/models": _openai_list(server.models)}
            body = json.dumps(lists.get(self.path, {})).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            server.requests.append(json.loads(self.rfile.read(length)))
            server.headers.append({name.lower(): value for name, value in self.headers.items()})
            is_stream = server.status == 200
            self.send_response(server.status)
            self.send_header("content-type", server.media_type if is_stream else "application/json")
            if server.retry_after:
                self.send_header("retry-after", server.retry_after)
            self.end_headers()
            if not is_stream:
                self.wfile.write(server.body.encode())
                return
            try:
                self.wfile.write(server.before)
                words = server.text.split(" ")
                for word in words[: len(words) // 2] if server.breaks_off else words:
                    time.sleep(server.delay)
                    if word in server.held:
                        server.held[word].wait(20)
                    self._send({"delta": {"content": f"{word} "}, "finish_reason": None})
                if server.breaks_off:
                    self.connection.close()
                    return
                self._send({"delta": {}, "finish_reason": server.finish})
                self.wfile.write(b"data: [DONE]\n\n")
            except (BrokenPipeError, ConnectionResetError):
                server.cancelled.set()

        def _send(self, choice: dict[str, Any]) -> None:
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": [{"index": 0, **choice}],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    return Handler


def _openai_list(models: tuple[str, ...]) -> dict[str, Any]:
    return {"object": "list", "data": [{"id": name, "object": "model"} for name in models]}


@contextmanager
def chat_server() -> Iterator[ChatServer]:
    """A server on loopback, for a while."""
    server = ChatServer()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server))
    http.daemon_threads = True
    server.address = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
