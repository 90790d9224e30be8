"""Servers of language models are found by what they list, and nobody else is taken for one."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.models.model_servers import SERVERS, ModelServer, ServerKind, find_servers
from tests.chat_server import chat_server


def port_of(address: str) -> int:
    return int(address.removesuffix("/v1").rpartition(":")[2])


@pytest.mark.parametrize("path", ["/api/tags", "/v1/models"])
def test_a_server_is_found_with_its_models(path: str) -> None:
    with chat_server() as server:
        server.models = ("qwen3:4b", "llama3.2:latest")
        port = port_of(server.address)
        found = find_servers(kinds={"mine": ServerKind("Mine", port, path)})
    assert found == [
        ModelServer("mine", "Mine", f"http://127.0.0.1:{port}/v1", ("qwen3:4b", "llama3.2:latest"))
    ]
    assert found[0].names == ["mine:qwen3:4b", "mine:llama3.2:latest"]


def test_models_that_only_embed_or_rank_are_told_from_those_that_write() -> None:
    models = [
        {"name": "nomic-embed-text:latest", "details": {"family": "nomic-bert"}},
        {"name": "bge-m3:latest", "details": {"family": "bert"}},
        {"name": "qwen3-reranker:0.6b", "details": {"family": "qwen3"}},
        {"name": "qwen3:4b", "details": {"family": "qwen3"}},
        {"name": "mistral", "details": "none"},
    ]
    with answering(json.dumps({"models": models}).encode()) as port:
        (found,) = find_servers(kinds={"mine": ServerKind("Mine", port, "/api/tags")})
    assert len(found.names) == 5
    assert found.writers == ["mine:qwen3:4b", "mine:mistral"]


def test_the_usual_ports_are_asked_on_the_loopback_address() -> None:
    assert {name: kind.port for name, kind in SERVERS.items()} == {
        "ollama": 11434,
        "lmstudio": 1234,
        "llamacpp": 8080,
        "vllm": 8000,
    }


@pytest.mark.parametrize(
    "body",
    [
        b"<html>hello</html>",
        b"[]",
        b"{}",
        b'{"data": {"id": 1}}',
        b'{"data": ["id", 7, null]}',
        b'{"data": [{"id": "ours", "owned_by": "assistant"}]}',
        b"\xff\xfe",
    ],
)
def test_another_program_is_not_taken_for_one(body: bytes) -> None:
    with answering(body) as port:
        assert find_servers(kinds={"mine": ServerKind("Mine", port, "/v1/models")}) == []


def test_a_server_that_is_silent_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        kind = ServerKind("Silent", silent.getsockname()[1], "/v1/models")
        started = time.monotonic()
        assert find_servers(seconds=0.1, kinds={"silent": kind}) == []
        assert time.monotonic() - started < 10


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """A web server that answers every request with the same bytes, for a while."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Nothing."""

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, args=(0.02,))
    thread.start()
    yield http.server_port
    http.shutdown()
    thread.join()
    http.server_close()
