"""Nothing leaves the machine: no command, and no library in it, connects or resolves a name.

Each command runs under strace, which also sees what libraries written in C do, and with an audit
hook, which needs no strace.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[2]
QUESTION = "When was the tower begun?"
SECONDS_TO_WATCH = 6.0
"""onnxruntime 1.32 looked up its maker's host within seconds."""
CASES = f"""cases:
  - question: {QUESTION}
    expect:
      status: answered
"""
HOOKED = """
import sys
outside = open(sys.argv.pop(1), "a")
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        outside.write(f"{event} {arguments[-1] if event[7] in 'cs' else arguments[0]!r}\\n")
        outside.flush()
sys.addaudithook(watch)
from assistant.cli.main import run
run()
"""
INSIDE = re.compile(r"'(?:127\.0\.0\.1|::1|localhost|)'|None|^socket\.connect '/|b'/")
OUTSIDE = re.compile(r"\b(?:connect|send(?:to|m?msg))\(.*sa_family=AF_INET6?\b.*")
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "::1"')


@dataclass
class Watched:
    """A folder with a corpus, where commands run while their network is watched."""

    folder: Path

    def command(self, *arguments: str) -> list[str]:
        strace = shutil.which("strace")
        calls = "trace=connect,sendto,sendmsg,sendmmsg"
        trace = str(self.folder / "trace")
        tracer = [strace, "-f", "--seccomp-bpf", "-e", calls, "-o", trace] if strace else []
        hooked = [sys.executable, "-c", HOOKED, str(self.folder / "hook")]
        return [*tracer, *hooked, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        chosen = {
            "ASSISTANT_CORPUS": str(self.folder / "corpus"),
            "ASSISTANT_INDEX": str(self.folder / "index"),
            "ASSISTANT_PORT": "0",
            "HOME": str(self.folder),
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(ROOT),
            "LANGSMITH_TRACING": "true",
            "LANGSMITH_API_KEY": "none",
        }
        return {**os.environ, **chosen}

    def run(self, *arguments: str) -> str:
        done = subprocess.run(
            self.command(*arguments),
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=280,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def attempts(self) -> list[str]:
        """What was tried to reach outside, by Python and by C."""
        found = []
        if (self.folder / "hook").exists():
            lines = (self.folder / "hook").read_text(encoding="utf-8").splitlines()
            found += [line for line in lines if not INSIDE.search(line)]
        if (self.folder / "trace").exists():
            text = (self.folder / "trace").read_text(encoding="utf-8", errors="replace")
            found += [line for line in OUTSIDE.findall(text) if not LOOPBACK.search(line)]
        return found


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "corpus").mkdir()
    text = "The tower of Pisa was begun in 1173. It leans to the south."
    (folder / "corpus" / "tower.txt").write_text(text, encoding="utf-8")
    (folder / "tower.eval.yaml").write_text(CASES, encoding="utf-8")
    return Watched(folder)


@pytest.fixture(autouse=True)
def _patient(request: pytest.FixtureRequest) -> None:
    request.node.add_marker(pytest.mark.timeout(600))


def test_the_watch_sees_what_python_and_what_c_tries(tmp_path: Path) -> None:
    code = (
        "import ctypes, socket, sys\n"
        "reaching = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        "reaching.connect(('192.0.2.1', 9))\n"
        "address = bytes([2, 0, 0, 9, 192, 0, 2, 2]) + bytes(8)\n"
        "ctypes.CDLL(None).connect(reaching.fileno(), address, 16)\n"
    )
    watched = Watched(tmp_path)
    command = watched.command()
    hooked = HOOKED.split("from assistant")[0] + code
    command[command.index("-c", len(command) - 3) + 1] = hooked
    subprocess.run(command, check=False)
    attempts = " ".join(watched.attempts())
    assert "192.0.2.1" in attempts
    assert "192.0.2.2" in attempts or not shutil.which("strace")


def test_ingesting_and_asking_reach_nobody(watched: Watched) -> None:
    watched.run("ingest")
    assert "1173" in watched.run("ask", QUESTION)
    watched.run("status")
    assert watched.attempts() == []


def test_evaluating_reaches_nobody(watched: Watched) -> None:
    watched.run("evaluate", str(watched.folder / "tower.eval.yaml"))
    assert watched.attempts() == []


def test_serving_reaches_nobody_and_leaves_nothing(watched: Watched) -> None:
    left = watched.folder / "cache" / "Microsoft" / "DeveloperTools" / ".onnxruntime"
    left.mkdir(parents=True, exist_ok=True)
    (left / "deviceid").write_text("an identifier", encoding="ascii")
    server = subprocess.Popen(
        watched.command("serve"),
        env=watched.environment,
        cwd=watched.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert server.stdout
        address = server.stdout.readline().split()[4]
        with httpx.Client(base_url=address, timeout=60) as client:
            assert client.get("/").status_code == 200
            answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
            assert "1173" in json.dumps(answer)
            assert client.get("/docs").status_code == 200
        time.sleep(SECONDS_TO_WATCH)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.communicate(timeout=60)
    assert watched.attempts() == []
    cached = [path for path in (watched.folder / "cache").rglob("*") if path.is_file()]
    assert [path for path in cached if "Microsoft" in str(path)] == []
