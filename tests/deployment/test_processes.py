"""The processes of the compose file work together: run without containers, behind a real nginx."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from ruamel.yaml import YAML

from tests.cli.test_main import COMMAND
from tests.conftest import REPOSITORY
from tests.postgres_server import PostgresServer
from tests.waiting import wait_for
from tests.web.test_nginx import free_port, running_nginx

DEPLOY = REPOSITORY / "deploy"


@pytest.mark.slow
def test_a_new_document_is_read_by_workers_and_answered_from_by_both_servers(
    postgres_server: PostgresServer, corpus: Path, tmp_path: Path
) -> None:
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine: its package is called nginx-light")
    compose = YAML(typ="safe").load((DEPLOY / "compose-postgres.yaml").read_text("utf-8"))
    services = compose["services"]
    environment = {
        **os.environ,
        "ASSISTANT_DATABASE": postgres_server.new_database(),
        "ASSISTANT_CORPUS": str(corpus),
        "ASSISTANT_INDEX": "/proc/unwritable",  # as the folder in a container with a read-only root
        "ASSISTANT_READER": "none",
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
    }
    site = (DEPLOY / "nginx-two-servers.conf").read_text("utf-8")
    commands = [services["worker"]["command"]] * services["worker"]["deploy"]["replicas"]
    commands.append(services["ingestion"]["command"])
    servers = []
    for name in ("server-1", "server-2"):
        servers.append(port := free_port())
        site = site.replace(f"server {name}:7860", f"server 127.0.0.1:{port}")
        commands.append([*services[name]["command"], "--port", str(port)])
    (corpus / "otters.txt").write_text("The otter sleeps in the reeds.", encoding="utf-8")
    with ExitStack() as stack:
        outputs = [tmp_path / f"out-{number}" for number in range(len(commands))]
        for command, output in zip(commands, outputs, strict=True):
            stack.enter_context(_running([*COMMAND, *command], environment, output))
        proxy = stack.enter_context(running_nginx(nginx, tmp_path, site))
        wait_for(lambda: _answer(proxy, "Where does the otter sleep?") == "reeds", 180)
        (corpus / "herons.txt").write_text("The heron waits at the weir.", encoding="utf-8")
        for port in (*servers, proxy):
            wait_for(lambda: _answer(port, "Where does the heron wait?") == "weir", 180)  # noqa: B023 - called at once
        read = "".join(output.read_text("utf-8") for output in outputs[:2])
        assert "herons.txt: 1 text embedded" in read


@contextmanager
def _running(command: list[str], environment: dict[str, str], output: Path) -> Iterator[None]:
    """Run a process, its standard output in a file, until the block ends."""
    with output.open("w") as file:
        process = subprocess.Popen(command, env=environment, stdout=file)
        try:
            yield
        finally:
            process.terminate()
            process.wait(60)


def _answer(port: int, question: str) -> str:
    """Return the last word of an answer, or nothing while there is none."""
    with suppress(httpx.HTTPError):
        response = httpx.post(
            f"http://127.0.0.1:{port}/api/v1/ask", json={"question": question}, timeout=30
        )
        if response.status_code == 200 and response.json()["statements"]:
            return str(response.json()["statements"][0]["text"]).rstrip(".").split()[-1]
    return ""
