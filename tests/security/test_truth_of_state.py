"""Truth of state: what the server and the commands say of the index is so."""

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk
from pydantic import Field
from starlette.testclient import TestClient

from assistant import Assistant, IndexDamagedError, IndexMismatchError, Settings
from assistant.cli.serve import _ingest_if_stale
from assistant.errors import AssistantError
from assistant.ingestion.files import read_regular_file
from assistant.ingestion.formats import UnreadableFileError
from assistant.testing import ScriptedChatModel, WordEncoder
from assistant.types import IngestReport
from tests.web.browsing import make_app

TEXT = "The tower of Pisa was begun in 1173."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "tower.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def opened(folder: Path, **settings: Any) -> Assistant:
    places: dict[str, Any] = {
        "corpus": folder / "corpus",
        "index": folder / "index",
        "reader": "none",
    }
    return Assistant(Settings(**{**places, **settings}), WordEncoder())


@pytest.fixture
def assistant(folder: Path) -> Iterator[Assistant]:
    with opened(folder) as made:
        made.ingest()
        yield made


@pytest.fixture
def client(assistant: Assistant) -> TestClient:
    assistant.warm_up()
    client = TestClient(make_app(assistant), base_url="http://localhost")
    assert client.get("/readyz").status_code == 200
    return client


def test_readiness_follows_the_index(client: TestClient, folder: Path) -> None:
    index = folder / "index"
    index.rename(folder / "away")
    gone = client.get("/readyz")
    assert (gone.status_code, "assistant ingest" in gone.json()["reason"]) == (503, True)
    (folder / "away").rename(index)
    assert client.get("/readyz").status_code == 200
    catalog = index / "catalog.sqlite3"
    whole = catalog.read_bytes()
    catalog.write_bytes(b"not a database" * 1000)
    assert client.get("/readyz").status_code == 503
    catalog.write_bytes(whole)
    assert client.get("/readyz").status_code == 200


def test_readiness_is_what_a_question_meets(client: TestClient, folder: Path) -> None:
    described = folder / "corpus" / "corpus.toml"
    for text in ("[[[ not toml", "[documents.missing]\n", "title = 7\n", ""):
        described.write_text(text, encoding="utf-8")
        asked = client.post("/api/v1/ask", json={"question": "When was the tower begun?"})
        ready = client.get("/readyz")
        assert (asked.status_code == 200) == (ready.status_code == 200), (text, ready.text)
    described.unlink()
    assert client.get("/readyz").status_code == 200


class BlockingChatModel(ScriptedChatModel):
    """A model whose client blocks the thread that all requests share, until it is let go."""

    begun: threading.Event = Field(default_factory=threading.Event)
    let_go: threading.Event = Field(default_factory=threading.Event)

    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        self.begun.set()
        self.let_go.wait(20)
        yield ChatGenerationChunk(message=AIMessageChunk(content="It was begun in 1173 [1]."))


def test_readiness_follows_the_thread_of_the_language_model(
    assistant: Assistant, folder: Path
) -> None:
    model = BlockingChatModel(texts=[""])
    with Assistant(assistant.settings, WordEncoder(), model) as blocked:
        blocked.warm_up()
        client = TestClient(make_app(blocked), base_url="http://localhost")
        assert client.get("/readyz").status_code == 200
        asked = threading.Thread(target=blocked.ask, args=["When was the tower begun?"])
        asked.start()
        assert model.begun.wait(10)
        ready = client.get("/readyz")
        assert (ready.status_code, "blocked" in ready.json()["reason"]) == (503, True)
        model.let_go.set()
        asked.join(20)
        assert client.get("/readyz").status_code == 200


def test_an_empty_catalog_is_damage_and_not_a_new_index(assistant: Assistant, folder: Path) -> None:
    assistant.close()
    for file in (folder / "index").glob("catalog.sqlite3*"):
        file.write_bytes(b"")
    with opened(folder) as another:
        for act in (another.status, another.documents, another.ingest):
            with pytest.raises(IndexDamagedError, match="it is empty"):
                act()
        another.ingest(rebuild=True)
        assert len(another.documents()) == 1


def test_an_index_made_with_other_chunks_is_noticed(assistant: Assistant, folder: Path) -> None:
    assistant.close()
    with opened(folder, chunk_tokens=64) as another:
        assert another.status().stale
        with pytest.raises(IndexMismatchError, match="--rebuild"):
            _ingest_if_stale(another)
        another.ingest(rebuild=True)
        assert not another.status().stale


@pytest.mark.skipif(os.name == "nt", reason="its folders have other rights")
def test_a_changed_corpus_beside_an_index_that_cannot_be_written_is_served_as_it_is(
    assistant: Assistant, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assistant.close()
    (folder / "corpus" / "new.txt").write_text("New.", encoding="utf-8")
    lock = folder / "index" / "ingest.lock"
    lock.unlink(missing_ok=True)
    lock.mkdir()  # root may write everywhere, but not open a folder
    with opened(folder) as another:
        _ingest_if_stale(another)
        assert [document.source for document in another.documents()] == ["tower.txt"]
    assert "Serving the existing index" in capsys.readouterr().err


@pytest.mark.skipif(os.name == "nt", reason="it has no pipes among files")
def test_a_pipe_or_socket_is_skipped_everywhere(assistant: Assistant, folder: Path) -> None:
    corpus = folder / "corpus"
    os.mkfifo(corpus / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        before = Path.cwd()
        os.chdir(corpus)  # the address of a socket is short
        try:
            listening.bind("socket.txt")
        finally:
            os.chdir(before)
        report = assistant.ingest()
    reasons = {skipped.source: skipped.reason for skipped in report.skipped}
    assert reasons == dict.fromkeys(["pipe.txt", "socket.txt"], "it is not a regular file")
    assert not assistant.status().stale
    (corpus / "tower.txt").unlink()
    os.mkfifo(corpus / "tower.txt")  # where an indexed document was
    (document,) = assistant.documents()
    assert assistant.document_changed(document.id)
    assert assistant.status().stale
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_regular_file(corpus / "tower.txt", 1000)
    client = TestClient(make_app(assistant), base_url="http://localhost")
    started = time.monotonic()
    assert client.get("/source", params={"document": document.id}).status_code == 200
    assert client.get("/original", params={"document": document.id}).status_code == 404
    assert time.monotonic() - started < 20


class Watching:
    """An assistant that watches in a thread, and what it said."""

    def __init__(self, assistant: Assistant) -> None:
        self.told: list[IngestReport | AssistantError] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(
            target=assistant.watch, args=(self.stop, self.told.append), daemon=True
        )

    def __enter__(self) -> "Watching":
        self.thread.start()
        self.wait_for(1)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(20)

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while len(self.told) < count:
            assert time.monotonic() < deadline, self.told
            time.sleep(0.05)


def test_watching_survives_whatever_an_ingestion_raises(
    assistant: Assistant, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Watching(assistant) as watching:
        with monkeypatch.context() as broken:
            broken.setattr("assistant.assistant.ingest", _raise)
            (folder / "corpus" / "b.txt").write_text("B.", encoding="utf-8")
            watching.wait_for(2)
        assert "ZeroDivisionError" in str(watching.told[1])
        (folder / "corpus" / "c.txt").write_text("C.", encoding="utf-8")
        watching.wait_for(3)
    assert isinstance(watching.told[2], IngestReport)
    assert watching.told[2].added == ("b.txt", "c.txt")


def _raise(*_: object, **__: object) -> None:
    raise ZeroDivisionError("a mistake of ours")


def test_an_index_that_is_deleted_while_watching_is_made_again(
    assistant: Assistant, folder: Path
) -> None:
    with Watching(assistant) as watching:
        shutil.rmtree(folder / "index")
        watching.wait_for(2)
    assert isinstance(watching.told[1], IngestReport)
    assert watching.told[1].added == ("tower.txt",)


FULL = """
import resource, signal, sys
from pathlib import Path
from assistant import Assistant, Settings
from assistant.testing import ScriptedChatModel, WordEncoder
folder = Path(sys.argv[1])
places = {"corpus": folder / "corpus", "index": folder / "index", "reader": "none"}
with Assistant(Settings(**places), WordEncoder()) as assistant:
    assistant.ingest()
    assistant.ask("When was the tower begun?")
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        (folder / "more").write_text("more")
    except OSError:
        print(assistant.ask("When was the tower begun?").text)
        assistant.check()
"""


@pytest.mark.skipif(os.name == "nt", reason="it has no such limit")
def test_a_running_server_answers_on_a_disk_without_room(folder: Path) -> None:
    """With a limit of no bytes, whatever a file is to take fails, as on a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert done.returncode == 0, done.stderr
    assert "1173" in done.stdout
