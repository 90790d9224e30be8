"""Give every chunk of an index its vector: embed the texts that have none."""

from collections.abc import Sequence

from assistant.ingestion.chunking import embedding_text
from assistant.protocols import CatalogUpdate, Encoder, WrittenVectors
from assistant.storage.schema import vector_id
from assistant.types import Chunk

CHUNKS_AT_ONCE = 512


def embed_missing(chunks: Sequence[Chunk], encoder: Encoder, vectors: WrittenVectors) -> int:
    """Embed each distinct text that has no vector yet, and return how many there were."""
    distinct = {vector_id(chunk): chunk for chunk in chunks}
    known = vectors.known(list(distinct))
    new = [identifier for identifier in distinct if identifier not in known]
    if new:
        vectors.put(new, encoder.encode([embedding_text(distinct[one]) for one in new]))
    return len(new)


def embed_all(update: CatalogUpdate, encoder: Encoder, vectors: WrittenVectors) -> int:
    """Embed the texts of all chunks that have no vector yet, and return how many there were."""
    return sum(
        embed_missing(chunks, encoder, vectors)
        for chunks in update.chunks_by_vector(CHUNKS_AT_ONCE)
    )
