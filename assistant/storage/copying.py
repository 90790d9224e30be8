"""Copy an index from one store to another, vectors included, so that nothing is embedded again."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict

import numpy as np

from assistant.errors import UsageError, VectorsDamagedError
from assistant.protocols import Store, StoreView, StoreWriter
from assistant.storage.schema import vector_id
from assistant.types import CatalogState, Chunk

Progress = Callable[[int, int], None]
"""Called with the characters that are copied and those there are to copy."""


def copy_index(
    source: Store, target: Store, *, replace: bool = False, progress: Progress | None = None
) -> int:
    """Copy the last state of a store into another, and return the number of documents.

    Raise `UsageError` if the target has an index and ``replace`` is not set. If anything fails, the
    target stays as it was.
    """
    with source.view() as view, target.exclusively():
        if target.state() is not None and not replace:
            raise UsageError(
                f"There is an index in {target.location}. Name another place, or replace that "
                "index with --replace."
            )
        state = view.catalog.state
        with target.write(state.embedding_model, keeps_vectors=False) as writer:
            writer.update.clear()
            copied = _copy_documents(view, writer, progress)
            writer.update.set_files(view.catalog.files())
            writer.finish(_values(state))
    return copied


def _copy_documents(view: StoreView, writer: StoreWriter, progress: Progress | None) -> int:
    summaries = view.catalog.summaries()
    fingerprints = view.catalog.fingerprints()
    done, total = 0, sum(summary.characters for summary in summaries)
    for summary in summaries:
        document = view.catalog.document(summary.id)
        assert document is not None  # one state has the documents that it lists
        chunks = view.catalog.document_chunks(summary.id)
        _copy_vectors(chunks, view, writer)
        writer.update.put(document, fingerprints[summary.source], chunks)
        done += summary.characters
        if progress:
            progress(done, total)
    return len(summaries)


def _copy_vectors(chunks: Sequence[Chunk], view: StoreView, writer: StoreWriter) -> None:
    """Copy the vectors that are not there yet. Raise `VectorsDamagedError` for one that is lost."""
    by_vector = {vector_id(chunk): chunk for chunk in chunks}
    known = writer.vectors.known(list(by_vector))
    new = {identifier: chunk for identifier, chunk in by_vector.items() if identifier not in known}
    if not new:
        return
    found = view.vectors_of(list(new.values()))
    if len(found) != len(new):
        raise VectorsDamagedError(
            f"{len(new) - len(found)} vectors are missing. Make them again with: assistant ingest",
            view.catalog.state.vectors,
        )
    writer.update.put_sentences(view.catalog.sentence_vectors(list(new)))
    writer.vectors.put(list(new), np.stack([found[chunk.id] for chunk in new.values()]))


def _values(state: CatalogState) -> dict[str, str | int]:
    return {
        "embedding_model": state.embedding_model,
        "dimension": state.dimension,
        "chunk_tokens": state.chunk_tokens,
        "chunk_overlap": state.chunk_overlap,
        "unread": json.dumps(state.unread),
        "has_sentences": int(state.has_sentences),
        "corpus": json.dumps(asdict(state.corpus)),
    }
