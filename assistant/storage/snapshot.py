"""One state of the catalog, to be read: documents, chunks and keyword search."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.storage.schema import (
    SELECT_CHUNK,
    count_rows,
    has_table,
    layout_values,
    text_checksum,
    vector_id,
)
from assistant.storage.state import damaged_catalog
from assistant.storage.vector_changes import VectorChanges
from assistant.text.words import plain_form
from assistant.types import (
    Attribution,
    CatalogState,
    Chunk,
    CorpusInfo,
    Document,
    DocumentSummary,
    SeenFile,
)

_CHUNKS_SCORED = 3000
"""About as many chunks are scored for a question in an index of any size."""
_LISTED = (
    "(:scope IS NULL OR id IN (SELECT value FROM json_each(:scope)))"
    " AND (title LIKE :search ESCAPE '\\' OR source LIKE :search ESCAPE '\\')"
)
_IN_SCOPE = "(:scope IS NULL OR document_id IN (SELECT value FROM json_each(:scope)))"


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
        """Return the same state, of the documents with these ids alone."""
        return Snapshot(self._path, self._connection, self.state, documents)

    def corpus(self) -> CorpusInfo:
        """Return what ``corpus.toml`` said of the corpus as a whole when it was ingested."""
        return self.state.corpus

    def document(self, document_id: str) -> Document | None:
        """Return the document as it was indexed; None if the catalog does not know it."""
        row = self._connection.execute(
            "SELECT id, source, title, text, sha256, media_type, page_starts, attribution,"
            " checksum FROM documents WHERE id = :id AND (:scope IS NULL OR id IN"
            " (SELECT value FROM json_each(:scope)))",
            {"id": document_id, "scope": self._scope},
        ).fetchone()
        if row is None:
            return None
        if text_checksum(row[3]) != row[8]:
            raise damaged_catalog(self._path, f"the text of {row[1]!r} is not what was written")
        with self._decoding():
            layout = self._layout(document_id)
            return Document(
                id=row[0],
                source=row[1],
                title=row[2],
                text=row[3],
                sha256=row[4],
                media_type=row[5],
                page_starts=tuple(json.loads(row[6])),
                attribution=_attribution(row[7]),
                **layout_values(layout),
            )

    def _layout(self, document_id: str) -> Mapping[str, Any]:
        """Return where a document's text stands in its file, if that was recorded."""
        row = None
        if has_table(self._connection, "layouts"):
            query = "SELECT layout FROM layouts WHERE document_id = ?"
            row = self._connection.execute(query, (document_id,)).fetchone()
        return {} if row is None else dict(json.loads(row[0]))

    def summaries(
        self, search: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentSummary]:
        """Return documents without their texts, by path; with ``search`` in title or path."""
        rows = self._connection.execute(
            "SELECT id, source, title, sha256, media_type, characters, attribution"
            f" FROM documents WHERE {_LISTED} ORDER BY source LIMIT :limit OFFSET :offset",
            {**self._listed(search), "limit": -1 if limit is None else limit, "offset": offset},
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

    def count_summaries(self, search: str = "") -> int:
        """Count the documents that `summaries` lists without a limit."""
        query = f"SELECT count(*) FROM documents WHERE {_LISTED}"
        return int(self._connection.execute(query, self._listed(search)).fetchone()[0])

    def _listed(self, search: str) -> dict[str, str | None]:
        escaped = re.sub(r"([%_\\])", r"\\\1", search.strip())
        return {"scope": self._scope, "search": f"%{escaped}%"}

    def fingerprints(self) -> dict[str, str]:
        """Return each document's fingerprint by its path."""
        return dict(self._connection.execute("SELECT source, fingerprint FROM documents"))

    def files(self) -> dict[str, SeenFile]:
        """Return what was seen, by path, of the files that need no other look while it holds."""
        if not has_table(self._connection, "files"):
            return {}
        rows = self._connection.execute("SELECT source, size, modified, changed, sha256 FROM files")
        return {source: SeenFile(*values) for source, *values in rows}

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return those of the chunks that the catalog knows, by id."""
        rows = self._connection.execute(
            f"{SELECT_CHUNK} WHERE {_IN_SCOPE} AND id IN (SELECT value FROM json_each(:ids))",
            {"ids": json.dumps(list(ids)), "scope": self._scope},
        )
        return {chunk.id: chunk for chunk in self._checked(rows)}

    def chunks_of_vectors(self, ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Return the chunks that have each vector, in the order in which they were indexed.

        Raise `IndexDamagedError` for a vector that no chunk has.
        """
        rows = self._connection.execute(
            f"{SELECT_CHUNK} WHERE {_IN_SCOPE} AND vector IN (SELECT value FROM json_each(:ids))"
            " ORDER BY row",
            {"ids": json.dumps(list(ids)), "scope": self._scope},
        )
        found: dict[str, list[Chunk]] = {}
        for chunk in self._checked(rows):
            found.setdefault(vector_id(chunk), []).append(chunk)
        if len(found) != len(ids):
            raise damaged_catalog(self._path, f"{len(ids) - len(found)} chunks are missing")
        return found

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in order."""
        rows = self._connection.execute(
            f"{SELECT_CHUNK} WHERE document_id = :document AND {_IN_SCOPE} ORDER BY start",
            {"document": document_id, "scope": self._scope},
        )
        return list(self._checked(rows))

    def chunk_ids(self) -> set[str]:
        """Return the ids of all chunks."""
        rows = self._connection.execute(
            f"SELECT id FROM chunks WHERE {_IN_SCOPE}", {"scope": self._scope}
        )
        return {row[0] for row in rows}

    def vector_ids(self) -> set[str]:
        """Return the ids of the vectors of all chunks."""
        rows = self._connection.execute(
            f"SELECT DISTINCT vector FROM chunks WHERE {_IN_SCOPE}", {"scope": self._scope}
        )
        return {row[0] for row in rows}

    def count_documents(self) -> int:
        """Count the documents, those outside of `within` included."""
        return count_rows(self._connection, "documents")

    def count_chunks(self) -> int:
        """Count the chunks, those outside of `within` included."""
        return count_rows(self._connection, "chunks")

    def abbreviations(self) -> list[tuple[str, str]]:
        """Return the short and long forms that documents define, the form used more often first."""
        if not has_table(self._connection, "abbreviations"):  # written by an earlier version
            return []
        rows = self._connection.execute(
            "SELECT short, long, sum(short_count) >= sum(long_count) FROM abbreviations"
            f" WHERE {_IN_SCOPE} GROUP BY short, long ORDER BY short, long",
            {"scope": self._scope},
        )
        return [(short, long) if by_short else (long, short) for short, long, by_short in rows]

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.int8]]:
        """Return the vectors of the sentences below each of these vectors that has any."""
        if not has_table(self._connection, "sentences"):  # written by an earlier version
            return {}
        rows = self._connection.execute(
            "SELECT vector, vectors FROM sentences"
            " WHERE vector IN (SELECT value FROM json_each(?))",
            (json.dumps(list(ids)),),
        )
        size = self.state.dimension
        return {
            identifier: np.frombuffer(vectors, np.int8).reshape(-1, size)
            for identifier, vectors in rows
            if len(vectors) % size == 0
        }

    def vector_changes(self) -> VectorChanges:
        """Return what this state changes of its folder of vectors."""
        folder = self._path.parent / self.state.vectors
        return VectorChanges.read(self._connection, folder, self.state.dimension)

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and BM25 scores (higher is better) of chunks with any of the words, best first.

        Words are data, never query syntax; matched after Porter stemming, case and diacritics folded,
        in their plain form: CO₂ and CO2 find each other.
        In a large index words that occur in thousands of chunks are passed over where there are
        rarer ones: scoring takes 5 µs a chunk, and such words tell little of what is asked for.
        """
        quoted = [_quoted(plain_form(word)) for word in words]
        if self.is_whole:
            quoted = self._rarest(quoted)
        if not quoted:
            return []
        rows = self._connection.execute(
            "SELECT chunks.id, -bm25(keywords) AS score FROM keywords"
            " JOIN chunks ON chunks.row = keywords.rowid"
            f" WHERE keywords MATCH :words AND {_IN_SCOPE}"
            " ORDER BY score DESC, chunks.row LIMIT :limit",
            {"words": " OR ".join(quoted), "scope": self._scope, "limit": limit},
        )
        return [(row[0], row[1]) for row in rows]

    def _rarest(self, quoted: Sequence[str]) -> list[str]:
        """Return the words that occur in few chunks each, and not in too many together."""
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
        """Count the chunks in which each stem occurs; leave out a stem that occurs in none."""
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
                raise damaged_catalog(
                    self._path, f"the text of chunk {chunk.id} is not what was written"
                )
            yield chunk

    @contextmanager
    def _decoding(self) -> Iterator[None]:
        try:
            yield
        except (TypeError, ValueError) as error:
            raise damaged_catalog(self._path, error) from error


def _quoted(word: str) -> str:
    """Return a word as a string of FTS5's query language."""
    return '"' + word.replace('"', '""').replace("\0", " ") + '"'


def _attribution(value: str) -> Attribution:
    return Attribution(**json.loads(value))
