"""Mark and split a document within the time that one file may take."""

from dataclasses import replace

from assistant.ingestion.budget import TimeBudget, TokenBudget
from assistant.ingestion.chunking import chunk_document
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Encoder
from assistant.text.steering import orders_in
from assistant.types import Chunk, Document


def split(
    document: Document, encoder: Encoder, options: BuildOptions
) -> tuple[Document, list[Chunk]]:
    """Return a document with its orders to language models marked, and its chunks.

    Raise `UnreadableFileError` if that takes too long.
    """
    budget = TimeBudget(options.max_reading_seconds)
    count = TokenBudget(encoder.count_tokens, budget).count
    chunks = chunk_document(document, count, options.chunk_tokens, options.chunk_overlap)
    orders = orders_in(document.text, document.media_type, budget.check)
    return replace(document, orders=orders), chunks


def cut_reason(document: Document, end: int, seconds: float) -> str:
    """Return why only the beginning of a document can be searched."""
    return (
        f"only its first {end:,} of {len(document.text):,} characters can be searched: embedding "
        f"all takes longer than {seconds:g} seconds (max_embedding_seconds)"
    )
