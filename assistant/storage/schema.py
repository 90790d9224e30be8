"""The tables of the catalog, and how their rows are told apart and checked."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.text.abbreviations import abbreviations
from assistant.text.words import plain_variants
from assistant.types import Chunk, Document

SCHEMA_VERSION = 7
READABLE_VERSIONS = ("2", "3", "4", "5", "6", "7")
"""Version 3 added the table of files, 4 those of layouts and abbreviations, 5 the variants of words,
6 the vectors of sentences, 7 those of small changes.

The next update adds them.
"""
TOKENIZER = "porter unicode61 remove_diacritics 2"
"""How FTS5 makes keywords of a text: stems, with case and diacritics folded."""

_FILES = """
CREATE TABLE files (
    source TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL,
    changed INTEGER NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX documents_fingerprint ON documents (source, fingerprint);
"""
"""With the index a plan reads the fingerprints without the texts, which stand before them."""

_ABBREVIATIONS = """
CREATE TABLE abbreviations (
    document_id TEXT NOT NULL, short TEXT NOT NULL, long TEXT NOT NULL,
    short_count INTEGER NOT NULL, long_count INTEGER NOT NULL
);
CREATE INDEX abbreviations_document ON abbreviations (document_id);
"""
"""Short and long forms that a document defines, and how often it uses each."""

_LAYOUTS = """
CREATE TABLE layouts (document_id TEXT PRIMARY KEY, layout TEXT NOT NULL) WITHOUT ROWID;
"""
"""Where the text of a document stands in its file, beside the starts of its pages."""

_SENTENCES = """
CREATE TABLE sentences (vector TEXT PRIMARY KEY, vectors BLOB NOT NULL) WITHOUT ROWID;
"""
"""The vectors of the sentences of a chunk, by its own vector: bytes, one after another."""

_VECTOR_CHANGES = """
CREATE TABLE folder_vectors (vector TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE added_vectors (
    vector TEXT PRIMARY KEY, embedding BLOB NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE left_out_vectors (vector TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""The vectors in the folder, those of this state beside them, and those that it leaves out."""
LIST_FOLDER = "INSERT INTO folder_vectors SELECT DISTINCT vector FROM chunks"

_VARIANTS = "variants TEXT NOT NULL DEFAULT ''"
"""The plain forms of the words of a chunk that have signs such as the 2 in CO₂."""

_KEYWORDS = f"""
CREATE VIRTUAL TABLE keywords USING fts5(
    heading, text, variants, content='chunks', content_rowid='row',
    tokenize='{TOKENIZER}'
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab(keywords, row);
CREATE TRIGGER chunk_added AFTER INSERT ON chunks BEGIN
    INSERT INTO keywords(rowid, heading, text, variants)
    VALUES (new.row, new.heading, new.text, new.variants);
END;
CREATE TRIGGER chunk_deleted AFTER DELETE ON chunks BEGIN
    INSERT INTO keywords(keywords, rowid, heading, text, variants)
    VALUES ('delete', old.row, old.heading, old.text, old.variants);
END;
"""

_SCHEMA = f"""
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
    vector TEXT NOT NULL, {_VARIANTS}
);
CREATE INDEX chunks_document ON chunks (document_id, start);
CREATE INDEX chunks_vector ON chunks (vector);
{_KEYWORDS}{_FILES}{_LAYOUTS}{_ABBREVIATIONS}{_SENTENCES}{_VECTOR_CHANGES}"""


def vector_id(chunk: Chunk) -> str:
    """Return the id of a chunk's vector: chunks with the same heading and text have the same."""
    embedded = f"{chunk.heading}\n{chunk.text}"
    return hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def layout_of(document: Document) -> dict[str, Any]:
    """Return what is kept of a document's layout, ready for JSON."""
    return {
        "origins": document.origins,
        "places": document.places,
        "boxes": document.boxes,
        "styles": document.styles,
        "orders": document.orders,
    }


def layout_values(layout: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a document from its layout, which may be of an earlier version."""
    orders = layout.get("orders")
    return {
        "origins": tuple((start, at, line) for start, at, line in layout.get("origins", ())),
        "places": tuple((start, name) for start, name in layout.get("places", ())),
        "boxes": tuple(map(tuple, layout.get("boxes", ()))),
        "styles": tuple((start, end, name) for start, end, name in layout.get("styles", ())),
        "orders": None if orders is None else tuple((start, end) for start, end in orders),
    }


SELECT_CHUNK = 'SELECT id, document_id, start, "end", text, heading, vector FROM chunks'


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables, or bring those of a readable version to this one, in a transaction."""
    if not has_table(connection, "state"):
        _execute(connection, _SCHEMA)
        return
    if not has_table(connection, "files"):
        _execute(connection, _FILES)
    if not has_table(connection, "layouts"):
        _execute(connection, _LAYOUTS)
    if not has_table(connection, "abbreviations"):
        _execute(connection, _ABBREVIATIONS)
        for document_id, text in connection.execute("SELECT id, text FROM documents").fetchall():
            put_abbreviations(connection, document_id, text)
    if not has_table(connection, "sentences"):
        _execute(connection, _SENTENCES)
    if not has_table(connection, "added_vectors"):
        _execute(connection, _VECTOR_CHANGES)
        connection.execute(LIST_FOLDER)
    if not _has_column(connection, "chunks", "variants"):
        _add_variants(connection)
    connection.execute(
        "UPDATE state SET value = ? WHERE key = 'schema_version'", (str(SCHEMA_VERSION),)
    )


def _add_variants(connection: sqlite3.Connection) -> None:
    """Find the variants of words in all chunks, and make their keywords once more."""
    for trigger in ("chunk_added", "chunk_deleted"):
        connection.execute(f"DROP TRIGGER {trigger}")
    for table in ("vocabulary", "keywords"):
        connection.execute(f"DROP TABLE {table}")
    connection.execute(f"ALTER TABLE chunks ADD COLUMN {_VARIANTS}")
    chunks = connection.execute("SELECT row, heading, text FROM chunks")
    found = ((plain_variants(f"{heading}\n{text}"), row) for row, heading, text in chunks)
    some = [(variants, row) for variants, row in found if variants]
    connection.executemany("UPDATE chunks SET variants = ? WHERE row = ?", some)
    _execute(connection, _KEYWORDS)
    connection.execute("INSERT INTO keywords(keywords) VALUES ('rebuild')")


def _has_column(connection: sqlite3.Connection, table: str, name: str) -> bool:
    columns = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return (name,) in columns.fetchall()


def put_abbreviations(connection: sqlite3.Connection, document_id: str, text: str) -> None:
    """Add the short forms that a document defines."""
    connection.executemany(
        "INSERT INTO abbreviations VALUES (?, ?, ?, ?, ?)",
        [
            (document_id, found.short, found.long, text.count(found.short), text.count(found.long))
            for found in abbreviations(text)
        ],
    )


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Return whether there is such a table."""
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    return connection.execute(query, (name,)).fetchone() is not None


def _execute(connection: sqlite3.Connection, script: str) -> None:
    """Run a script inside a transaction, which executescript would commit."""
    for statement in _statements(script):
        connection.execute(statement)


def _statements(script: str) -> Iterator[str]:
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
