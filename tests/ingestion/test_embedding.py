"""Each distinct text is embedded once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant import Chunk
from assistant.ingestion.embedding import embed_all, embed_missing
from assistant.models.bundled_encoder import BundledEncoder
from assistant.storage.catalog import Catalog
from assistant.storage.schema import vector_id
from assistant.storage.update import Update
from assistant.storage.vectors import VectorStore, new_vectors
from assistant.testing import WordEncoder
from tests.storage.test_catalog import STATE, document

OTTER, HERON = "The otter sleeps.", "The heron waits."


def chunks(*texts: str) -> list[Chunk]:
    return [Chunk(f"{place}", "a", 0, len(text), text) for place, text in enumerate(texts)]


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[VectorStore]:
    with new_vectors(tmp_path, None) as opened:
        yield opened


@pytest.fixture
def update(tmp_path: Path) -> Iterator[Update]:
    with Catalog(tmp_path / "catalog").update() as opened:
        yield opened


def test_a_text_that_occurs_twice_or_is_known_is_embedded_once(
    update: Update, vectors: VectorStore, word_encoder: WordEncoder
) -> None:
    assert embed_missing(chunks(OTTER, HERON, OTTER), word_encoder, update, vectors) == 2
    assert embed_missing(chunks(HERON), word_encoder, update, vectors) == 0
    assert (len(word_encoder.encoded), vectors.count()) == (2, 2)


def test_all_chunks_of_a_catalog_are_embedded(
    update: Update, vectors: VectorStore, word_encoder: WordEncoder
) -> None:
    update.put(document("a", OTTER), "print", chunks(OTTER, HERON))
    assert embed_all(update, word_encoder, vectors) == 2
    assert embed_all(update, word_encoder, vectors) == 0


def test_the_sentences_of_a_chunk_are_embedded_in_its_context(
    tmp_path: Path, vectors: VectorStore
) -> None:
    encoder = BundledEncoder()
    chunk = Chunk("c", "a", 0, 35, f"{OTTER} {HERON}", "Animals of the river")
    catalog = Catalog(tmp_path / "catalog")
    with catalog.update() as update:
        update.put(document("a", chunk.text), "print", [chunk])
        assert embed_missing([chunk], encoder, update, vectors) == 1
        update.set_state({**STATE, "dimension": encoder.dimension})
    with catalog.snapshot() as snapshot:
        (sentences,) = snapshot.sentence_vectors([vector_id(chunk), "unknown"]).values()
    assert sentences.shape == (2, encoder.dimension)
    asked = encoder.encode(["What does the heron do?", "What does the otter do?"])
    assert (sentences @ asked.T).argmax(axis=0).tolist() == [1, 0]
    lengths = np.linalg.norm(sentences.astype(np.float32) / 127, axis=1)
    assert lengths == pytest.approx([1, 1], abs=0.02)
