"""Puts many clients on a real server for a while and shows that nothing is lost and nothing mixed.

Each client asks by turns for an answer, the same as events, a completion, its stream, and a search,
every time about another of the documents, which all say the same of different places. What comes
must be, to the letter, what one assistant gives alone. Each request has an id of its own, by which
the server's log must know it once, with the same status. Run:
``python -m benchmarks.clients --clients 50 --seconds 30``
"""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from assistant import Assistant

PLACES = 60
DOORS = ("ask", "events", "completion", "stream", "search")
NAMES = ("Ab", "Be", "Cor", "Dun", "El", "Far", "Gil", "Hol", "Is", "Kel", "Lin", "Mor")
ENDINGS = ("mouth", "field", "wick", "ford", "stead")


@dataclass
class Said:
    """What an assistant alone says to a question, and which passages it finds."""

    text: str
    quotes: list[str]
    chunks: list[str]


@dataclass
class Load:
    """What the clients did, and what came of it."""

    address: str
    expected: Mapping[str, Said]
    ends: float
    statuses: dict[str, int] = field(default_factory=dict)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    milliseconds: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def run(self, clients: int) -> None:
        """All clients, until the time is over."""
        threads = [threading.Thread(target=self._client, args=(one,)) for one in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _client(self, number: int) -> None:
        # the server believes its proxy on this machine: so each client has an address of its own
        headers = {"x-forwarded-for": f"10.0.{number // 250}.{number % 250 + 1}"}
        questions = list(self.expected)
        turn = 0
        with httpx.Client(base_url=self.address, headers=headers, timeout=60) as client:
            while time.monotonic() < self.ends:
                turn += 1
                question = questions[(number + turn * 7) % len(questions)]
                door = DOORS[(number + turn) % len(DOORS)]
                request_id = f"client-{number}-{turn:06d}"
                try:
                    status = self._ask(client, door, question, request_id)
                except (httpx.HTTPError, ValueError, LookupError) as error:
                    self.problems.append(f"{request_id} {door}: {error!r}")
                    continue
                self.statuses[request_id] = status
                self.counts[door, status] += 1
                if status != 200:
                    time.sleep(0.5)

    def _ask(self, client: httpx.Client, door: str, question: str, request_id: str) -> int:
        started = time.perf_counter()
        if door == "search":
            request = client.build_request("GET", "/api/v1/search", params={"q": question, "k": 5})
        elif door in ("ask", "events"):
            request = client.build_request("POST", "/api/v1/ask", json={"question": question})
            request.headers["accept"] = (
                "text/event-stream" if door == "events" else "application/json"
            )
        else:
            messages = [{"role": "user", "content": question}]
            body = {"model": "assistant", "messages": messages, "stream": door == "stream"}
            request = client.build_request("POST", "/v1/chat/completions", json=body)
        request.headers["x-request-id"] = request_id
        response = client.send(request)
        if response.headers["x-request-id"] != request_id:
            self.problems.append(f"{request_id} came back as {response.headers['x-request-id']}")
        if response.status_code in (429, 503):
            if not int(response.headers["retry-after"]):
                self.problems.append(f"{request_id}: no time to come back")
            return response.status_code
        response.raise_for_status()
        told = READ[door](response)
        said = self.expected[question]
        if told == "busy":  # a stream has begun before there was no place for it
            return 503
        if told != (said.chunks if door == "search" else [said.text, *said.quotes]):
            self.problems.append(f"{request_id} {door} {question}: {told}")
        self.milliseconds.append((time.perf_counter() - started) * 1000)
        return 200


def _read_answer(told: dict[str, Any]) -> list[str]:
    return [told["text"], *(citation["quote"] for citation in told["citations"])]


def _read_events(response: httpx.Response) -> object:
    *_, last = response.text.strip().split("\n\n")
    kind, _, data = last.partition("\n")
    told = json.loads(data.removeprefix("data: "))
    return told["code"] if kind == "event: error" else _read_answer(told)


def _read_message(message: dict[str, Any]) -> list[str]:
    quotes = [one["citation"]["quote"] for one in message["annotations"]]
    return [message["content"].partition("\n\nSources:\n")[0], *quotes]


def _read_stream(response: httpx.Response) -> object:
    *chunks, done = [one.removeprefix("data: ") for one in response.text.strip().split("\n\n")]
    if done != "[DONE]":
        return json.loads(done)["error"]["code"]
    message: dict[str, Any] = {"content": "", "annotations": []}
    for chunk in chunks:
        delta = json.loads(chunk)["choices"][0]["delta"]
        message["content"] += delta.get("content", "")
        message["annotations"] += delta.get("annotations", [])
    return _read_message(message)


READ: dict[str, Callable[[httpx.Response], object]] = {
    "ask": lambda response: _read_answer(response.json()),
    "events": _read_events,
    "completion": lambda response: _read_message(response.json()["choices"][0]["message"]),
    "stream": _read_stream,
    "search": lambda response: [hit["chunk"]["id"] for hit in response.json()["hits"]],
}


def write_places(corpus: Path) -> list[str]:
    """A document for each place; the questions, each answered by one of them."""
    corpus.mkdir()
    places = [name + ending for name in NAMES for ending in ENDINGS][:PLACES]
    for number, place in enumerate(places):
        (corpus / f"{place.lower()}.txt").write_text(
            f"The lighthouse of {place}\n\nThe lighthouse of {place} was built in {1700 + 3 * number} "
            f"by the harbour board.\n\nIts lamp is tended by {number + 2} keepers, who come from the "
            f"village of {place} and change every second week.\n"
        )
    return [f"When was the lighthouse of {place} built?" for place in places]


def alone(assistant: Assistant, question: str) -> Said:
    """What is said to a question that nobody else disturbs."""
    answer = assistant.ask(question)
    quotes = [citation.quote for citation in answer.citations]
    return Said(answer.text, quotes, [hit.chunk.id for hit in assistant.retrieve(question, 5)])


def check_log(log: list[dict[str, Any]], load: Load) -> None:
    """Each request is in the log once, with the status that its client saw."""
    logged = [line for line in log if str(line.get("request_id", "")).startswith("client-")]
    requests = Counter(line["request_id"] for line in logged if line["event"] == "request")
    if repeated := [one for one, count in requests.items() if count > 1]:
        load.problems.append(f"{len(repeated)} ids in the log twice, like {repeated[0]}")
    if requests.keys() != load.statuses.keys():
        load.problems.append(f"{len(requests)} requests in the log of {len(load.statuses)} sent")
    for line in logged:
        seen = load.statuses.get(line["request_id"])
        # what a stream began with cannot be taken back
        if line["event"] == "request" and line["status"] not in (seen, 200):
            load.problems.append(f"{line['request_id']}: {seen}, and {line['status']} in the log")
    answered = sum("answer" in line for line in logged)
    told = sum(load.counts[door, 200] for door in DOORS if door != "search")
    if answered != told:
        load.problems.append(f"{answered} answers in the log, {told} came")
    load.problems += [f"in the log: {line}" for line in log if line["level"] != "info"]


def main() -> None:
    """Print what was done, how fast, and every problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--max-in-flight", type=int, default=64)
    parser.add_argument("--rate-limit", default="1000/minute")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = write_places(folder / "corpus")
        with Assistant.open(corpus=folder / "corpus", index=folder / "index") as assistant:
            assistant.ingest()
            expected = {question: alone(assistant, question) for question in questions}
        different = len({said.text for said in expected.values()})
        load, log = _served(folder, expected, asked)
    check_log(log, load)
    about = f"{asked.clients} clients, {asked.seconds:g} s, {different} different answers, each request with an id"
    print_load(about, load)
    raise SystemExit(1 if load.problems or different < len(questions) else 0)


def _served(
    folder: Path, expected: Mapping[str, Said], asked: argparse.Namespace
) -> tuple[Load, list[dict[str, Any]]]:
    chosen = {
        "ASSISTANT_CORPUS": str(folder / "corpus"),
        "ASSISTANT_INDEX": str(folder / "index"),
        "ASSISTANT_MAX_IN_FLIGHT": str(asked.max_in_flight),
        "ASSISTANT_RATE_LIMIT": asked.rate_limit,
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
    }
    command = [
        sys.executable,
        "-c",
        "from assistant.cli.main import run; run()",
        "serve",
        "--port",
        "0",
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=os.environ | chosen, stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout is not None
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found, "the server did not start"
            address = found[0]
            while httpx.get(f"{address}/readyz").status_code != 200:
                time.sleep(0.2)
            load = Load(address, expected, time.monotonic() + asked.seconds)
            load.run(asked.clients)
            sent = time.monotonic()
            process.send_signal(signal.SIGTERM)
            status = process.wait(60)
            if status or time.monotonic() - sent > 10:
                load.problems.append(f"ended with {status} after {time.monotonic() - sent:.1f} s")
        finally:
            process.kill()
            process.wait()
    return load, [json.loads(line) for line in (folder / "log").read_text().splitlines()]


def print_load(about: str, load: Load) -> None:
    """Print what was done, how fast, and the first problems."""
    print(about)
    for door in DOORS:
        counts = [f"{load.counts[door, status]} × {status}" for status in (200, 429, 503)]
        print(f"  {door}: {', '.join(counts)}")
    times = sorted(load.milliseconds) or [0.0]
    print(
        f"{len(load.statuses)} requests; median {times[len(times) // 2]:.0f} ms, "
        f"95 % within {times[len(times) * 95 // 100]:.0f} ms"
    )
    print(f"{len(load.problems)} problems", *load.problems[:10], sep="\n")


if __name__ == "__main__":
    main()
