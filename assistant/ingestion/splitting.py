"""Split a document into chunks within the time that one file may take."""

from assistant.ingestion.budget import TokenBudget
from assistant.ingestion.chunking import chunk_document
from assistant.ingestion.planning import BuildOptions
from assistant.protocols import Encoder
from assistant.types import Chunk, Document


def split(document: Document, encoder: Encoder, options: BuildOptions) -> list[Chunk]:
    """Return the chunks of a document. Raise `UnreadableFileError` if splitting takes too long."""
    budget = TokenBudget(encoder.count_tokens, options.max_reading_seconds)
    return chunk_document(document, budget.count, options.chunk_tokens, options.chunk_overlap)
