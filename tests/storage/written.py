"""Documents, chunks and vectors to write into a store, all computed by hand."""

import hashlib
from collections.abc import Iterable

import numpy as np

from assistant import Attribution, Chunk, Document
from assistant.protocols import Store, StoreWriter
from assistant.storage.schema import vector_id
from assistant.testing import WordEncoder, line_chunks

STATE: dict[str, str | int] = {
    "embedding_model": "words",
    "dimension": WordEncoder.dimension,
    "chunk_tokens": 10,
    "chunk_overlap": 0,
}


def document_at(source: str, text: str) -> Document:
    """Return a document whose id and title are its path."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(source, source, source, text, digest, "text/plain", (0,), Attribution("Ann"))


def put(writer: StoreWriter, document: Document, chunks: Iterable[Chunk] | None = None) -> None:
    """Put a document with its lines as chunks, and their vectors."""
    parts = line_chunks(document) if chunks is None else list(chunks)
    writer.update.put(document, document.sha256, parts)
    if parts:
        vectors = WordEncoder().encode([chunk.text for chunk in parts])
        writer.vectors.put([vector_id(chunk) for chunk in parts], np.asarray(vectors, np.float32))


def write(store: Store, texts: dict[str, str], *, gone: Iterable[str] = ()) -> None:
    """Commit a state with these texts by path, beside those that are there."""
    with (
        store.exclusively(),
        store.write("words", keeps_vectors=store.vectors_are_whole()) as writer,
    ):
        for source, text in texts.items():
            put(writer, document_at(source, text))
        for source in gone:
            writer.update.remove(source)
        writer.finish(STATE)


def texts_of(store: Store) -> dict[str, str]:
    """Return the texts of a store's last state by path, each read whole."""
    found = {}
    with store.view() as view:
        for summary in view.catalog.summaries():
            document = view.catalog.document(summary.id)
            assert document is not None
            found[document.source] = document.text
    return found
