"""Puts many clients on two servers over one PostgreSQL behind nginx: no error, no mixed answer.

What comes must be, to the letter, what one assistant gives alone, as in `benchmarks.clients`. Run:
``python -m benchmarks.scale_servers --clients 100 --seconds 60``
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assistant import Assistant, load_settings
from benchmarks.clients import Load, alone, check_log, print_load, write_places
from tests.conftest import REPOSITORY
from tests.postgres_server import running
from tests.waiting import wait_until_ready
from tests.web.test_nginx import free_port, running_nginx

COMMAND = [sys.executable, "-c", "from assistant.cli.main import run; run()"]


@contextmanager
def serving(environment: dict[str, str], port: int, log: Path) -> Iterator[None]:
    """Run a server until the block ends, which it must do by itself."""
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*COMMAND, "serve", "--port", str(port)],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        try:
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()


def main() -> None:
    """Print what was done, how fast, and every problem."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60.0)
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        address = stack.enter_context(running()).new_database()
        questions = write_places(folder / "corpus")
        settings = load_settings(corpus=folder / "corpus", index=folder / "index", database=address)
        with Assistant(settings) as assistant:
            assistant.ingest()
            expected = {question: alone(assistant, question) for question in questions}
        load = _served(folder, address, asked, Load("", expected, 0.0))
    print_load(f"{asked.clients} clients, {asked.seconds:g} s, two servers", load)
    raise SystemExit(1 if load.problems else 0)


def _served(folder: Path, address: str, asked: argparse.Namespace, load: Load) -> Load:
    environment = {
        **os.environ,
        "ASSISTANT_DATABASE": address,
        "ASSISTANT_CORPUS": str(folder / "corpus"),
        "ASSISTANT_MAX_IN_FLIGHT": str(2 * asked.clients),
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
    }
    ports = [free_port(), free_port()]
    site = (REPOSITORY / "deploy" / "nginx-two-servers.conf").read_text(encoding="utf-8")
    for number, port in enumerate(ports, start=1):
        site = site.replace(f"server server-{number}:7860", f"server 127.0.0.1:{port}")
    logs = [folder / f"log-{port}" for port in ports]
    with ExitStack() as stack:
        for port, log in zip(ports, logs, strict=True):
            own = {**environment, "ASSISTANT_INDEX": str(folder / f"index-{port}")}
            stack.enter_context(serving(own, port, log))
        for port in ports:
            wait_until_ready(port)
        proxy = stack.enter_context(running_nginx("/usr/sbin/nginx", folder, site))
        load.address = f"http://127.0.0.1:{proxy}"
        load.ends = time.monotonic() + asked.seconds
        load.run(asked.clients)
    lines = [json.loads(line) for log in logs for line in log.read_text().splitlines()]
    check_log(lines, load)
    for log in logs:
        answered = log.read_text().count('"answer": {')
        print(f"{log.name}: {answered} answers")
    return load


if __name__ == "__main__":
    main()
