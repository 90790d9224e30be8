from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Document
from assistant.storage.postgres import postgres_view
from assistant.storage.postgres.postgres_snapshot import PostgresSnapshot
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.schema import vector_id
from assistant.testing import line_chunks
from benchmarks.synthetic import ClusteredEncoder
from tests.postgres_server import PostgresServer
from tests.storage.written import STATE, document_at

ENCODER = ClusteredEncoder()
LINES = [f"Topic{number % 40} line {number}." for number in range(4000)]


def documents() -> list[Document]:
    return [
        document_at(f"part{half}/{number}.txt", "\n".join(LINES[number::20]))
        for number in range(20)
        for half in [number % 2]
    ]


@pytest.fixture(scope="module")
def filled(postgres_server: PostgresServer) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres_server.new_database())
    with store.exclusively(), store.write(ENCODER.name, keeps_vectors=False) as writer:
        for document in documents():
            chunks = line_chunks(document)
            writer.update.put(document, "print", chunks)
            writer.vectors.put(
                [vector_id(chunk) for chunk in chunks],
                ENCODER.encode([chunk.text for chunk in chunks]),
            )
        writer.finish({**STATE, "embedding_model": ENCODER.name, "dimension": ENCODER.dimension})
    yield store
    store.close()


@pytest.mark.parametrize("part", ["", "part1/"])
def test_the_graph_finds_nearly_all_that_an_exact_search_does(
    filled: PostgresStore, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = ENCODER.encode([f"Topic{number % 40} asked {number}." for number in range(50)])
    with filled.view() as whole:
        exact = [_nearest(whole, part, question) for question in questions]
    monkeypatch.setattr(postgres_view, "_COMPARED", 0)
    monkeypatch.setattr(postgres_view, "_STEP", 0)
    with filled.view() as whole:
        assert "Index Scan using vectors_1_graph" in _plan(_in_part(whole, part), questions[0])
        walked = [_nearest(whole, part, question) for question in questions]
    found = sum(len(set(some) & set(others)) for some, others in zip(exact, walked, strict=True))
    assert found / sum(map(len, exact)) >= 0.97


@pytest.mark.parametrize(
    ("chunks", "in_part", "is_compared"),
    [
        (100_000, 5_000, True),
        (100_000, 50_000, False),
        (1_000_000, 20_000, True),
        (1_000_000, 100_000, False),
        (10_000_000, 50_000, True),
    ],
)
def test_a_part_is_compared_if_a_walk_to_its_vectors_would_take_longer(
    filled: PostgresStore,
    chunks: int,
    in_part: int,
    is_compared: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(PostgresSnapshot, "count_chunks", lambda _: chunks)
    monkeypatch.setattr(PostgresSnapshot, "chunks_in_part", in_part)
    with filled.view() as whole:
        part = _in_part(whole, "part1/")
        assert ("AS candidate" in part._nearest(50)) != is_compared


def test_vectors_come_back_as_they_were_written(filled: PostgresStore) -> None:
    with filled.view() as view:
        assert isinstance(view.catalog, PostgresSnapshot)
        chunks = view.catalog.document_chunks("part0/0.txt")[:3]
        found = view.vectors_of(chunks)
        expected = ENCODER.encode([chunk.text for chunk in chunks])
        assert np.array_equal(np.stack([found[chunk.id] for chunk in chunks]), expected)


def _in_part(view: PostgresView, part: str) -> PostgresView:
    return view.within(part, frozenset()) if part else view


def _nearest(view: PostgresView, part: str, question: NDArray[np.float32]) -> list[str]:
    return [identifier for identifier, _ in _in_part(view, part).nearest(question, 8)]


def _plan(view: PostgresView, question: NDArray[np.float32]) -> str:
    view.catalog.connection.execute("SET LOCAL enable_seqscan = off")
    rows = view._execute(
        f"EXPLAIN WITH {view._nearest(8)} SELECT id FROM nearest", vector=question, depth=8
    )
    return "\n".join(row[0] for row in rows)
