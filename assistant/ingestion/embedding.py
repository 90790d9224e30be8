"""Give every chunk of an index its vector, and those of its sentences: embed the texts that have none."""

from collections.abc import Sequence

import numpy as np

from assistant.ingestion.chunking import embedding_text
from assistant.protocols import CatalogUpdate, Encoder, SentenceEncoder, WrittenVectors
from assistant.storage.schema import vector_id
from assistant.text.sentences import sentences
from assistant.types import Chunk

CHUNKS_AT_ONCE = 512
_SCALE = 127
"""A number of a unit-length vector in one byte; the order of sentences is the same as with four."""


def embed_missing(
    chunks: Sequence[Chunk], encoder: Encoder, update: CatalogUpdate, vectors: WrittenVectors
) -> int:
    """Embed each distinct text that has no vector yet, and return how many there were."""
    distinct = {vector_id(chunk): chunk for chunk in chunks}
    known = vectors.known(list(distinct))
    new = [identifier for identifier in distinct if identifier not in known]
    if new:
        _embed({identifier: distinct[identifier] for identifier in new}, encoder, update, vectors)
    return len(new)


def embed_all(update: CatalogUpdate, encoder: Encoder, vectors: WrittenVectors) -> int:
    """Embed the texts of all chunks that have no vector yet, and return how many there were."""
    return sum(
        embed_missing(chunks, encoder, update, vectors)
        for chunks in update.chunks_by_vector(CHUNKS_AT_ONCE)
    )


def _embed(
    chunks: dict[str, Chunk], encoder: Encoder, update: CatalogUpdate, vectors: WrittenVectors
) -> None:
    texts = [embedding_text(chunk) for chunk in chunks.values()]
    if not isinstance(encoder, SentenceEncoder):
        vectors.put(list(chunks), encoder.encode(texts))
        return
    places = [_sentences(chunk) for chunk in chunks.values()]
    embedded, parts = encoder.encode_sentences(texts, places)
    rounded = [np.rint(part * _SCALE).astype(np.int8) for part in parts]
    # a text whose vector is there has those of its sentences, also after a kill
    update.put_sentences(dict(zip(chunks, rounded, strict=True)))
    vectors.put(list(chunks), embedded)


def _sentences(chunk: Chunk) -> list[tuple[int, int]]:
    """Return the offsets of a chunk's sentences in the text that is embedded."""
    before = len(embedding_text(chunk)) - len(chunk.text)
    return [(before + one.start, before + one.end) for one in sentences(chunk.text)]
