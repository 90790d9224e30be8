"""Workers read the documents of an ingestion: real processes over a real PostgreSQL."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from assistant import Assistant, AssistantError, IngestReport, StorageError, load_settings
from assistant.ingestion.sharing import workers
from tests.cli.test_main import COMMAND
from tests.postgres_server import PostgresServer, running
from tests.waiting import wait_for

TEXTS = {
    f"animals/{name}.txt": f"The {name}\n\nThe {name} sleeps in place number {number}.\n"
    for number, name in enumerate(
        ("otter", "heron", "lynx", "moose", "fox", "hare", "stoat", "newt", "vole", "swift")
    )
}


@pytest.fixture
def forest(corpus: Path) -> Path:
    (corpus / "animals").mkdir()
    for source, text in TEXTS.items():
        (corpus / source).write_text(text, encoding="utf-8")
    return corpus


@pytest.fixture
def address(postgres_server: PostgresServer) -> str:
    return postgres_server.new_database()


def environment(forest: Path, address: str, tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "ASSISTANT_DATABASE": address,
        "ASSISTANT_CORPUS": str(forest),
        "ASSISTANT_INDEX": str(tmp_path / "index"),
        "ASSISTANT_READER": "none",
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def worker(chosen: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a worker, and wait until it is counted."""
    process = subprocess.Popen(
        [*COMMAND, "worker"], env=chosen, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: _workers(chosen["ASSISTANT_DATABASE"]) > 0 or process.poll() is not None)
        yield process
    finally:
        process.kill()
        if process.stdout and not process.stdout.closed:
            process.communicate(timeout=30)


def _workers(address: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name LIKE 'assistant worker %'"
        ).fetchone()
    assert row
    return int(row[0])


def test_a_worker_reads_the_documents_of_an_ingestion(
    forest: Path, address: str, tmp_path: Path
) -> None:
    chosen = environment(forest, address, tmp_path)
    (forest / "broken.pdf").write_bytes(b"%PDF-1.7 and no more")
    with worker(chosen) as process:
        with Assistant(
            load_settings(corpus=forest, index=tmp_path / "i", database=address, reader="none")
        ) as assistant:
            seen: list[tuple[int, int]] = []
            report = assistant.ingest(progress=lambda *step: seen.append(step))
            assert sorted(report.added) == sorted(TEXTS)
            assert_reported(seen)
            assert [file.source for file in report.skipped] == ["broken.pdf"]
            assert report.chunks_embedded == len(TEXTS) == report.chunks_total
            assert "place number 2" in assistant.ask("Where does the lynx sleep?").text
            again = assistant.ingest()
            assert not again.added
            assert [file.source for file in again.skipped] == ["broken.pdf"]
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    assert out.count("1 text embedded") == len(TEXTS)
    assert "broken.pdf: skipped" in out


def assert_reported(seen: list[tuple[int, int]]) -> None:
    """Expect a step for each document that workers read, up to the bytes of all they read."""
    total = sum(len(text.encode()) for text in TEXTS.values())
    assert len(seen) == len(TEXTS)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert seen[-1][0] == total <= seen[-1][1]


WORDS = [
    "reeds",
    "water",
    "night",
    "fish",
    "bank",
    "stone",
    "mud",
    "rain",
    "heron",
    "weir",
    "alder",
    "otter",
    "sleeps",
    "hunts",
]
SMALL_CHUNKS = {"ASSISTANT_CHUNK_TOKENS": "16"}
"""They are embedded in a tenth of the time."""


def long_text(chunks: int) -> str:
    """Return a text of so many short paragraphs, most of which are a chunk of their own."""
    return "\n\n".join(
        " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 6)) + f" {number}."
        for number in range(chunks)
    )


LONG = long_text(1000)


def count(address: str, table: str, condition: str = "TRUE") -> int:
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT to_regclass(%s) IS NULL", (f"assistant.{table}",))
        if found.fetchone() == (True,):
            return 0
        row = connection.execute(f"SELECT count(*) FROM assistant.{table} WHERE {condition}")
        ((number,),) = row.fetchall()
    return int(number)


class Ingesting(threading.Thread):
    """An ingestion in another thread of this process."""

    def __init__(self, chosen: dict[str, str]) -> None:
        super().__init__()
        self._settings = load_settings(
            corpus=chosen["ASSISTANT_CORPUS"],
            index=chosen["ASSISTANT_INDEX"],
            database=chosen["ASSISTANT_DATABASE"],
            chunk_tokens=int(chosen["ASSISTANT_CHUNK_TOKENS"]),
            reader="none",
        )
        self.report: IngestReport | None = None
        self.error: AssistantError | None = None

    def run(self) -> None:
        with Assistant(self._settings) as assistant:
            try:
                self.report = assistant.ingest()
            except AssistantError as error:
                self.error = error


def assert_each_is_there_once(address: str, documents: int) -> None:
    """Nothing is lost, nothing is there twice, and nothing is left of the work."""
    assert count(address, "documents", "removed IS NULL") == documents
    assert count(address, "documents") == documents
    with psycopg.connect(address) as connection:
        texts = connection.execute("SELECT count(DISTINCT vector) FROM assistant.chunks").fetchone()
    assert (count(address, "vectors_1"),) == texts
    assert count(address, "loose_vectors") == count(address, "runs") == 0


@pytest.mark.slow
def test_the_job_of_a_killed_worker_is_gone_on_with_by_another(
    forest: Path, address: str, tmp_path: Path
) -> None:
    """The first slice of the long text is embedded once, by the worker that is killed."""
    chosen = environment(forest, address, tmp_path) | SMALL_CHUNKS
    (forest / "0.txt").write_text(LONG, encoding="utf-8")
    with worker(chosen) as first:
        ingesting = Ingesting(chosen)
        ingesting.start()
        wait_for(lambda: count(address, "vectors_1") >= 512, 120)
        first.kill()
        with worker(chosen):
            ingesting.join(240)
    assert ingesting.report is not None, ingesting.error
    assert ingesting.report.chunks_embedded <= count(address, "vectors_1") - 512
    assert_each_is_there_once(address, len(TEXTS) + 1)


@pytest.mark.slow
def test_an_ingestion_whose_workers_have_gone_reads_the_rest(
    forest: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_GONE", 1.0)
    chosen = environment(forest, address, tmp_path) | SMALL_CHUNKS
    (forest / "0.txt").write_text(LONG, encoding="utf-8")
    with worker(chosen) as only:
        ingesting = Ingesting(chosen)
        ingesting.start()
        wait_for(lambda: count(address, "vectors_1") >= 512, 120)
        only.kill()
        ingesting.join(240)
    assert ingesting.report is not None, ingesting.error
    assert ingesting.report.chunks_embedded <= count(address, "vectors_1") - 512
    assert sorted(ingesting.report.added) == ["0.txt", *sorted(TEXTS)]
    assert_each_is_there_once(address, len(TEXTS) + 1)


@pytest.mark.slow
def test_a_killed_database_loses_nothing_that_workers_have_embedded(
    forest: Path, tmp_path: Path
) -> None:
    with running() as server, ExitStack() as stack:
        address = server.new_database()
        chosen = environment(forest, address, tmp_path) | SMALL_CHUNKS
        (forest / "0.txt").write_text(LONG, encoding="utf-8")
        process = stack.enter_context(worker(chosen))
        ingesting = Ingesting(chosen)
        ingesting.start()
        wait_for(lambda: count(address, "vectors_1") >= 512, 120)
        server.kill()
        ingesting.join(60)
        assert isinstance(ingesting.error, StorageError)
        server.start()
        assert count(address, "state") == 0  # no reader sees half of it
        embedded = count(address, "vectors_1")
        wait_for(lambda: _workers(address) == 1, 60)  # it waited for its database
        assert process.poll() is None
        again = Ingesting(chosen)
        again.start()
        again.join(240)
        assert again.report is not None, again.error
        assert again.report.chunks_embedded == count(address, "vectors_1") - embedded
        assert_each_is_there_once(address, len(TEXTS) + 1)


@pytest.mark.slow
def test_two_machines_watch_one_source(forest: Path, address: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        chosen = environment(forest, address, tmp_path)
        for number in range(2):
            stack.enter_context(worker(chosen))
            other = {**chosen, "ASSISTANT_INDEX": str(tmp_path / f"index {number}")}
            stack.enter_context(_watcher(other))
        wait_for(lambda: count(address, "documents", "removed IS NULL") == len(TEXTS), 120)
        (forest / "badger.txt").write_text("The badger digs.", encoding="utf-8")
        (forest / "animals" / "otter.txt").unlink()
        (forest / "animals" / "lynx.txt").write_text("The lynx left.", encoding="utf-8")
        wait_for(lambda: count(address, "documents", "text LIKE '%left%'") == 1, 120)
        wait_for(lambda: count(address, "documents", "added > 1") >= 2, 120)
        time.sleep(3)  # the other watcher has looked as well
    with psycopg.connect(address) as connection:
        sources = [
            row[0]
            for row in connection.execute(
                "SELECT source FROM assistant.documents WHERE removed IS NULL ORDER BY source"
            )
        ]
    expected = {*TEXTS, "badger.txt"} - {"animals/otter.txt"}
    assert sources == sorted(expected)
    assert_each_is_there_once(address, len(expected))


@contextmanager
def _watcher(chosen: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen([*COMMAND, "ingest", "--watch"], env=chosen)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)
