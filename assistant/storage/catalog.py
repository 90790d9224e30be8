"""The catalog: documents, chunks and keyword search, in SQLite with FTS5.

Its public methods know nothing of SQLite, so that another database can stand in.
"""

import hashlib
import json
import os
import sqlite3
import uuid
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.errors import (
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    StorageError,
)
from assistant.types import Attribution, Chunk, Document, DocumentSummary

SCHEMA_VERSION = 2
REBUILD_COMMAND = "assistant ingest --rebuild"
_FILE = "catalog.sqlite3"
_BUSY_SECONDS = 30
_CHUNKS_SCORED = 3000
"""About as many chunks are scored for a question in an index of any size."""

_SCHEMA = """
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
    tokenize='porter unicode61 remove_diacritics 2'
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


@dataclass(frozen=True, slots=True)
class CatalogState:
    """What an index was built with; ``generation`` is new with every commit.

    ``unread`` holds, by path, the mark of each file that could not be read, and why.
    """

    generation: str
    embedding_model: str
    dimension: int
    chunk_tokens: int
    chunk_overlap: int
    vectors: str
    seal: str
    ingested_at: str
    unread: Mapping[str, tuple[str, str]] = field(default_factory=dict)


def vector_id(chunk: Chunk) -> str:
    """The id of a chunk's vector: chunks with the same heading and text have the same."""
    embedded = f"{chunk.heading}\n{chunk.text}"
    return hashlib.sha256(embedded.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Snapshot:
    """One state of the catalog, unmoved by what is committed while it is read.

    It is of all documents, or (`within`) of some: then the others are unknown to it. How often
    a word occurs (`count_chunks`, `document_frequencies`) is always counted in all of them.
    Texts are compared with their checksums, so that a damaged page is an `IndexDamagedError`
    and not another text.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        state: CatalogState,
        documents: frozenset[str] | None = None,
    ) -> None:
        self._path = path
        self._connection = connection
        self.state = state
        self._scope = None if documents is None else json.dumps(sorted(documents))

    @property
    def is_whole(self) -> bool:
        """Whether it is of all documents."""
        return self._scope is None

    def within(self, documents: frozenset[str]) -> "Snapshot":
        """The same state, of the documents with these ids alone."""
        return Snapshot(self._path, self._connection, self.state, documents)

    def document(self, document_id: str) -> Document | None:
        """The document as it was indexed; None if the catalog does not know it."""
        row = self._connection.execute(
            "SELECT id, source, title, text, sha256, media_type, page_starts, attribution,"
            " checksum FROM documents WHERE id = :id AND (:scope IS NULL OR id IN"
            " (SELECT value FROM json_each(:scope)))",
            {"id": document_id, "scope": self._scope},
        ).fetchone()
        if row is None:
            return None
        if _checksum(row[3]) != row[8]:
            raise _damaged(self._path, f"the text of {row[1]!r} is not what was written")
        with self._decoding():
            return Document(
                id=row[0],
                source=row[1],
                title=row[2],
                text=row[3],
                sha256=row[4],
                media_type=row[5],
                page_starts=tuple(json.loads(row[6])),
                attribution=_attribution(row[7]),
            )

    def summaries(self) -> list[DocumentSummary]:
        """All documents without their texts, by path."""
        rows = self._connection.execute(
            "SELECT id, source, title, sha256, media_type, characters, attribution"
            " FROM documents WHERE :scope IS NULL OR id IN (SELECT value FROM json_each(:scope))"
            " ORDER BY source",
            {"scope": self._scope},
        )
        with self._decoding():
            return [
                DocumentSummary(
                    id=row[0],
                    source=row[1],
                    title=row[2],
                    sha256=row[3],
                    media_type=row[4],
                    characters=row[5],
                    attribution=_attribution(row[6]),
                )
                for row in rows
            ]

    def fingerprints(self) -> dict[str, str]:
        """Each document's fingerprint by its path."""
        return dict(self._connection.execute("SELECT source, fingerprint FROM documents"))

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Those of the chunks that the catalog knows, by id."""
        rows = self._connection.execute(
            f"{_SELECT_CHUNK} WHERE {_IN_SCOPE} AND id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(ids)), "scope": self._scope},
        )
        return {chunk.id: chunk for chunk in self._checked(rows)}

    def chunks_of_vectors(self, ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """The chunks that have each vector, in the order in which they were indexed.

        Raises `IndexDamagedError` for a vector that no chunk has.
        """
        rows = self._connection.execute(
            f"{_SELECT_CHUNK} WHERE {_IN_SCOPE} AND vector IN (SELECT value FROM json_each(:ids))"
            " ORDER BY row",
            {"ids": json.dumps(list(ids)), "scope": self._scope},
        )
        found: dict[str, list[Chunk]] = {}
        for chunk in self._checked(rows):
            found.setdefault(vector_id(chunk), []).append(chunk)
        if len(found) != len(ids):
            raise _damaged(self._path, f"{len(ids) - len(found)} chunks are missing")
        return found

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """A document's chunks in order."""
        rows = self._connection.execute(
            f"{_SELECT_CHUNK} WHERE document_id = :document AND {_IN_SCOPE} ORDER BY start",
            {"document": document_id, "scope": self._scope},
        )
        return list(self._checked(rows))

    def chunk_ids(self) -> set[str]:
        """The ids of all chunks."""
        rows = self._connection.execute(
            f"SELECT id FROM chunks WHERE {_IN_SCOPE}", {"scope": self._scope}
        )
        return {row[0] for row in rows}

    def vector_ids(self) -> set[str]:
        """The ids of the vectors of all chunks."""
        rows = self._connection.execute(
            f"SELECT DISTINCT vector FROM chunks WHERE {_IN_SCOPE}", {"scope": self._scope}
        )
        return {row[0] for row in rows}

    def count_documents(self) -> int:
        """How many documents there are."""
        return _count(self._connection, "documents")

    def count_chunks(self) -> int:
        """How many chunks there are."""
        return _count(self._connection, "chunks")

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Ids and BM25 scores (higher is better) of the chunks with any of the words, best first.

        Words are data, never query syntax; matched after Porter stemming, case and diacritics folded.
        In a large index words that stand in thousands of chunks are passed over where there are
        rarer ones: scoring takes 5 µs a chunk, and such words tell little of what is asked for.
        """
        quoted = [_quoted(word) for word in words]
        if self.is_whole:
            quoted = self._rarest(quoted)
        if not quoted:
            return []
        rows = self._connection.execute(
            "SELECT chunks.id, -bm25(keywords, 1.0, 1.0) AS score FROM keywords"
            " JOIN chunks ON chunks.row = keywords.rowid"
            f" WHERE keywords MATCH :words AND {_IN_SCOPE}"
            " ORDER BY score DESC, chunks.row LIMIT :limit",
            {"words": " OR ".join(quoted), "scope": self._scope, "limit": limit},
        )
        return [(row[0], row[1]) for row in rows]

    def _rarest(self, quoted: Sequence[str]) -> list[str]:
        """The words that stand in few chunks each, and not in too many together."""
        query = (
            "SELECT count(*) FROM (SELECT 1 FROM keywords WHERE keywords MATCH ?"
            f" LIMIT {_CHUNKS_SCORED})"
        )
        counts = {
            word: int(self._connection.execute(query, (word,)).fetchone()[0]) for word in quoted
        }
        chosen: list[str] = []
        scored = 0
        for word in sorted(counts, key=lambda word: counts[word]):
            scored += counts[word]
            if chosen and scored > _CHUNKS_SCORED:
                break
            if counts[word]:
                chosen.append(word)
        return chosen

    def document_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many chunks each stem occurs; a stem that occurs in none is left out."""
        found = {}
        for stem in stems:
            row = self._connection.execute(
                "SELECT doc FROM vocabulary WHERE term = ?", (stem,)
            ).fetchone()
            if row:
                found[stem] = int(row[0])
        return found

    def _checked(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Chunk]:
        for *fields, vector in rows:
            chunk = Chunk(*fields)
            if vector_id(chunk) != vector:
                raise _damaged(self._path, f"the text of chunk {chunk.id} is not what was written")
            yield chunk

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError) as error:
            raise _damaged(self._path, error) from error


class Update:
    """One transaction of changes; nothing of it is seen before it is committed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute("CREATE TEMP TABLE removed (vector TEXT PRIMARY KEY) WITHOUT ROWID")

    def clear(self) -> None:
        """Remove all documents."""
        self._connection.execute("DELETE FROM chunks")
        self._connection.execute("DELETE FROM documents")

    def remove(self, source: str) -> None:
        """Remove the document at a path, with its chunks, if it is there."""
        of_document = "document_id = (SELECT id FROM documents WHERE source = ?)"
        self._connection.execute(
            f"INSERT OR IGNORE INTO removed SELECT vector FROM chunks WHERE {of_document}",
            (source,),
        )
        self._connection.execute(f"DELETE FROM chunks WHERE {of_document}", (source,))
        self._connection.execute("DELETE FROM documents WHERE source = ?", (source,))

    def vectors_to_remove(self) -> list[str]:
        """The ids of the vectors that no chunk has any more since documents were removed."""
        rows = self._connection.execute(
            "SELECT vector FROM removed WHERE NOT EXISTS"
            " (SELECT 1 FROM chunks WHERE chunks.vector = removed.vector)"
        )
        return [row[0] for row in rows]

    def chunks_by_vector(self, at_once: int) -> Iterator[list[Chunk]]:
        """One chunk for each distinct vector, some at a time."""
        rows = self._connection.execute(
            f"{_SELECT_CHUNK} WHERE row IN (SELECT min(row) FROM chunks GROUP BY vector)"
        )
        while some := rows.fetchmany(at_once):
            yield [Chunk(*row[:-1]) for row in some]

    def count_chunks(self) -> int:
        """How many chunks there are."""
        return _count(self._connection, "chunks")

    def count_vectors(self) -> int:
        """How many distinct vectors the chunks have."""
        query = "SELECT count(DISTINCT vector) FROM chunks"
        return int(self._connection.execute(query).fetchone()[0])

    def put(self, document: Document, fingerprint: str, chunks: Sequence[Chunk]) -> None:
        """Add a document with its chunks, in place of the one at its path."""
        self.remove(document.source)
        self._connection.execute(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.source,
                document.title,
                document.text,
                len(document.text),
                document.sha256,
                fingerprint,
                document.media_type,
                json.dumps(document.page_starts),
                json.dumps(asdict(document.attribution)),
                _checksum(document.text),
            ),
        )
        self._connection.executemany(
            'INSERT INTO chunks (id, document_id, start, "end", heading, text, vector)'
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (c.id, c.document_id, c.start, c.end, c.heading, c.text, vector_id(c))
                for c in chunks
            ],
        )

    def set_state(self, state: Mapping[str, str | int]) -> None:
        """Record what the index is built with; the generation and the time are added."""
        stamped = {
            **state,
            "generation": uuid.uuid4().hex,
            "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "schema_version": SCHEMA_VERSION,
        }
        self._connection.executemany(
            "INSERT INTO state VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            [(key, str(value)) for key, value in stamped.items()],
        )


class Catalog:
    """The catalog in a folder; a connection is opened for each snapshot and update."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE

    def state(self) -> CatalogState | None:
        """What the index was built with; None before the first ingestion."""
        if not self.path.exists():
            return None
        with self._connect(reading=True) as connection:
            return _read_state(self.path, connection)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """The last committed state, for reading. Raises `IndexMissingError` where there is none."""
        if not self.path.exists():
            raise _missing()
        with self._connect(reading=True) as connection:
            connection.execute("BEGIN")
            state = _read_state(self.path, connection)
            if state is None:
                raise _missing()
            yield Snapshot(self.path, connection, state)

    @contextmanager
    def update(self) -> Iterator[Update]:
        """A transaction, committed when the block ends and undone when it raises.

        Raises `IndexDamagedError` for a catalog that is not sound: nothing is built upon it.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._connect() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("BEGIN IMMEDIATE")
            if not _has_schema(connection):
                for statement in _statements(_SCHEMA):
                    connection.execute(statement)
            self._check(connection)
            yield Update(connection)
            connection.execute("COMMIT")

    def set_aside_unless_sound(self) -> Path | None:
        """Rename a catalog that cannot be used, for a rebuild; its new path if it was renamed."""
        try:
            if self.state() is None:
                return None
            with self._connect(reading=True) as connection:
                self._check(connection)
        except (IndexDamagedError, IndexMismatchError):
            aside = self.path.with_name(f"catalog-set-aside-{uuid.uuid4().hex[:8]}.sqlite3")
            for ending in ("-wal", "-shm", ""):
                file = self.path.with_name(self.path.name + ending)
                if file.exists():
                    file.rename(aside.with_name(aside.name + ending))
            return aside
        return None

    def _check(self, connection: sqlite3.Connection) -> None:
        (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise _damaged(self.path, found)

    @contextmanager
    def _connect(self, *, reading: bool = False) -> Iterator[sqlite3.Connection]:
        try:
            with closing(
                sqlite3.connect(
                    self._address(reading),
                    timeout=_BUSY_SECONDS,
                    isolation_level=None,
                    uri=True,
                    # the pieces of one answer may be asked for by several threads, in turn
                    check_same_thread=False,
                )
            ) as connection:
                yield connection
        except sqlite3.DatabaseError as error:
            raise _storage_error(self.path, error) from error

    def _address(self, reading: bool) -> str:
        """The file as SQLite opens it.

        In a folder that cannot be written, where nobody else can write either, there is no place
        for the shared memory of a write-ahead log: without a log the file alone is read.
        """
        address = self.path.absolute().as_uri()
        if not reading:
            return f"{address}?mode=rwc"
        if os.access(self.path.parent, os.W_OK):
            return f"{address}?mode=rw"
        log = self.path.with_name(f"{self.path.name}-wal")
        return f"{address}?mode=ro" + ("" if log.exists() else "&immutable=1")


_IN_SCOPE = "(:scope IS NULL OR document_id IN (SELECT value FROM json_each(:scope)))"
_SELECT_CHUNK = 'SELECT id, document_id, start, "end", text, heading, vector FROM chunks'


def _read_state(path: Path, connection: sqlite3.Connection) -> CatalogState | None:
    if not _has_schema(connection):
        return None
    values = dict(connection.execute("SELECT key, value FROM state"))
    if not values:
        return None
    version = values.get("schema_version")
    if version != str(SCHEMA_VERSION):
        raise IndexMismatchError(
            f"The index has schema version {version}; this version of assistant reads "
            f"{SCHEMA_VERSION}. Use the version that wrote it, or make the index anew from the "
            f"documents with: {REBUILD_COMMAND}"
        )
    try:
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
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _damaged(path, f"its state cannot be read ({error})") from error


def _has_schema(connection: sqlite3.Connection) -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE name = 'state'"
    return connection.execute(query).fetchone() is not None


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, so that they run inside a transaction (executescript commits)."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _quoted(word: str) -> str:
    """A word as a string of FTS5's query language."""
    return '"' + word.replace('"', '""').replace("\0", " ") + '"'


def _attribution(value: str) -> Attribution:
    return Attribution(**json.loads(value))


def _count(connection: sqlite3.Connection, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _missing() -> IndexMissingError:
    return IndexMissingError("There is no index yet. Build it with: assistant ingest")


_REMEDIES = {
    sqlite3.SQLITE_FULL: "Free space on its disk, then run the command again",
    sqlite3.SQLITE_IOERR: "Check its disk for space and faults, then run the command again",
    sqlite3.SQLITE_READONLY: "Let this user write the file and its folder, or set ASSISTANT_INDEX",
    sqlite3.SQLITE_CANTOPEN: "Let this user read the file and its folder, or set ASSISTANT_INDEX",
    sqlite3.SQLITE_BUSY: "Another program holds it; close that, then run the command again",
}


def _storage_error(path: Path, error: sqlite3.DatabaseError) -> StorageError:
    remedy = _REMEDIES.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if isinstance(error, sqlite3.OperationalError) and remedy:
        return StorageError(f"The catalog {path} cannot be used: {error}. {remedy}.")
    return _damaged(path, error)


def _damaged(path: Path, reason: object) -> IndexDamagedError:
    return IndexDamagedError(
        f"The catalog {path} is damaged: {reason}. Make the index anew from the documents with: "
        f"{REBUILD_COMMAND} (the damaged file is kept under another name)"
    )
