"""A wheel holds all that it needs: it is built, installed and used as a stranger would, far from here."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

OTHER_PYTHONS = ("3.12", "3.13")
QUESTION = "Does a document leave the computer?"


class Installation:
    """A fresh environment with the wheel, and an empty folder to work in."""

    def __init__(self, folder: Path, wheel: Path, python: str = sys.executable) -> None:
        self.wheel, self.folder = wheel, folder / "work"
        self.folder.mkdir()
        run_uv("venv", "--quiet", "--python", python, str(folder / "env"))
        self.bin = next(path for path in (folder / "env").glob("*") if path.name in _SCRIPTS)
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ASSISTANT_", "PYTHON"))
        }
        self.install("")

    def install(self, extras: str) -> None:
        here = ("pip", "install", "--quiet", "--python", str(self.bin / "python"))
        locked = ("--constraint", str(REPOSITORY / "constraints.txt"))
        run_uv(*here, *locked, f"{self.wheel}{extras}")

    def python(self, *arguments: str) -> str:
        command = [str(self.bin / "python"), *arguments]
        ran = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def assistant(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / "assistant"), *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True
        )


_SCRIPTS = ("bin", "Scripts")


def run_uv(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "uv", *arguments], check=True)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    folder = tmp_path_factory.mktemp("wheel")
    if find_spec("uv") is None:
        if os.environ.get("CI"):
            pytest.fail("uv is not installed: make test installs it")
        pytest.skip("uv is not installed: make test installs it")
    run_uv("build", "--quiet", "--wheel", "--out-dir", str(folder), str(REPOSITORY))
    (wheel,) = folder.glob("*.whl")
    return Installation(folder, wheel)


def check_answer(installation: Installation) -> None:
    assert "assistant serve" in installation.assistant("init").stderr
    ingested = installation.assistant("ingest", "--json")
    assert json.loads(ingested.stdout)["added"] == ["welcome.md"], ingested.stderr
    answered = json.loads(installation.assistant("ask", QUESTION, "--json").stdout)
    assert answered["status"] == "answered"
    assert "No document leaves" in answered["citations"][0]["quote"]


@pytest.mark.slow
@pytest.mark.parametrize("version", OTHER_PYTHONS)
def test_the_core_answers_with_other_versions_of_python(
    version: str, installation: Installation, tmp_path: Path
) -> None:
    python = shutil.which(f"python{version}")
    if python is None or subprocess.run([python, "--version"], capture_output=True).returncode:
        pytest.skip(f"no Python {version} on this machine")
    check_answer(Installation(tmp_path, installation.wheel, python))


def test_the_versions_that_are_claimed_are_those_that_are_tested() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    assert claimed == ["3.11", *OTHER_PYTHONS]


def test_the_core_answers_from_a_wheel_without_torch(installation: Installation) -> None:
    check_answer(installation)
    absent = "torch transformers sentence_transformers gradio langchain_core xllamacpp"
    code = f"from importlib.util import find_spec; print([*filter(find_spec, {absent.split()})])"
    assert installation.python("-c", code).strip() == "[]"


@pytest.mark.parametrize(
    ("command", "extra"),
    [
        (("serve",), "chat"),
        (("ask", QUESTION, "--model", "openai:gpt"), "llm"),
        (("ingest", "--embedding-model", "other/model", "--index", "other"), "models"),
    ],
)
def test_the_missing_extra_is_named(
    command: tuple[str, ...], extra: str, installation: Installation
) -> None:
    ran = installation.assistant(*command)
    assert ran.returncode == 1
    assert f"whl[{extra}]'" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_chat_serves_from_a_wheel(installation: Installation) -> None:
    installation.install("[chat]")
    server = subprocess.Popen(
        [installation.bin / "assistant", "serve", "--port", "0"],
        cwd=installation.folder,
        env=installation.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        address = re.search(r"http://\S+", server.stdout.readline())
        assert address
        request = urllib.request.Request(
            f"{address[0]}/api/v1/ask",
            json.dumps({"question": QUESTION}).encode(),
            {"content-type": "application/json"},
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["status"] == "answered"
        with urllib.request.urlopen(address[0]) as page:
            assert b"assistant" in page.read().lower()
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        assert server.stdout
        server.stdout.close()
