"""The tables of the catalog, and how their rows are told apart and checked."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator

from assistant.types import Chunk

SCHEMA_VERSION = 2
TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 makes keywords of a text: stems, with case and diacritics folded."""

SCHEMA = f"""
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, source TEXT NOT NULL UNIQUE, title TEXT NOT NULL, text TEXT NOT NULL,
    characters INTEGER NOT NULL, sha256 TEXT NOT NULL, fingerprint TEXT NOT NULL,
    media_type TEXT NOT NULL, page_starts TEXT NOT NULL, attribution TEXT NOT NULL,
    checksum INTEGER NOT NULL
);
CREATE TABLE chunks (
    row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL,
    vector TEXT NOT NULL
);
CREATE INDEX chunks_document ON chunks (document_id, start);
CREATE INDEX chunks_vector ON chunks (vector);
CREATE VIRTUAL TABLE keywords USING fts5(
    heading, text, content='chunks', content_rowid='row',
    tokenize='{TOKENIZER}'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(keywords, row);
CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO keywords(rowid, heading, text) VALUES (new.row, new.heading, new.text);
END;
CREATE TRIGGER chunk_deleted AFTER DELETE ON chunks BEGIN
    INSERT INTO keywords(keywords, rowid, heading, text)
    VALUES ('delete', old.row, old.heading, old.text);
END;
"""


def vector_id(chunk: Chunk) -> str:
    """The id of a chunk's vector: chunks with the same heading and text have the same."""
    embedded = f"{chunk.heading}\n{chunk.text}"
    return hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


SELECT_CHUNK = 'SELECT id, document_id, start, "end", text, heading, vector FROM chunks'


def has_schema(connection: sqlite3.Connection) -> bool:
    """Return whether the tables are there."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'state'"
    return connection.execute(query).fetchone() is not None


def statements(script: str) -> Iterator[str]:
    """The statements of a script, so that they run inside a transaction (executescript commits)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def text_checksum(text: str) -> int:
    """Return the CRC-32 of a text, by which a damaged page is noticed."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def count_rows(connection: sqlite3.Connection, table: str) -> int:
    """Return how many rows a table has."""
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
