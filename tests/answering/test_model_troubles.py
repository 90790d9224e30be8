"""A real server that misbehaves: the reader gets quotes, a clear notice, and no key."""

import logging
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from assistant import Answer, Assistant, Encoder, Settings
from assistant.answering.generative import QUOTES_INSTEAD
from tests.chat_server import ChatServer, chat_server

KEY = "sk-very-secret-0123456789"
SIGNED = "What was signed in 2003?"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with chat_server() as started:
        yield started


def asking(
    article_assistant: Assistant,
    encoder: Encoder,
    address: str,
    seconds: float = 20.0,
    retries: int = 0,
) -> Assistant:
    chosen = {
        **article_assistant.settings.model_dump(),
        "reader": "none",
        "chat_model": "served",
        "chat_model_base_url": address,
        "chat_timeout": seconds,
        "chat_retries": retries,
    }
    assistant = Assistant(Settings(**chosen), encoder)
    assistant.warm_up()
    return assistant


def assert_quotes(answer: Answer, said: str) -> None:
    assert said in answer.notice
    assert answer.notice.endswith(QUOTES_INSTEAD)
    assert answer.engine == "extractive"
    assert "Beijing" in answer.text
    assert KEY not in repr(answer)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (429, '{"error": {"message": "slow down"}}', "rate limit"),
        (401, f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}', "key"),
        (400, '{"error": {"message": "exceeds the available context size"}}', "longer than"),
        (500, f"oops {KEY}", "status 500"),
        (200, "", "None of the language model's sentences"),
    ],
)
def test_an_error_of_the_server_gives_quotes_and_the_conversation_goes_on(
    article_assistant: Assistant,
    encoder: Encoder,
    server: ChatServer,
    caplog: pytest.LogCaptureFixture,
    status: int,
    body: str,
    said: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.status, server.body, server.text = status, body, "zxcv qwer asdf."
    assistant = asking(article_assistant, encoder, server.address)
    assert_quotes(assistant.ask(SIGNED), said)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text
    server.status = 200
    server.text = "The Program was signed in Beijing in 2003."
    answer = assistant.ask(SIGNED)
    assert (answer.engine, answer.notice) == ("generative", "")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"media_type": "text/html", "before": b"<html>Sign in</html>", "text": ""},
            "wrote nothing",
        ),
        ({"before": b"<html><body>Bad gateway</body></html>\n\n", "text": ""}, "wrote nothing"),
        ({"before": b"data: {not json}\n\n"}, "The language model failed"),
        ({"before": b"data: \xff\xfe\x80\n\n"}, "The language model failed"),
        ({"before": b'data: {"error": {"message": "sk-very-secret-0123456789"}}\n\n'}, "failed"),
        ({"text": "zxcv qwer. " * 4000}, "None of the language model's sentences"),
        ({"text": "\ud83d\ude00 \x00\x07 \u202e", "breaks_off": True}, ""),
    ],
)
def test_a_server_that_sends_something_else_gives_quotes(
    article_assistant: Assistant,
    encoder: Encoder,
    server: ChatServer,
    caplog: pytest.LogCaptureFixture,
    changed: dict[str, Any],
    said: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for name, value in changed.items():
        setattr(server, name, value)
    assert_quotes(asking(article_assistant, encoder, server.address).ask(SIGNED), said)
    assert KEY not in caplog.text


def test_a_server_that_says_to_come_back_later_gives_quotes_within_the_time(
    article_assistant: Assistant, encoder: Encoder, server: ChatServer
) -> None:
    server.status, server.retry_after = 429, "30"
    assistant = asking(article_assistant, encoder, server.address, seconds=4.0, retries=1)
    answer = assistant.ask(SIGNED)
    assert_quotes(answer, "")
    assert answer.timings["total"] < 20  # 4 seconds, and some more for a busy machine


def test_a_server_that_falls_silent_in_the_middle_gives_quotes_within_the_time(
    article_assistant: Assistant, encoder: Encoder, server: ChatServer
) -> None:
    server.text, server.delay = "The program was signed " * 20, 0.5
    answer = asking(article_assistant, encoder, server.address, seconds=3.0).ask(SIGNED)
    assert_quotes(answer, "in time")
    assert answer.timings["total"] < 20  # 3 seconds, and some more for a busy machine
    assert server.cancelled.wait(60)


def test_a_server_that_says_nothing_gives_quotes(
    article_assistant: Assistant, encoder: Encoder, server: ChatServer
) -> None:
    server.text = ""
    assert_quotes(asking(article_assistant, encoder, server.address).ask(SIGNED), "wrote nothing")


def test_a_server_that_is_down_gives_quotes(article_assistant: Assistant, encoder: Encoder) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        assert_quotes(asking(article_assistant, encoder, address).ask(SIGNED), "cannot be reached")


def test_a_server_that_never_answers_gives_quotes_within_the_time(
    article_assistant: Assistant, encoder: Encoder
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        answer = asking(article_assistant, encoder, address, seconds=2.0).ask(SIGNED)
    assert_quotes(answer, "in time")
    assert answer.timings["total"] < 20  # 2 seconds, and some more for a busy machine
