"""Besieges a real server and prints a table of promise and figure.

Hostile clients and hostile payloads attack it, each for a time, while polite clients ask beside
them. Then, without that server, the tests of hostile documents and lying models run, and
ingestions are killed.
Run: ``python -m benchmarks.siege --seconds 60``, or ``make siege``.
"""

import argparse
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx

CORPUS = Path(__file__).parents[1] / "docs_corpus"
QUESTION = "When was the SCO founded?"
ANSWER = "2001"
JSON = {"content-type": "application/json"}
PROBES = 0.1
"""Seconds between two looks at ``/healthz``."""
MEMORY_BACK = 50
"""Megabytes that may be left more after a siege than before it."""
Attack = Callable[["Siege", random.Random, str], object]


@dataclass
class Polite:
    """What polite clients met: their answers, their errors, and the waits for ``/healthz``."""

    answers: int = 0
    refused: int = 0
    errors: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


@dataclass
class Siege:
    """A server under attack, and what came of it."""

    address: str
    process: "subprocess.Popen[str]"
    fetched: list[str]
    beacon: str
    polite: Polite = field(default_factory=Polite)
    over: threading.Event = field(default_factory=threading.Event)
    wrong: list[str] = field(default_factory=list)

    def connect(self, client: str) -> socket.socket:
        """Connect from the address of a client."""
        url = urlsplit(self.address)
        place = (url.hostname or "", url.port or 0)
        return socket.create_connection(place, timeout=20, source_address=(client, 0))

    def megabytes(self) -> int:
        """Return the memory of the server."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+)", status)
        return int(found[1]) // 1024 if found else 0


# hostile clients


def hang_up(siege: Siege, chance: random.Random, client: str) -> None:
    """Ask, and hang up before the answer."""
    body = json.dumps({"question": QUESTION}).encode()
    with siege.connect(client) as connection:
        connection.sendall(
            b"POST /api/v1/ask HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\n"
            b"content-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body)
        )
        if chance.random() < 0.5:
            connection.recv(10)


def send_slowly(siege: Siege, chance: random.Random, client: str) -> None:
    """Send half a head."""
    with siege.connect(client) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n")
        siege.over.wait(chance.random() * 15)


def read_nothing(siege: Siege, chance: random.Random, client: str) -> None:
    """Ask for much, and read nothing."""
    with siege.connect(client) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n" * 50)
        siege.over.wait(chance.random() * 15)


def ask_greedily(siege: Siege, chance: random.Random, client: str) -> None:
    """Ask again and again, whatever the server says."""
    transport = httpx.HTTPTransport(local_address=client)
    with httpx.Client(transport=transport, timeout=60) as http:
        for _ in range(5):
            http.post(f"{siege.address}/api/v1/ask", json={"question": QUESTION})


# hostile payloads


def forge_a_call(siege: Siege, chance: random.Random, client: str) -> None:
    """Call the chat with a file or an address in the payload."""
    file = {"path": chance.choice(["/etc/passwd", "/dev/zero", siege.beacon]), "url": siege.beacon}
    data = chance.choice([[file], [{"value": file}], file, [[file] * 100], ["x", {"meta": file}]])
    body = {"fn_index": chance.randrange(20), "data": data, "session_hash": f"{chance.random()}"}
    path = chance.choice(["run/predict", "queue/join", "upload", "file=/etc/passwd"])
    _post(siege, client, f"/gradio_api/{path}", json.dumps(body).encode())


def send_faults(siege: Siege, chance: random.Random, client: str) -> None:
    """Send a body with a great number of faults."""
    count = chance.choice([1, 100, 200_000])
    body = chance.choice(
        [
            {"question": "x", **dict.fromkeys(map(str, range(count)))},
            {"answer": {"citations": [{}] * count}, "helpful": True},
            {"messages": [{}] * count, "model": "assistant"},
            [[]] * count,
        ]
    )
    path = chance.choice(["/api/v1/ask", "/api/v1/feedback", "/v1/chat/completions"])
    _post(siege, client, path, json.dumps(body).encode())


def pose_as_another(siege: Siege, chance: random.Random, client: str) -> None:
    """Name a host that is not ours."""
    poison = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    got = _get(siege, client, "/", poison)
    if got.status_code != 400:
        siege.wrong.append(f"a foreign host got {got.status_code}")


def climb(siege: Siege, chance: random.Random, client: str) -> None:
    """Ask for a file outside."""
    up = chance.choice(["..%2f", "../", "..%5c", "%2e%2e/"]) * chance.randrange(1, 9)
    got = _get(siege, client, f"/{chance.choice(['assets', 'chat', 'static'])}/{up}etc/passwd", {})
    if "root:" in got.text:
        siege.wrong.append("a file outside was sent")


def _post(siege: Siege, client: str, path: str, body: bytes) -> None:
    transport = httpx.HTTPTransport(local_address=client)
    with httpx.Client(transport=transport, timeout=60) as http:
        got = http.post(siege.address + path, content=body, headers=JSON)
    if got.status_code >= 500 and got.status_code != 503:
        siege.wrong.append(f"{path} got {got.status_code}")
    if len(got.content) > 100_000:
        siege.wrong.append(f"{path} got {len(got.content):,} bytes")


def _get(siege: Siege, client: str, path: str, headers: dict[str, str]) -> httpx.Response:
    transport = httpx.HTTPTransport(local_address=client)
    with httpx.Client(transport=transport, timeout=60) as http:
        return http.get(siege.address + path, headers=headers)


CLIENTS: list[Attack] = [hang_up, send_slowly, read_nothing, ask_greedily]
PAYLOADS: list[Attack] = [forge_a_call, send_faults, pose_as_another, climb]


# the siege


def attack(siege: Siege, attacks: list[Attack], seconds: float, attackers: int) -> None:
    """Attack for a time, with polite clients beside the attackers."""
    siege.over.clear()
    threads = [
        threading.Thread(target=_hostile, args=(siege, attacks, n)) for n in range(attackers)
    ]
    threads += [threading.Thread(target=_ask_politely, args=(siege, n)) for n in range(2)]
    threads.append(threading.Thread(target=_probe, args=(siege,)))
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    siege.over.set()
    for thread in threads:
        thread.join()


def _hostile(siege: Siege, attacks: list[Attack], number: int) -> None:
    chance = random.Random(number)
    while not siege.over.is_set():
        with suppress(httpx.TransportError, OSError):
            chance.choice(attacks)(siege, chance, f"127.0.1.{number % 50 + 1}")


def _ask_politely(siege: Siege, number: int) -> None:
    transport = httpx.HTTPTransport(local_address=f"127.0.2.{number + 1}")
    with httpx.Client(transport=transport, base_url=siege.address, timeout=60) as http:
        while not siege.over.is_set():
            try:
                got = http.post("/api/v1/ask", json={"question": QUESTION})
            except httpx.TransportError as error:
                siege.polite.errors.append(repr(error))
                continue
            if got.status_code == 503:
                siege.polite.refused += 1
                siege.over.wait(float(got.headers["retry-after"]))
            elif got.status_code == 200 and ANSWER in got.json()["text"]:
                siege.polite.answers += 1
                siege.over.wait(0.5)
            else:
                siege.polite.errors.append(got.text[:200])


def _probe(siege: Siege) -> None:
    """Look at ``/healthz`` from a process of its own: in this one, the attackers are in the way."""
    command = [sys.executable, "-m", "benchmarks.probing", siege.address, str(PROBES)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as probing:
        siege.over.wait()
        printed, _ = probing.communicate("over")
    siege.polite.waits += json.loads(printed)


@contextmanager
def beacon() -> Iterator[tuple[str, list[str]]]:
    """A server that records who fetches something."""
    visits: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing."""

        def do_GET(self) -> None:
            visits.append(self.path)
            self.send_response(404)
            self.end_headers()

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}/x", visits
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


@contextmanager
def besieged(folder: Path) -> Iterator[Siege]:
    """A server over the sample corpus, in a process of its own."""
    chosen = {
        "ASSISTANT_CORPUS": str(CORPUS),
        "ASSISTANT_INDEX": str(folder / "index"),
        "ASSISTANT_PORT": "0",
        "GRADIO_TEMP_DIR": str(folder / "gradio"),
    }
    command = [sys.executable, "-c", "from assistant.cli.main import run; run()", "serve"]
    with beacon() as (address_of_beacon, fetched), (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=os.environ | chosen, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not start"
            while httpx.get(f"{found[0]}/readyz").status_code != 200:
                time.sleep(0.2)
            yield Siege(found[0], process, fetched, address_of_beacon)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def siege_server(folder: Path, seconds: float) -> list[tuple[str, str, bool]]:
    """Return the rows of the table for a server under attack."""
    with besieged(folder) as siege:
        attack(siege, [lambda siege, _, client: _get(siege, client, "/", {})], 5, 4)
        before = siege.megabytes()
        siege.polite = Polite()
        attack(siege, CLIENTS, seconds, 40)
        attack(siege, PAYLOADS, seconds, 20)
        time.sleep(12)  # within which the slowest clients are gone
        grown = siege.megabytes() - before
    written = [path for path in (folder / "gradio").rglob("*") if path.is_file()]
    log = (folder / "log").read_text(encoding="utf-8").splitlines()
    raw = [line for line in log if not line.startswith(("{", "Reading", "1 document"))]
    waits = sorted(siege.polite.waits) or [0.0]
    slow = waits[int(len(waits) * 0.99) - 1]
    polite = siege.polite
    return [
        ("polite clients' errors", str(len(polite.errors)), not polite.errors),
        (
            "polite clients' answers",
            f"{polite.answers} ({polite.refused} waits)",
            polite.answers > 2,
        ),
        ("/healthz, 99 of 100 within", f"{1000 * slow:.0f} ms", slow < 0.1),
        ("wrong states", str(len(siege.wrong)), not siege.wrong),
        ("bytes fetched", str(len(siege.fetched)), not siege.fetched),
        ("files written by payloads", str(len(written)), not written),
        ("memory more than before", f"{grown} MB", grown <= MEMORY_BACK),
        ("lines of the log that are not JSON", str(len(raw)), not raw),
        ("end of the server", str(siege.process.returncode), siege.process.returncode == 0),
    ]


TESTS = {
    "hostile documents": "tests/security/test_documents.py",
    "lying models": "tests/security/test_language_models.py",
    "nothing leaves the machine": "tests/security/test_nothing_leaves.py",
    "the described API (schemathesis)": "tests/web/api/test_description.py",
}


def passes(*command: str) -> bool:
    """Return whether a command of this repository ends well."""
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode == 0


def main() -> None:
    """Besiege, and print the table. The exit code is 1 if a promise was broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each attack on the server")
    parser.add_argument("--kills", type=int, default=20)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = siege_server(Path(folder), asked.seconds)
    for name, tests in TESTS.items():
        held = passes("pytest", "-q", tests)
        rows.append((name, "held" if held else "broken", held))
    held = not asked.kills or passes("benchmarks.kills", "--kills", str(asked.kills))
    rows.append((f"{asked.kills} kills", "whole" if held else "broken", held))
    for name, figure, held in rows:
        print(f"{'ok ' if held else 'NOT'}  {name:<36} {figure}")
    raise SystemExit(0 if all(held for *_, held in rows) else 1)


if __name__ == "__main__":
    main()
