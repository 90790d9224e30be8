"""One state of the catalog in PostgreSQL, read in one repeatable-read transaction."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg import Connection

from assistant.storage.postgres.database import Database
from assistant.storage.postgres.keyword_ranking import KeywordRanking
from assistant.storage.postgres.lexemes import lexeme
from assistant.storage.postgres.postgres_rows import (
    CHUNK,
    DOCUMENT,
    SUMMARY,
    storable,
    to_chunk,
    to_document,
    to_summary,
)
from assistant.storage.postgres.visible_part import VISIBLE, VisiblePart
from assistant.storage.schema import text_checksum, vector_id
from assistant.storage.state import state_of
from assistant.storage.stemming import Stemmer
from assistant.text.words import plain_form
from assistant.types import CatalogState, Chunk, CorpusInfo, Document, DocumentSummary, SeenFile

_Value = TypeVar("_Value")

_DOCUMENTS = "FROM documents d"
_MATCHES = "(d.title ILIKE %(search)s OR d.source ILIKE %(search)s)"


class PostgresSnapshot:
    """One state of the catalog, unmoved by what is committed while it is read.

    A snapshot of a part contains only its documents. Texts are compared with their checksums, so
    that a changed one is an `IndexDamagedError` and not another text.
    """

    def __init__(
        self,
        database: Database,
        connection: Connection[Any],
        stemmer: Stemmer,
        values: Mapping[str, str],
        part: VisiblePart,
    ) -> None:
        self.database, self.connection, self.stemmer = database, connection, stemmer
        self.part = part
        self._values = values
        self.state: CatalogState = self._decoded(lambda: state_of(values))

    def within(self, path: str) -> "PostgresSnapshot":
        """Return the same state, limited to the document or folder at a path."""
        part = VisiblePart(self.part.generation, path)
        return PostgresSnapshot(self.database, self.connection, self.stemmer, self._values, part)

    def corpus(self) -> CorpusInfo:
        """Return what ``corpus.toml`` said about the whole corpus when it was ingested."""
        return self.state.corpus

    def document(self, document_id: str) -> Document | None:
        """Return the document as it was indexed, or None for an unknown id."""
        row = self._rows(
            f"SELECT {DOCUMENT} {_DOCUMENTS} WHERE d.id = %(id)s AND {self.part.condition}",
            id=storable(document_id),
        ).fetchone()
        if row is None:
            return None
        document, checksum = self._decoded(lambda: to_document(row))
        if text_checksum(document.text) != checksum:
            raise self.database.damaged(f"the text of {document.source!r} is not what was written")
        return document

    def fingerprints(self) -> dict[str, str]:
        """Return each document's fingerprint by its path."""
        condition = self.part.of_generation
        return dict(
            self._rows(f"SELECT d.source, d.fingerprint {_DOCUMENTS} WHERE {condition}").fetchall()
        )

    def files(self) -> dict[str, SeenFile]:
        """Return the recorded size and times, by path, of the files that need no second look."""
        rows = self._rows("SELECT source, size, modified, changed, sha256 FROM files")
        return {source: SeenFile(*values) for source, *values in rows}

    def summaries(
        self, search: str = "", limit: int | None = None, offset: int = 0
    ) -> list[DocumentSummary]:
        """Return documents without their texts, by path; with ``search`` in title or path."""
        rows = self._rows(
            f"SELECT {SUMMARY} {_DOCUMENTS} WHERE {self.part.condition} AND {_MATCHES}"
            " ORDER BY d.source LIMIT %(limit)s OFFSET %(offset)s",
            search=_contains(search),
            limit=limit,
            offset=offset,
        ).fetchall()
        return self._decoded(lambda: [to_summary(row) for row in rows])

    def count_summaries(self, search: str = "") -> int:
        """Count the documents that `summaries` returns without a limit."""
        return self._count(
            f"SELECT count(*) {_DOCUMENTS} WHERE {self.part.condition} AND {_MATCHES}",
            search=_contains(search),
        )

    def chunks(self, ids: Sequence[str]) -> dict[str, Chunk]:
        """Return the known chunks among these ids, by id."""
        rows = self._rows(
            f"SELECT {CHUNK} {VISIBLE} WHERE c.id = ANY(%(ids)s) AND {self.part.condition}",
            ids=[storable(identifier) for identifier in ids],
        )
        return {chunk.id: chunk for chunk in self.checked(rows)}

    def chunks_of_vectors(self, ids: Sequence[str]) -> dict[str, list[Chunk]]:
        """Return the chunks of each vector, in the order in which they were indexed.

        Raise `IndexDamagedError` for a vector that no chunk has.
        """
        rows = self._rows(
            f"SELECT {CHUNK} {VISIBLE} WHERE c.vector = ANY(%(ids)s) AND {self.part.condition}"
            ' ORDER BY c."row"',
            ids=[UUID(identifier) for identifier in ids],
        )
        found: dict[str, list[Chunk]] = {}
        for chunk in self.checked(rows):
            found.setdefault(vector_id(chunk), []).append(chunk)
        if len(found) != len(ids):
            raise self.database.damaged(f"{len(ids) - len(found)} chunks are missing")
        return found

    def document_chunks(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in order."""
        rows = self._rows(
            f"SELECT {CHUNK} {VISIBLE} WHERE d.id = %(id)s AND {self.part.condition}"
            " ORDER BY c.start",
            id=storable(document_id),
        )
        return list(self.checked(rows))

    def count_documents(self) -> int:
        """Count all documents, including those outside of the part."""
        return self._number("documents")

    def count_chunks(self) -> int:
        """Count all chunks, including those outside of the part."""
        return self._number("chunks")

    @cached_property
    def chunks_in_part(self) -> int:
        """The number of chunks of the part, from the numbers of its documents."""
        if not self.part.path:
            return self.count_chunks()
        return self._count(
            f"SELECT coalesce(sum(d.chunks), 0) {_DOCUMENTS} WHERE {self.part.condition}"
        )

    def abbreviations(self) -> list[tuple[str, str]]:
        """Return the short and long forms that documents define, the form used more often first."""
        rows = self._rows(
            "SELECT short, long, sum(short_count) >= sum(long_count)"
            " FROM abbreviations a JOIN documents d ON d.version = a.version"
            f" WHERE {self.part.condition} GROUP BY short, long ORDER BY short, long"
        )
        return [(short, long) if by_short else (long, short) for short, long, by_short in rows]

    def sentence_vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.int8]]:
        """Return the vectors of the sentences below each of these vectors that has any."""
        rows = self.connection.execute(
            "SELECT vector, vectors FROM sentences"
            " WHERE of_table = %(table)s AND vector = ANY(%(ids)s)",
            {"table": self.state.vectors, "ids": [UUID(one) for one in ids]},
        )
        size = self.state.dimension
        return {
            identifier.hex: np.frombuffer(vectors, np.int8).reshape(-1, size)
            for identifier, vectors in rows
            if len(vectors) % size == 0
        }

    def keyword_search(self, words: Iterable[str], limit: int) -> list[tuple[str, float]]:
        """Return ids and BM25 scores of chunks with any of the words, best first.

        Words are stemmed as in the embedded store, and never query syntax. In a large index words
        that occur in thousands of chunks are passed over where there are rarer ones.
        """
        ranking = self.keyword_ranking(words)
        if not ranking.stems:
            return []
        rows = self._rows(
            f"WITH {ranking.expressions(self.part)} SELECT id, score FROM ranked"
            ' ORDER BY score DESC, "row" LIMIT %(limit)s',
            **ranking.values,
            limit=limit,
        )
        return [(identifier, score) for identifier, score in rows]

    def keyword_ranking(self, words: Iterable[str]) -> KeywordRanking:
        """Return the ranking of this state's chunks by words."""
        written = [plain_form(word).replace("\0", " ") for word in words]
        stems = [found for found in self.stemmer.stems(written) if found]
        in_part = self.chunks_in_part if self.part.path else None
        return KeywordRanking(stems, self._number("chunks"), self._number("tokens"), in_part)

    def document_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """Count the chunks that contain each stem. Leave out stems that occur in none."""
        wanted = {lexeme(stem): stem for stem in stems}
        rows = self._rows(
            "SELECT stem, chunks FROM stems WHERE stem = ANY(%(stems)s)", stems=list(wanted)
        )
        return {wanted[stem]: chunks for stem, chunks in rows}

    def checked(self, rows: Iterable[Sequence[Any]]) -> Iterator[Chunk]:
        """Yield chunks. Raise `IndexDamagedError` for a text that was changed."""
        for row in rows:
            chunk, vector = to_chunk(row)
            if vector_id(chunk) != vector:
                raise self.database.damaged(f"the text of chunk {chunk.id} is not what was written")
            yield chunk

    def _rows(self, statement: str, **values: Any) -> Any:
        return self.connection.execute(statement, {**self.part.values, **values})

    def _count(self, statement: str, **values: Any) -> int:
        return int(self._rows(statement, **values).fetchone()[0])

    def _number(self, key: str) -> int:
        return self._decoded(lambda: int(self._values[key]))

    def _decoded(self, decode: Callable[[], _Value]) -> _Value:
        try:
            return decode()
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self.database.damaged(error) from error


def _contains(search: str) -> str:
    escaped = re.sub(r"([%_\\])", r"\\\1", search.strip().replace("\0", ""))
    return f"%{escaped}%"
