"""The catalog and Chroma are what the protocols of a store ask for; mypy compares the signatures."""

from pathlib import Path

import numpy as np

from assistant import Chunk
from assistant.protocols import CatalogSnapshot, CatalogUpdate, VectorIndex
from assistant.storage.catalog import Catalog
from assistant.storage.schema import vector_id
from assistant.storage.vectors import VectorStore, new_vectors
from tests.storage.test_catalog import STATE, document

TEXT = "The otter sleeps."
CHUNK = Chunk("chunk", "a", 0, len(TEXT), TEXT)


def write(update: CatalogUpdate, vectors: VectorIndex) -> str:
    """Put the one document and its vector, as an ingestion does, and return the seal."""
    update.put(document("a", TEXT), "print", [CHUNK])
    vectors.put([vector_id(CHUNK)], np.ones((1, 1), np.float32))
    assert update.count_vectors() == vectors.count() == 1
    update.set_state(STATE)
    return vectors.seal()


def find(snapshot: CatalogSnapshot, vectors: VectorIndex) -> list[Chunk]:
    """Return the chunks that both halves find."""
    ((vector, _),) = vectors.nearest(np.ones(1, np.float32), 1)
    (chunk,) = snapshot.chunks_of_vectors([vector])[vector]
    ((by_keyword, _),) = snapshot.keyword_search(["otters"], 1)
    return [chunk, snapshot.chunks([by_keyword])[by_keyword]]


def test_what_is_written_through_the_protocols_is_found_through_them(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    with new_vectors(tmp_path, None) as written, catalog.update() as update:
        seal = write(update, written)
    vectors = VectorStore(written.folder, seal)
    with catalog.snapshot() as snapshot:
        assert find(snapshot, vectors) == [CHUNK, CHUNK]
        assert find(snapshot.within(frozenset("a")), vectors) == [CHUNK, CHUNK]
    vectors.close()
