"""Search in PostgreSQL: nearest vectors by HNSW or exactly, and both rankings fused in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from assistant.storage.postgres.keyword_ranking import KeywordRanking
from assistant.storage.postgres.postgres_rows import CHUNK
from assistant.storage.postgres.postgres_snapshot import PostgresSnapshot
from assistant.storage.schema import vector_id
from assistant.types import Chunk, Fusion, Hit

LARGEST_INDEXED = 4000
"""The greatest dimension of pgvector's half-precision graphs; larger vectors are compared one by one."""
_COMPARED, _COMPARED_IN_PART = 10_000, 50_000
"""Chunks up to which vectors are compared one by one, of all documents and of a part.

A walk through the graph passes over the vectors of other parts: with 400 candidates, in a folder of
10,000 of 100,000 chunks, it took 900 ms beside other work, where comparing 5,000 took 146 ms.
"""
_WIDTH = 800
"""Candidates that a walk through the graph keeps, hnsw.ef_search.

Recall@8 with 200, 400 and 800 of them: 0.988, 0.996 and 1.000 of 100,000 clustered vectors, 0.745,
0.870 and 0.938 of a million. There the rest is whole clusters that the walk does not reach: 8,000
candidates find no more.
"""
_SPARE = 2
"""Times as many vectors as wanted are taken from the graph, of half precision, and compared exactly."""


@dataclass(frozen=True)
class PostgresView:
    """A snapshot of the catalog with its table of vectors."""

    catalog: PostgresSnapshot
    part: str = ""

    def within(self, part: str, documents: frozenset[str]) -> "PostgresView":
        """Return the same state, limited to the document or folder at a path."""
        return PostgresView(self.catalog.within(part), part)

    def nearest(self, vector: NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Return ids and cosine similarities of the nearest vectors of the part, best first."""
        if limit < 1:
            return []
        self._set_width(limit)
        rows = self._execute(
            f"WITH {self._nearest} SELECT id, 1 - distance FROM nearest ORDER BY distance, id",
            vector=vector,
            depth=limit,
        )
        return [(identifier.hex, float(similarity)) for identifier, similarity in rows]

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of chunks, by the ids of the chunks."""
        ids = {chunk.id: UUID(vector_id(chunk)) for chunk in chunks}
        rows = self._execute(
            f"SELECT id, embedding FROM {self._table} WHERE id = ANY(%(ids)s)",
            ids=list(set(ids.values())),
        )
        found = {identifier: vector.to_numpy() for identifier, vector in rows}
        return {chunk: found[vector] for chunk, vector in ids.items() if vector in found}

    def fused(self, words: Sequence[str], vector: NDArray[np.float32], fusion: Fusion) -> list[Hit]:
        """Return the best chunks of dense and keyword search, fused by reciprocal rank.

        Further copies of a text come after all other texts, so that they displace none.
        """
        ranking = self.catalog.keyword_ranking(words)
        self._set_width(fusion.depth)
        rows = self._execute(
            self._fusing(ranking),
            vector=vector,
            depth=fusion.depth,
            top_k=fusion.top_k,
            k=fusion.k,
            dense_weight=fusion.weights[0],
            keyword_weight=fusion.weights[1],
            **ranking.values,
        ).fetchall()
        chunks = self.catalog.checked(row[:7] for row in rows)
        return [
            Hit(chunk, score, dense, keyword)
            for chunk, (*_, score, dense, keyword) in zip(chunks, rows, strict=True)
        ]

    def _fusing(self, ranking: KeywordRanking) -> str:
        part = self.catalog.part
        return f"""
WITH {ranking.expressions(part)},
keyword AS (
    SELECT id, row_number() OVER (ORDER BY score DESC, "row") AS place
    FROM ranked ORDER BY place LIMIT %(depth)s
),
{self._nearest},
copies AS (
    SELECT c.id, c."row", n.distance, n.id AS vector,
        row_number() OVER (PARTITION BY c.vector ORDER BY c."row") > 1 AS is_copy
    FROM nearest n JOIN chunks c ON c.vector = n.id JOIN documents d ON d.version = c.version
    WHERE {part.condition}
),
dense AS (
    SELECT id, row_number() OVER (ORDER BY is_copy, distance, vector, "row") AS place
    FROM copies ORDER BY place LIMIT %(depth)s
),
fused AS (
    SELECT id, dense.place AS dense, keyword.place AS keyword,
        coalesce(%(dense_weight)s::float8 / (%(k)s + dense.place), 0)
        + coalesce(%(keyword_weight)s::float8 / (%(k)s + keyword.place), 0) AS score
    FROM dense FULL JOIN keyword USING (id)
    ORDER BY score DESC, dense.place, keyword.place LIMIT %(top_k)s
)
SELECT {CHUNK}, f.score, f.dense, f.keyword
FROM fused f JOIN chunks c ON c.id = f.id JOIN documents d ON d.version = c.version
WHERE {part.condition}
ORDER BY f.score DESC, f.dense, f.keyword"""

    @property
    def _nearest(self) -> str:
        """The common table expression ``nearest (id, distance)``, best first."""
        condition = self.catalog.part.condition
        visible = f"FROM chunks c JOIN documents d ON d.version = c.version WHERE {condition}"
        distance = "v.embedding <=> %(vector)s AS distance"
        if self._is_compared:
            return f"""
nearest AS MATERIALIZED (
    SELECT v.id, {distance} FROM {self._table} v WHERE v.id IN (SELECT c.vector {visible})
    ORDER BY distance, v.id LIMIT %(depth)s
)"""
        half = f"halfvec({self.catalog.state.dimension})"
        return f"""
nearest AS MATERIALIZED (
    SELECT id, distance FROM (
        SELECT v.id, {distance} FROM {self._table} v
        WHERE EXISTS (SELECT {visible} AND c.vector = v.id OFFSET 0)
        ORDER BY v.embedding::{half} <=> %(vector)s::{half} LIMIT {_SPARE} * %(depth)s
    ) AS candidate
    ORDER BY distance, id LIMIT %(depth)s
)"""

    @cached_property
    def _is_compared(self) -> bool:
        """Whether each vector of the part is compared, because they are few or too long."""
        catalog = self.catalog
        if catalog.state.dimension > LARGEST_INDEXED:
            return True
        if not self.part:
            return catalog.count_chunks() <= _COMPARED
        row = self._execute(
            f"SELECT coalesce(sum(chunks), 0) FROM documents d WHERE {catalog.part.condition}"
        ).fetchone()
        return int(row[0]) <= _COMPARED_IN_PART

    @property
    def _table(self) -> str:
        return self.catalog.state.vectors

    def _set_width(self, limit: int) -> None:
        width = min(1000, max(_WIDTH, _SPARE * limit))
        self.catalog.connection.execute(f"SET LOCAL hnsw.ef_search = {width}")

    def _execute(self, statement: str, **values: Any) -> Any:
        parameters = {**self.catalog.part.values, **values}
        return self.catalog.connection.execute(statement, parameters)
