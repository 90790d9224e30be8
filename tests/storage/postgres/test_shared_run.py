import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import numpy as np
import pytest

from assistant import RunEndedError
from assistant.storage.postgres.postgres_store import PostgresStore
from assistant.storage.postgres.postgres_writer import PostgresWriter
from assistant.storage.postgres.shared_run import PostgresJoinedRun
from assistant.storage.schema import vector_id
from assistant.testing import WordEncoder, line_chunks
from assistant.types import Document, ReadingOutcome
from tests.postgres_server import PostgresServer
from tests.storage.kits import PostgresKit
from tests.storage.written import STATE, document_at, texts_of, write

ENCODER = WordEncoder()


@pytest.fixture
def kit(postgres_server: PostgresServer) -> PostgresKit:
    return PostgresKit(postgres_server.new_database())


def add(run: PostgresJoinedRun, document: Document) -> None:
    chunks = line_chunks(document)
    run.vectors.put(
        [vector_id(chunk) for chunk in chunks], ENCODER.encode([chunk.text for chunk in chunks])
    )
    run.update.put(document, "print", chunks)
    run.report(ReadingOutcome(document.source, notes="page 3", embedded=len(chunks)))


def test_what_workers_add_is_seen_after_the_switch(kit: PostgresKit) -> None:
    store, other = PostgresStore(kit.address), PostgresStore(kit.address)
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        assert isinstance(writer, PostgresWriter)
        run = writer.share(ENCODER.dimension)
        with other.join(run.id) as joined:
            assert not joined.has("a.txt")
            add(joined, document_at("a.txt", "The otter sleeps."))
            assert joined.has("a.txt")
        assert store.state() is None
        expected = ReadingOutcome("a.txt", notes="page 3", embedded=1)
        assert run.outcomes() == [expected]
        assert run.outcomes() == []
        writer.finish(STATE)
    assert texts_of(store) == {"a.txt": "The otter sleeps."}
    assert kit.count("runs") == kit.count("outcomes") == 0
    store.close()
    other.close()


def test_a_worker_that_comes_late_writes_nothing(kit: PostgresKit) -> None:
    store, other = PostgresStore(kit.address), PostgresStore(kit.address)
    late = document_at("b.txt", "The lynx hunts.")
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        run = writer.share(ENCODER.dimension)
        with other.join(run.id) as joined:
            add(joined, document_at("a.txt", "The otter sleeps."))
            writer.finish(STATE)
            writer.switch()
            changes: list[Callable[[], object]] = [
                lambda: joined.update.put(late, "print", line_chunks(late)),
                lambda: joined.update.remove("a.txt"),
                lambda: joined.vectors.put(["0" * 32], np.ones((1, 64), np.float32)),
                lambda: joined.update.put_sentences({"0" * 32: np.ones((1, 64), np.int8)}),
                lambda: joined.report(ReadingOutcome("b.txt")),
            ]
            for change in changes:
                with pytest.raises(RunEndedError):
                    change()
    with pytest.raises(RunEndedError), other.join(run.id):
        pass
    assert texts_of(store) == {"a.txt": "The otter sleeps."}
    assert kit.count("vectors_1") == 1
    store.close()
    other.close()


def test_the_next_ingestion_ends_the_run_of_one_that_was_killed(kit: PostgresKit) -> None:
    store, other = PostgresStore(kit.address), PostgresStore(kit.address)
    write(store, {"a.txt": "The otter sleeps."})
    with ExitStack() as stack:
        with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
            run = writer.share(ENCODER.dimension)
            joined = stack.enter_context(other.join(run.id))
            add(joined, document_at("b.txt", "The lynx hunts."))  # and no switch follows
        with store.exclusively(), store.write("words", keeps_vectors=True) as writer:
            with pytest.raises(RunEndedError):
                joined.report(ReadingOutcome("c.txt"))
            writer.finish(STATE)
    assert texts_of(store) == {"a.txt": "The otter sleeps."}
    store.close()
    other.close()


def test_a_document_that_another_worker_adds_meanwhile_is_kept(
    kit: PostgresKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, first, second = (PostgresStore(kit.address) for _ in range(3))
    document = document_at("a.txt", "The otter sleeps.")
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        run = writer.share(ENCODER.dimension)
        with first.join(run.id) as one, second.join(run.id) as other:
            connection = one.update._connection
            execute = connection.execute
            added: list[str] = []

            def execute_late(query: str, *values: Any) -> object:
                if query.startswith("UPDATE documents") and not added:
                    added.append(query)
                    add(other, document)
                return execute(query, *values)

            monkeypatch.setattr(connection, "execute", execute_late)
            add(one, document)
            assert added
        writer.finish(STATE)
    assert texts_of(store) == {"a.txt": "The otter sleeps."}
    for each in (store, first, second):
        each.close()


def test_two_workers_with_the_same_documents_add_each_once(kit: PostgresKit) -> None:
    """The documents share their lines, and each worker takes them in another order."""
    store = PostgresStore(kit.address)
    lines = [f"Line {number} of all." for number in range(150)]
    documents = [document_at(f"{n}.txt", "\n".join(lines[n:] + lines[:n])) for n in range(12)]
    failed: list[BaseException] = []
    with store.exclusively(), store.write("words", keeps_vectors=False) as writer:
        run = writer.share(ENCODER.dimension)
        begin = threading.Barrier(2)

        def work(mine: list[Document]) -> None:
            with PostgresStore(kit.address).join(run.id) as joined:
                begin.wait()
                try:
                    for document in mine:
                        add(joined, document)
                except BaseException as error:
                    failed.append(error)

        workers = [
            threading.Thread(target=work, args=(mine,)) for mine in (documents, documents[::-1])
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert failed == []
        assert len(run.outcomes()) == len(documents)
        writer.finish(STATE)
    assert texts_of(store) == {document.source: document.text for document in documents}
    assert kit.count("documents") == len(documents)
    assert kit.count("chunks") == len(documents) * len(lines)
    assert kit.count("vectors_1") == len(lines)
    store.close()
