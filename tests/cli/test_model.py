"""The way to a language model, as its users go it: find one, try it, use it, leave it."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from assistant import Assistant, load_settings
from assistant.cli.model import model
from assistant.cli.model_choice import chosen_settings, find_models
from assistant.cli.model_trial import try_model
from assistant.cli.serve import _prepare_language_model
from assistant.models.model_files import KNOWN
from assistant.models.model_servers import SERVERS, ServerKind
from tests.chat_server import ChatServer, chat_server
from tests.models.test_model_files import CONTENT, SHA256, FileServer, file_server

SUPPORTED = "The mill was built in 1851. [1]"
INVENTED = "The mill was sold to a bakery in 1999 for 5 dollars. [1]"


@pytest.fixture
def ollama(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A stand-in that speaks Ollama's list and chat protocol, at another port than its own."""
    with chat_server() as server:
        server.models = ("qwen3:4b",)
        port = int(server.address.removesuffix("/v1").rpartition(":")[2])
        for name in list(SERVERS):
            monkeypatch.delitem(SERVERS, name)
        monkeypatch.setitem(SERVERS, "ollama", ServerKind("Ollama", port, "/api/tags"))
        yield server


@pytest.fixture
def folder(
    mill_corpus: Path, quick_models: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A working directory with one document, and a cache of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSISTANT_CORPUS", str(mill_corpus))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "MISTRAL_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(model, [*arguments])


def settings_file(folder: Path) -> dict[str, object]:
    return tomllib.loads((folder / "assistant.toml").read_text())


def test_what_is_found_is_listed_with_the_command_that_uses_it(
    folder: Path, ollama: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret-key")
    models = folder / "cache" / "assistant" / "models"
    models.mkdir(parents=True)
    (models / "other.gguf").write_bytes(b"")
    ran = run()
    assert "Used: none. Answers are quotes of the documents." in ran.stdout
    assert "ollama:qwen3:4b" in ran.stdout
    assert "local:other" in ran.stdout
    assert "ANTHROPIC_API_KEY: assistant model use anthropic:MODEL" in ran.stdout
    assert "pip install langchain-anthropic" in ran.stdout
    assert "secret-key" not in ran.output
    assert "assistant model use ollama:qwen3:4b" in ran.stderr
    listed = json.loads(run("--json").stdout)
    assert listed["used"] is None
    assert listed["servers"][0]["models"] == ["qwen3:4b"]


def test_a_model_that_only_embeds_is_not_the_one_to_try(folder: Path, ollama: ChatServer) -> None:
    ollama.models = ("nomic-embed-text:latest", "qwen3:4b")
    ran = run()
    assert "ollama:nomic-embed-text:latest" in ran.stdout
    assert "assistant model use ollama:qwen3:4b" in ran.stderr
    ollama.models = ("nomic-embed-text:latest",)
    ran = run()
    assert "No model that writes was found on this machine." in ran.stdout
    assert "assistant model get" in ran.stderr


def test_where_nothing_is_found_a_model_can_be_fetched(folder: Path, ollama: ChatServer) -> None:
    ollama.models = ()
    ran = run()
    assert "No model was found on this machine." in ran.stdout
    assert "assistant model get" in ran.stderr


def test_a_model_is_tried_on_a_question_and_written_to_the_settings(
    folder: Path, ollama: ChatServer
) -> None:
    ollama.text = f"{SUPPORTED} {INVENTED}"
    ran = run("use", "ollama:qwen3:4b", "--question", "When was the mill built?")
    assert ran.exit_code == 0, ran.output
    assert "The mill was built in 1851" in ran.stdout
    assert "1 of 2 sentences passed the check." in ran.stdout
    assert settings_file(folder) == {
        "chat_model": "qwen3:4b",
        "chat_model_base_url": ollama.address,
    }
    assert "Used: qwen3:4b. Answers are written" in run().stdout
    assert run("off").exit_code == 0
    assert settings_file(folder) == {}


def test_a_model_of_which_nothing_can_be_shown_is_used_on_demand_only(
    folder: Path, ollama: ChatServer
) -> None:
    ollama.status = 500
    asked = ("use", "ollama:qwen3:4b", "--question", "When was the mill built?")
    ran = run(*asked)
    assert ran.exit_code == 1
    assert "has a problem (status 500)" in ran.stdout
    assert "0 of 0 sentences passed the check." in ran.stdout
    assert "--anyway" in ran.stderr
    assert not (folder / "assistant.toml").exists()
    assert run(*asked, "--anyway").exit_code == 0
    assert settings_file(folder)["chat_model"] == "qwen3:4b"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ollama:other", "Ollama has no model 'other'. It has: qwen3:4b."),
        ("gpt", "'gpt' is not a model"),
        ("local:gone", "assistant model get"),
    ],
)
def test_a_name_that_is_not_there_is_an_error(
    name: str, message: str, folder: Path, ollama: ChatServer
) -> None:
    ran = run("use", name)
    assert ran.exit_code in (1, 2)
    assert message in ran.stderr
    assert not (folder / "assistant.toml").exists()


def test_a_server_that_is_down_is_an_error(folder: Path, ollama: ChatServer) -> None:
    ollama.models = ()
    ran = run("use", "ollama:qwen3:4b")
    assert ran.exit_code == 2
    assert "Ollama does not answer at port" in ran.stderr


def test_a_question_without_an_answer_is_no_trial(folder: Path, ollama: ChatServer) -> None:
    ran = run("use", "ollama:qwen3:4b", "--question", "Who won the chess tournament in Oslo?")
    assert ran.exit_code == 2
    assert "--question" in ran.stderr


def test_a_provider_takes_the_place_of_a_server(folder: Path, ollama: ChatServer) -> None:
    (folder / "assistant.toml").write_text(
        'chat_model = "old"\nchat_model_base_url = "http://127.0.0.1:1/v1"\n'
    )
    chosen = chosen_settings(load_settings(), "openai:gpt-5-mini")
    assert (chosen.chat_model, chosen.chat_model_base_url) == ("openai:gpt-5-mini", None)


def test_the_environment_that_wins_is_named(
    folder: Path, ollama: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_MODEL", "other")
    assert "it wins" in run("off").stderr


def test_serve_names_a_model_that_was_found_and_is_not_used(
    folder: Path, ollama: ChatServer, capsys: pytest.CaptureFixture[str]
) -> None:
    with Assistant.open() as assistant:
        _prepare_language_model(assistant)
    assert capsys.readouterr().err.count("assistant model use ollama:qwen3:4b") == 1
    with Assistant.open(chat_model="qwen3:4b", chat_model_base_url=ollama.address) as assistant:
        _prepare_language_model(assistant)
    assert capsys.readouterr().err == ""


def test_the_first_question_of_the_corpus_is_asked(folder: Path, ollama: ChatServer) -> None:
    (Path(load_settings().corpus) / "corpus.toml").write_text(
        '[corpus]\nquestions = ["When was the mill built?"]\n'
    )
    ollama.text = SUPPORTED
    with Assistant(chosen_settings(load_settings(), "ollama:qwen3:4b")) as assistant:
        trial = try_model(assistant, None)
    assert trial.answer.question == "When was the mill built?"
    assert (trial.passed, trial.written) == (1, 1)


def test_nothing_is_found_in_an_empty_cache(folder: Path, ollama: ChatServer) -> None:
    assert find_models(load_settings()).files == ()


def test_the_known_models_are_listed_with_size_and_licence(folder: Path) -> None:
    ran = run("get")
    assert "qwen2.5-1.5b" in ran.stdout
    assert "1.1 GB" in ran.stdout
    assert "Apache-2.0" in ran.stdout
    assert ran.stdout.count("fits here") == 1
    assert all(file.sha256 in ran.stdout for file in KNOWN)


@pytest.fixture
def files() -> Iterator[FileServer]:
    with file_server() as server:
        yield server


def test_a_file_is_fetched_into_the_cache(folder: Path, files: FileServer) -> None:
    ran = run("get", files.address, "--sha256", SHA256, "--yes")
    assert ran.exit_code == 0, ran.output
    path = folder / "cache" / "assistant" / "models" / "small.gguf"
    assert path.read_bytes() == CONTENT
    assert SHA256 in ran.stdout
    assert "assistant model use local:small" in ran.stderr


def test_not_a_byte_is_fetched_without_consent(folder: Path, files: FileServer) -> None:
    ran = run("get", files.address, "--sha256", SHA256)
    assert ran.exit_code == 2
    assert files.address in ran.stderr
    assert SHA256 in ran.stderr
    assert "--yes" in ran.stderr
    assert files.ranges == []
