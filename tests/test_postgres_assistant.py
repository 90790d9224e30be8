"""The whole way with the index in PostgreSQL: ingest, ask, serve, status and feedback."""

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant import (
    Assistant,
    AssistantError,
    IndexMissingError,
    IngestReport,
    StorageError,
    load_settings,
)
from assistant.testing import WordEncoder
from tests.cli.test_main import COMMAND
from tests.conftest import REPOSITORY
from tests.postgres_server import PostgresServer, running
from tests.waiting import wait_for, wait_until_ready
from tests.web.test_nginx import free_port, running_nginx

TEXTS = {
    "otters.txt": "Otters\n\nThe otter sleeps in the reeds by day. It hunts for fish at night.",
    "deep/herons.txt": "Herons\n\nThe heron waits at the weir. Herons nest in tall alders.",
}


@pytest.fixture
def forest(corpus: Path) -> Path:
    for name, text in TEXTS.items():
        (corpus / name).parent.mkdir(exist_ok=True)
        (corpus / name).write_text(text, encoding="utf-8")
    return corpus


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


@pytest.fixture
def assistant(forest: Path, address: str, tmp_path: Path) -> Iterator[Assistant]:
    settings = load_settings(
        corpus=forest, index=tmp_path / "index", database=address, reader="none"
    )
    with Assistant(settings, WordEncoder()) as opened:
        yield opened


def test_documents_are_ingested_and_answer(assistant: Assistant) -> None:
    with pytest.raises(IndexMissingError):
        assistant.ask("Where does the otter sleep?")
    report = assistant.ingest()
    assert sorted(report.added) == sorted(TEXTS)
    (hit, *_) = assistant.retrieve("Where does the otter sleep?")
    assert "otter sleeps" in hit.chunk.text
    (hit, *_) = assistant.retrieve("Where does the otter sleep?", within="deep")
    assert "heron" in hit.chunk.text
    assert not (assistant.settings.index / "catalog.sqlite3").exists()


def test_answers_are_those_of_the_folder(
    assistant: Assistant, article_corpus: Path, tmp_path: Path
) -> None:
    embedded = load_settings(corpus=article_corpus, index=tmp_path / "folder", reader="none")
    assistant.ingest()
    with Assistant(embedded, WordEncoder()) as other:
        other.ingest()
        for question in ("Who founded the SCO?", "When was it founded?", "What is a zebra?"):
            one, another = assistant.ask(question), other.ask(question)
            assert replace(one, timings={}) == replace(another, timings={})


def test_only_what_changed_is_embedded(assistant: Assistant, forest: Path) -> None:
    assistant.ingest()
    assert assistant.ingest().chunks_embedded == 0
    (forest / "lynx.txt").write_text("The lynx hunts hares.", encoding="utf-8")
    (forest / "otters.txt").unlink()
    report = assistant.ingest()
    assert (report.added, report.deleted) == (("lynx.txt",), ("otters.txt",))
    assert report.chunks_embedded == 1
    assert {one.source for one in assistant.documents()} == {"lynx.txt", "deep/herons.txt"}
    assert assistant.ingest(rebuild=True).chunks_embedded == report.chunks_total


def test_the_status_names_the_database_without_its_password(
    assistant: Assistant, address: str, forest: Path
) -> None:
    assert assistant.status().stale
    assistant.ingest()
    status = assistant.status()
    assert status.index.startswith("postgresql://")
    assert (status.documents, status.stale) == (2, False)
    assert status.bytes_on_disk > 10_000
    (forest / "lynx.txt").write_text("The lynx hunts hares.", encoding="utf-8")
    assert assistant.status().changes["added"] == 1


def test_feedback_is_in_the_database_and_stays_at_a_rebuild(
    assistant: Assistant, address: str
) -> None:
    assistant.ingest()
    answer = assistant.ask("Where does the otter sleep?")
    stored = assistant.give_feedback(answer, True, "Right.")
    assistant.ingest(rebuild=True)
    settings = load_settings(database=address)
    with Assistant(settings, WordEncoder()) as other:  # another server
        assert other.feedback() == [stored]
        assert other.delete_feedback(stored.id) == 1
    assert assistant.feedback() == []


def test_a_watcher_ingests_what_changes(assistant: Assistant, forest: Path) -> None:
    stop, reports = threading.Event(), []

    def notify(report: object) -> None:
        reports.append(report)
        if len(reports) == 1:
            (forest / "lynx.txt").write_text("The lynx hunts hares.", encoding="utf-8")
        else:
            stop.set()

    assistant.watch(stop, notify)
    assert all(isinstance(report, IngestReport) for report in reports)
    assert "lynx.txt" in {one.source for one in assistant.documents()}


def test_a_watcher_waits_for_a_database_that_is_gone(forest: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    reports: list[IngestReport | AssistantError] = []

    with running() as server:
        settings = load_settings(
            corpus=forest, index=tmp_path / "index", database=server.new_database(), reader="none"
        )
        with Assistant(settings, WordEncoder()) as opened:
            watcher = threading.Thread(target=opened.watch, args=(stop, reports.append))
            watcher.start()
            wait_for(lambda: len(reports) == 1)
            server.kill()
            (forest / "lynx.txt").write_text("The lynx hunts hares.", encoding="utf-8")
            wait_for(lambda: len(reports) == 2)
            assert isinstance(reports[1], StorageError)
            server.start()
            wait_for(lambda: isinstance(reports[-1], IngestReport))
            stop.set()
            watcher.join(30)
            assert "lynx.txt" in {one.source for one in opened.documents()}


@pytest.fixture
def environment(forest: Path, address: str, tmp_path: Path) -> dict[str, str]:
    """The settings of two servers over one database."""
    return {
        **os.environ,
        "ASSISTANT_DATABASE": address,
        "ASSISTANT_CORPUS": str(forest),
        "ASSISTANT_INDEX": str(tmp_path / "index"),
        "ASSISTANT_READER": "none",
        "ASSISTANT_TRUSTED_PROXIES": "127.0.0.1",
    }


def test_the_command_line_ingests_into_the_database(environment: dict[str, str]) -> None:
    ingested = _run(environment, "ingest", "--json")
    assert json.loads(ingested)["chunks_total"] == 2
    assert "postgresql://" in _run(environment, "status")


def test_two_servers_behind_nginx_restart_without_a_lost_answer(
    environment: dict[str, str], tmp_path: Path
) -> None:
    """One is told to end, the other is killed."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx is None:
        pytest.skip("no nginx on this machine: its package is called nginx-light")
    _run(environment, "ingest")
    ports = [free_port(), free_port()]
    site = (REPOSITORY / "deploy" / "nginx-two-servers.conf").read_text(encoding="utf-8")
    for number, port in enumerate(ports, start=1):
        site = site.replace(f"server server-{number}:7860", f"server 127.0.0.1:{port}")
    with ExitStack() as stack:
        servers = [stack.enter_context(_server(environment, port)) for port in ports]
        for port in ports:
            wait_until_ready(port)
        proxy = stack.enter_context(running_nginx(nginx, tmp_path, site))
        answers: list[dict[str, Any]] = []
        failed: list[object] = []
        done = threading.Event()

        def ask() -> None:
            with httpx.Client(base_url=f"http://127.0.0.1:{proxy}", timeout=60) as client:
                while not done.is_set():
                    try:
                        response = client.post(
                            "/api/v1/ask", json={"question": "Where does the otter sleep?"}
                        )
                        answers.append(response.raise_for_status().json())
                    except httpx.HTTPError as error:
                        failed.append(error)

        clients = [threading.Thread(target=ask) for _ in range(2)]
        for client in clients:
            client.start()
        hows = (signal.SIGTERM, signal.SIGKILL)
        for server, port, how in zip(servers, ports, hows, strict=True):  # a rolling restart
            server.send_signal(how)
            server.wait(30)
            stack.enter_context(_server(environment, port))
            wait_until_ready(port)
        done.set()
        for client in clients:
            client.join()
    assert failed == []
    assert len(answers) > 10
    assert len({json.dumps(answer["citations"]) for answer in answers}) == 1


def _run(environment: dict[str, str], *arguments: str) -> str:
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=True
    ).stdout


@contextmanager
def _server(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield server
    finally:
        server.terminate()
        server.wait(30)
