"""Each distinct text is embedded once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Chunk
from assistant.ingestion.embedding import embed_all, embed_missing
from assistant.storage.catalog import Catalog
from assistant.storage.vectors import VectorStore, new_vectors
from assistant.testing import WordEncoder
from tests.storage.test_catalog import document

OTTER, HERON = "The otter sleeps.", "The heron waits."


def chunks(*texts: str) -> list[Chunk]:
    return [Chunk(f"{place}", "a", 0, len(text), text) for place, text in enumerate(texts)]


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[VectorStore]:
    with new_vectors(tmp_path, None) as opened:
        yield opened


def test_a_text_that_occurs_twice_or_is_known_is_embedded_once(
    vectors: VectorStore, word_encoder: WordEncoder
) -> None:
    assert embed_missing(chunks(OTTER, HERON, OTTER), word_encoder, vectors) == 2
    assert embed_missing(chunks(HERON), word_encoder, vectors) == 0
    assert (len(word_encoder.encoded), vectors.count()) == (2, 2)


def test_all_chunks_of_a_catalog_are_embedded(
    vectors: VectorStore, word_encoder: WordEncoder, tmp_path: Path
) -> None:
    with Catalog(tmp_path).update() as update:
        update.put(document("a", OTTER), "print", chunks(OTTER, HERON))
        assert embed_all(update, word_encoder, vectors) == 2
        assert embed_all(update, word_encoder, vectors) == 0
