"""What an index was built with, as the catalog records it."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.errors import IndexDamagedError, IndexMismatchError
from assistant.storage.schema import READABLE_VERSIONS, SCHEMA_VERSION, has_table
from assistant.types import CatalogState, CorpusInfo

REBUILD_COMMAND = "assistant ingest --rebuild"


def read_state(path: Path, connection: sqlite3.Connection) -> CatalogState | None:
    """Return the state that a catalog records; None before the first ingestion.

    Raise `IndexMismatchError` for another schema version, `IndexDamagedError` for a state that
    cannot be read.
    """
    if not has_table(connection, "state"):
        return None
    values = dict(connection.execute("SELECT key, value FROM state"))
    if not values:
        return None
    version = values.get("schema_version")
    if version not in READABLE_VERSIONS:
        raise IndexMismatchError(
            f"The index has schema version {version}; this version of assistant reads "
            f"{SCHEMA_VERSION}. Use the version that wrote it, or build the index again from the "
            f"documents with: {REBUILD_COMMAND}"
        )
    try:
        return state_of(values)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise damaged_catalog(path, f"its state cannot be read ({error})") from error


def state_of(values: Mapping[str, str]) -> CatalogState:
    """Return the state that a store wrote down by key.

    Raise `KeyError`, `ValueError`, `TypeError` or `AttributeError` for values that no store wrote.
    """
    return CatalogState(
        generation=values["generation"],
        embedding_model=values["embedding_model"],
        dimension=int(values["dimension"]),
        chunk_tokens=int(values["chunk_tokens"]),
        chunk_overlap=int(values["chunk_overlap"]),
        vectors=values["vectors"],
        seal=values["seal"],
        ingested_at=values["ingested_at"],
        unread={
            source: (str(mark), str(reason))
            for source, (mark, reason) in json.loads(values.get("unread", "{}")).items()
        },
        corpus=_corpus_info(json.loads(values.get("corpus", "{}"))),
        has_sentences=values.get("has_sentences") == "1",
    )


def damaged_catalog(path: Path, reason: object) -> IndexDamagedError:
    """Return the error for a catalog that is not as it was written."""
    return IndexDamagedError(
        f"The catalog {path} is damaged: {reason}. Build the index again from the documents with: "
        f"{REBUILD_COMMAND} (the damaged file is kept under another name)"
    )


def _corpus_info(fields: Mapping[str, Any]) -> CorpusInfo:
    return CorpusInfo(**{**fields, "questions": tuple(fields.get("questions", ()))})


def check_match(
    state: CatalogState, embedding_model: str, chunk_tokens: int, chunk_overlap: int
) -> None:
    """Raise `IndexMismatchError` if the index was built with another model or other chunking."""
    built = (state.embedding_model, state.chunk_tokens, state.chunk_overlap)
    wanted = (embedding_model, chunk_tokens, chunk_overlap)
    if built != wanted:
        form = "embedding model {!r}, chunks of {} tokens, overlap {}"
        raise IndexMismatchError(
            f"The index was built with {form.format(*built)}; the settings say "
            f"{form.format(*wanted)}. Set them back, or rebuild with: {REBUILD_COMMAND}"
        )
