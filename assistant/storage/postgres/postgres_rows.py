"""Rows of the tables as documents and chunks, and back."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any
from unicodedata import normalize

from assistant.storage.schema import layout_of, layout_values, text_checksum
from assistant.types import Attribution, Chunk, Document, DocumentSummary

_MARK = "\U0010ffff"
"""A noncharacter that marks what PostgreSQL cannot store: NUL, and the mark itself."""

DOCUMENT = (
    "d.id, d.source, d.title, d.text, d.sha256, d.media_type, d.page_starts, d.attribution,"
    " d.layout, d.checksum"
)
SUMMARY = "d.id, d.source, d.title, d.sha256, d.media_type, d.characters, d.attribution"
CHUNK = 'c.id, d.id, c.start, c."end", c.text, c.heading, c.vector'


def storable(text: str) -> str:
    """Return a text as PostgreSQL can store it, which has no NUL."""
    if "\0" not in text and _MARK not in text:
        return text
    return text.replace(_MARK, f"{_MARK}1").replace("\0", f"{_MARK}0")


def restored(text: str) -> str:
    """Return the text that `storable` was given."""
    if _MARK not in text:
        return text
    return text.replace(f"{_MARK}0", "\0").replace(f"{_MARK}1", _MARK)


def path_of(source: str) -> str:
    """Return a path in the spelling in which scopes are compared."""
    return normalize("NFC", source)


def document_values(document: Document) -> tuple[Any, ...]:
    """Return the columns of a document, in the order of `DOCUMENT`, with its path and length."""
    return (
        document.id,
        document.source,
        storable(document.title),
        storable(document.text),
        document.sha256,
        document.media_type,
        json.dumps(document.page_starts),
        json.dumps(asdict(document.attribution)),
        json.dumps(layout_of(document)),
        text_checksum(document.text),
        path_of(document.source),
        len(document.text),
    )


def to_document(row: Sequence[Any]) -> tuple[Document, int]:
    """Return a document and the checksum that its text had. Raise `ValueError` and `TypeError`."""
    layout: Mapping[str, Any] = json.loads(row[8])
    document = Document(
        id=row[0],
        source=row[1],
        title=restored(row[2]),
        text=restored(row[3]),
        sha256=row[4],
        media_type=row[5],
        page_starts=tuple(json.loads(row[6])),
        attribution=Attribution(**json.loads(row[7])),
        **layout_values(layout),
    )
    return document, row[9]


def to_summary(row: Sequence[Any]) -> DocumentSummary:
    """Return a document without its text. Raise `ValueError` and `TypeError`."""
    return DocumentSummary(
        id=row[0],
        source=row[1],
        title=restored(row[2]),
        sha256=row[3],
        media_type=row[4],
        characters=row[5],
        attribution=Attribution(**json.loads(row[6])),
    )


def to_chunk(row: Sequence[Any]) -> tuple[Chunk, str]:
    """Return a chunk and the id of its vector."""
    identifier, document, start, end, text, heading, vector = row
    return Chunk(identifier, document, start, end, restored(text), restored(heading)), vector.hex
