"""Two servers that share a database and nothing else: a conversation may meet either at each request."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.ingestion.loading import document_id
from tests.cli.test_main import COMMAND
from tests.postgres_server import PostgresServer
from tests.waiting import wait_for, wait_until_ready
from tests.web.test_nginx import free_port

PASSWORD = "the otter's password"
HTML = {"accept": "text/html"}
TEXT = "Otters\n\nThe otter sleeps in the reeds by day. The otter hunts for fish at night.\n"


@dataclass
class Page:
    """The chat's page in a browser, whose requests go to the servers in turn, as through a proxy."""

    servers: list[httpx.Client]
    functions: dict[str, int] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    turns: "count[int]" = field(default_factory=count)

    def send(self, method: str, path: str, /, **more: Any) -> httpx.Response:
        """Send a request to the server whose turn it is."""
        server = self.servers[next(self.turns) % len(self.servers)]
        server.cookies = httpx.Cookies(self.cookies)
        response = server.request(method, path, **more)
        self.cookies.update(response.cookies)
        return response

    def sign_in(self) -> None:
        self.cookies.clear()
        shown = self.send("GET", "/login").text
        (token,) = re.findall(r'name="token" value="([\w-]+)"', shown)
        sent = self.send("POST", "/login", data={"password": PASSWORD, "token": token})
        assert sent.status_code == 303, sent.text

    def open(self) -> None:
        shown = self.send("GET", "/").text
        (config,) = re.findall(r"window\.gradio_config = (\{.*?\});</script>", shown)
        listed = json.loads(config)["dependencies"]
        self.functions = {one["api_name"]: one["id"] for one in listed if one["backend_fn"]}

    def call(self, function: str, data: object) -> Any:
        path = "queue/join" if function == "answer" else "run/predict"
        body = {"fn_index": self.functions[function], "data": data, "session_hash": "mine"}
        response = self.send("POST", f"/gradio_api/{path}", json=body)
        assert response.status_code == 200, response.text
        return response.json()

    def ask(self, question: str, kept: object) -> dict[str, str]:
        """Ask as the page does, and return what the browser keeps of the conversation."""
        begun = self.call("begin", [question, kept])["data"][1]
        asked = self.call("answer", [begun, True])["event_id"]
        stream = self.send("GET", "/gradio_api/queue/data", params={"session_hash": "mine"}).text
        messages = [json.loads(line[6:]) for line in stream.split("\n\n") if line]
        assert messages[-1]["msg"] == "close_stream", stream
        (completed,) = [one for one in messages if one["msg"] == "process_completed"]
        assert completed["event_id"] == asked
        answered: dict[str, str] = completed["output"]["data"][0]
        return answered


@contextmanager
def _serving(environment: dict[str, str], folder: Path) -> Iterator[httpx.Client]:
    """Run a server whose working folder, documents and index folder are its own, and empty."""
    port = free_port()
    own = {"ASSISTANT_CORPUS": str(folder / "documents"), "ASSISTANT_INDEX": str(folder / "index")}
    for place in own.values():
        Path(place).mkdir(parents=True)
    command = [*COMMAND, "serve", "--port", str(port)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, env={**environment, **own}, cwd=folder, stderr=log)
    try:
        wait_until_ready(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            yield client
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def page(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Page]:
    tmp_path = tmp_path_factory.mktemp("two servers")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "otters.txt").write_text(TEXT, encoding="utf-8")
    environment = {
        **os.environ,
        "ASSISTANT_DATABASE": postgres_server.new_database(),
        "ASSISTANT_CORPUS": str(tmp_path / "documents"),
        "ASSISTANT_INDEX": str(tmp_path / "index"),
        "ASSISTANT_READER": "none",
        "ASSISTANT_CHAT_PASSWORD": PASSWORD,
    }
    subprocess.run([*COMMAND, "ingest"], env=environment, check=True, capture_output=True)
    with ExitStack() as stack:
        folders = [tmp_path / name for name in ("one", "other")]
        servers = [stack.enter_context(_serving(environment, folder)) for folder in folders]
        yield Page(servers)


def test_a_conversation_meets_another_server_with_every_request(page: Page) -> None:
    page.sign_in()
    page.open()
    asked = {"Where does the otter sleep?": "sleeps", "And what does it hunt for?": "hunts"}
    kept: dict[str, str] = {}
    for _ in range(2):
        for question in asked:
            kept = page.ask(question, kept)
        next(page.turns)  # what follows meets the servers the other way round
    shown = page.call("export", [kept])["data"][0]
    answered = [part.split("\n\n")[:2] for part in shown.split("\n## ")[1:]]
    assert [question for question, _ in answered] == [*asked, *asked]
    for question, answer in answered:
        assert f"The otter {asked[question]} " in answer, shown


def test_each_server_shows_the_source_without_the_documents_folder(page: Page) -> None:
    page.sign_in()
    document = {"document": document_id("otters.txt")}
    for _ in page.servers:
        shown = page.send("GET", "/source", params=document)
        assert shown.status_code == 200
        assert "in the reeds by day" in shown.text
        assert "has changed since" not in shown.text
        assert "Open the file" not in shown.text
    for _ in page.servers:
        assert page.send("GET", "/original", params=document).status_code == 404


def test_a_session_that_one_server_ends_is_ended_on_the_other(page: Page) -> None:
    page.sign_in()
    assert [page.send("GET", "/", headers=HTML).status_code for _ in page.servers] == [200, 200]
    kept = dict(page.cookies)
    assert page.send("POST", "/logout").status_code == 303

    def is_ended() -> bool:
        page.cookies = dict(kept)
        return [page.send("GET", "/", headers=HTML).status_code for _ in page.servers] == [303, 303]

    wait_for(is_ended, 10)
