from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import Document
from assistant.storage.postgres.postgres_snapshot import PostgresSnapshot
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_view import PostgresView
from assistant.storage.schema import vector_id
from assistant.testing import line_chunks
from benchmarks.synthetic import ClusteredEncoder, HashEncoder
from tests.postgres_server import PostgresServer
from tests.storage.written import STATE, document_at

ENCODER = ClusteredEncoder()
LINES = [f"Topic{number % 40} line {number}." for number in range(4000)]


def documents() -> list[Document]:
    """Two parts, over which all topics are scattered."""
    return [
        document_at(f"part{half}/{number}.txt", "\n".join(LINES[number::20]))
        for number in range(20)
        for half in [number % 2]
    ]


def fill(store: PostgresStore, documents: Iterable[Document]) -> None:
    """Write documents. Those below other/ have a subject of their own."""
    with store.exclusively(), store.write(ENCODER.name, keeps_vectors=False) as writer:
        for document in documents:
            chunks = line_chunks(document)
            vectors = ENCODER.encode([chunk.text for chunk in chunks])
            if document.source.startswith("other/"):
                vectors += HashEncoder().encode(["subject"])
                vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            writer.update.put(document, "print", chunks)
            writer.vectors.put([vector_id(chunk) for chunk in chunks], vectors)
        writer.finish({**STATE, "embedding_model": ENCODER.name, "dimension": ENCODER.dimension})


@pytest.fixture(scope="module")
def filled(postgres_server: PostgresServer) -> Iterator[PostgresStore]:
    store = PostgresStore(postgres_server.new_database())
    fill(store, documents())
    yield store
    store.close()


def questions() -> NDArray[np.float32]:
    return ENCODER.encode([f"Topic{number % 40} asked {number}." for number in range(50)])


def recall(store: PostgresStore, part: str, monkeypatch: pytest.MonkeyPatch) -> float:
    """Return how much of what an exact search in a part finds a walk finds, be the part small."""
    with store.view() as whole:
        exact = [_nearest(whole, part, question) for question in questions()]
    monkeypatch.setattr(PostgresView, "_is_compared", lambda *_: False)
    with store.view() as whole:
        assert "Index Scan using vectors_1_graph" in _plan(_in_part(whole, part), questions()[0])
        walked = [_nearest(whole, part, question) for question in questions()]
    found = sum(len(set(some) & set(others)) for some, others in zip(exact, walked, strict=True))
    return found / sum(map(len, exact))


@pytest.mark.parametrize("part", ["", "part1/"])
def test_the_graph_finds_nearly_all_that_an_exact_search_does(
    filled: PostgresStore, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert recall(filled, part, monkeypatch) >= 0.97


def test_a_folder_with_another_subject_than_the_question_is_searched_as_well(
    postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = PostgresStore(postgres_server.new_database())
    lines = [f"{line} Elsewhere." for line in LINES]
    others = [document_at(f"other/{n}.txt", "\n".join(lines[n::20])) for n in range(20)]
    fill(store, [*documents(), *others])
    assert recall(store, "other/", monkeypatch) >= 0.97
    store.close()


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
        assert ("walked" in part._nearest(50)) != is_compared


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
