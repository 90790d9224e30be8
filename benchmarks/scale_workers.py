"""Measures the ingestion into PostgreSQL by the program itself and by several workers.

Texts are generated and embedded by the bundled model, each process on one core. Run:
``python -m benchmarks.scale_workers --documents 60 --workers 0 1 2 4``
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from assistant import Assistant, load_settings
from assistant.ingestion.sharing.queue_choice import open_queue
from benchmarks.synthetic import Prose
from tests.postgres_server import running

COMMAND = [sys.executable, "-c", "from assistant.cli.main import run; run()"]
PARAGRAPHS = 20


def write_corpus(corpus: Path, documents: int) -> None:
    """Write documents of generated prose, each paragraph a chunk."""
    corpus.mkdir()
    for number in range(documents):
        prose = Prose(number)
        paragraphs = [prose.paragraph(6) for _ in range(PARAGRAPHS)]
        (corpus / f"{number:05}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")


@contextmanager
def working(count: int, environment: dict[str, str]) -> Iterator[None]:
    """Run so many workers."""
    processes = [
        subprocess.Popen([*COMMAND, "worker"], env=environment, stdout=subprocess.DEVNULL)
        for _ in range(count)
    ]
    try:
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()


def measure(address: str, corpus: Path, folder: Path, count: int) -> dict[str, float]:
    """Ingest with so many workers, and return what was reached."""
    settings = load_settings(corpus=corpus, index=folder, database=address, reader="none")
    environment = {
        **os.environ,
        "ASSISTANT_DATABASE": address,
        "ASSISTANT_CORPUS": str(corpus),
        "OMP_NUM_THREADS": "1",
    }
    with Assistant(settings) as assistant, working(count, environment):
        queue = open_queue(settings, assistant._encoder, assistant._build_options)
        assert queue
        while queue.workers() < count:
            time.sleep(0.2)
        started = time.perf_counter()
        report = assistant.ingest()
        seconds = time.perf_counter() - started
    assert report.chunks_embedded == report.chunks_total
    return {
        "workers": count,
        "chunks": report.chunks_total,
        "seconds": seconds,
        "chunks_per_second": report.chunks_total / seconds,
        "load": psutil.getloadavg()[0],
    }


def main() -> None:
    """Measure each number of workers in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--workers", type=int, nargs="+", default=[0, 1, 2, 4])
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    asked = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as name, running() as server:
        corpus = Path(name) / "corpus"
        write_corpus(corpus, asked.documents)
        for count in asked.workers:
            rows.append(measure(server.new_database(), corpus, Path(name) / f"i{count}", count))
            print(rows[-1], flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=2))


if __name__ == "__main__":
    main()
