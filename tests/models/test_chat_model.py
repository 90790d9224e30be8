import socket
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from assistant.errors import ChatModelError, ModelError
from assistant.models.chat_model import ChatModel, ChatOptions, TextPiece
from assistant.testing import ScriptedChatModel
from tests.chat_server import ChatServer, chat_server

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as started:
        yield started


def model_at(server: ChatServer, timeout: float = 10.0, retries: int = 0) -> ChatModel:
    return ChatModel("served", ChatOptions(server.address, timeout=timeout, retries=retries))


def say(model: ChatModel, seconds: float = 10.0) -> list[TextPiece]:
    messages = [("system", "Be short."), ("user", "Hello?")]
    return [
        one for one in model.stream(messages, time.monotonic() + seconds) if one != TextPiece("")
    ]


def text_of(pieces: list[TextPiece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_a_server_is_asked_over_openais_protocol_with_what_the_settings_say(
    server: ChatServer,
) -> None:
    server.text = "It was built."
    options = ChatOptions(server.address, temperature=0.3, answer_tokens=77)
    assert text_of(say(ChatModel("openai:llama3:8b", options))) == "It was built. "
    (asked,) = server.requests
    assert (asked["model"], asked["temperature"], asked["stream"]) == ("llama3:8b", 0.3, True)
    assert 77 in (asked.get("max_tokens"), asked.get("max_completion_tokens"))
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]


def test_words_come_as_they_are_written(server: ChatServer) -> None:
    server.text, server.delay = "one two three four", 0.1
    pieces = say(model_at(server))
    assert [piece.text for piece in pieces if piece.text] == ["one ", "two ", "three ", "four "]


def test_silence_is_told_while_it_lasts(server: ChatServer) -> None:
    server.delay = 0.3
    pieces = list(model_at(server).stream([("user", "?")], time.monotonic() + 10))
    assert pieces[0] == TextPiece("")


def test_a_text_that_was_cut_off_says_so(server: ChatServer) -> None:
    server.finish = "length"
    assert say(model_at(server))[-1].cut
    server.finish = "stop"
    assert not any(piece.cut for piece in say(model_at(server)))


def test_an_answer_that_never_ends_is_cut_off() -> None:
    pieces = say(ChatModel(ScriptedChatModel(texts=["word " * 10_000])))
    assert pieces[-1].cut
    assert len(text_of(pieces)) < 30_000


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (429, '{"error": {"message": "slow down"}}', "rate limit"),
        (401, f'{{"error": {{"message": "Incorrect API key provided: {KEY}"}}}}', "key"),
        (404, '{"error": {"message": "no such model"}}', "does not know the model"),
        (400, '{"error": {"message": "exceeds the available context size"}}', "longer than"),
        (500, f"oops {KEY}", "status 500"),
    ],
)
def test_an_error_of_the_server_is_told_in_words_of_our_own(
    server: ChatServer, monkeypatch: pytest.MonkeyPatch, status: int, body: str, said: str
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    server.status, server.body = status, body
    with pytest.raises(ChatModelError) as raised:
        say(model_at(server))
    assert said in str(raised.value)
    assert KEY not in str(raised.value)
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_a_failed_request_is_repeated_as_often_as_asked_for(server: ChatServer) -> None:
    server.status = 500
    with pytest.raises(ChatModelError):
        say(model_at(server, retries=1))
    assert len(server.requests) == 2


def test_a_server_that_is_down_cannot_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        with pytest.raises(ChatModelError, match="cannot be reached"):
            say(ChatModel("any", ChatOptions(address, retries=0)))


def test_a_model_that_trickles_is_given_up_at_the_deadline(server: ChatServer) -> None:
    server.text, server.delay = "word " * 100, 0.1
    started = time.monotonic()
    with pytest.raises(ChatModelError, match="in time"):
        say(model_at(server), seconds=0.6)
    assert time.monotonic() - started < 8  # all of it takes ten seconds
    assert server.cancelled.wait(60)


def test_stopping_cancels_the_request_at_the_server(server: ChatServer) -> None:
    server.text, server.delay = "word " * 100, 0.05
    stopped = threading.Event()
    for piece in model_at(server).stream([("user", "?")], time.monotonic() + 20, stopped):
        if piece.text:
            stopped.set()
    assert server.cancelled.wait(60)


def test_stopping_ends_the_request_when_the_cancellation_is_lost() -> None:
    model, stopped = (
        ScriptedChatModel(texts=["word " * 100], delay=0.05, deaf=True),
        threading.Event(),
    )
    for piece in ChatModel(model).stream([("user", "?")], time.monotonic() + 20, stopped):
        if piece.text:
            stopped.set()
    assert model.ended.wait(20)
    assert len(model.moments) < 50


def test_closing_the_iterator_cancels_the_request_at_the_server(server: ChatServer) -> None:
    server.text, server.delay = "word " * 100, 0.05
    pieces = model_at(server).stream([("user", "?")], time.monotonic() + 20)
    assert next(iter(pieces)) is not None
    time.sleep(0.2)
    pieces.close()  # type: ignore[attr-defined]  # a generator, as the test knows
    assert server.cancelled.wait(60)


@pytest.mark.parametrize(
    ("name", "package"),
    [
        ("anthropic:claude", "langchain-anthropic"),
        ("ollama:qwen3", "langchain-ollama"),
        ("google_genai:gemini", "langchain-google-genai"),
        ("google_vertexai:gemini", "langchain-google-vertexai"),
        ("mistralai:small", "langchain-mistralai"),
        ("bedrock:claude", "langchain-aws"),
        ("groq:llama", "langchain-groq"),
        ("azure_ai:gpt", "langchain-azure-ai"),
        ("huggingface:smollm", "langchain-huggingface"),
        ("nvidia:llama", "langchain-nvidia-ai-endpoints"),
    ],
)
def test_a_missing_package_is_an_error_that_names_what_to_install(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package.replace("-", "_"), None)  # `make bench` installs one
    with pytest.raises(ModelError) as raised:
        ChatModel(name).load()
    assert f"{name!r} needs a package" in str(raised.value)
    assert str(raised.value).endswith(f"Run: pip install {package}")


@pytest.mark.parametrize("name", ["nonsense", "nobody:knows"])
def test_an_unknown_provider_is_an_error_in_plain_words(name: str) -> None:
    with pytest.raises(ModelError, match="as provider:model") as raised:
        ChatModel(name).load()
    assert f"{name!r} does not begin with a provider" in str(raised.value)
    assert "model_provider" not in str(raised.value)


@pytest.mark.parametrize("name", ["openai:gpt-5"])
def test_a_key_that_is_missing_is_an_error_that_says_what_to_set(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="ASSISTANT_CHAT_MODEL as provider:model"):
        ChatModel(name).load()


def test_an_object_of_langchain_is_used_as_it_is() -> None:
    model = ChatModel(ScriptedChatModel(texts=["It was built."]))
    assert text_of(say(model)) == "It was built. "
    assert model.name == "ScriptedChatModel"


def test_many_threads_ask_one_model_at_once(server: ChatServer) -> None:
    server.delay = 0.05
    model = model_at(server)
    said: list[str] = []
    threads = [threading.Thread(target=lambda: said.append(text_of(say(model)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == ["Hello. "] * 8
