"""Search in PostgreSQL: nearest vectors by HNSW or exactly, and both rankings fused in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
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
_COMPARED = 10_000
"""Chunks up to which vectors are compared one by one where all documents are searched."""
_STEP = 10
"""Vectors that can be compared in the time of one step through the graph.

A step looks at the neighbours of a vector, and whether its chunk is in the part. A walk passes over
the vectors of other parts, so that the smaller the part, the longer it is.
"""
_WIDTH = 800
"""Candidates that a walk through the graph keeps, hnsw.ef_search.

Recall@8 with 200, 400 and 800 of them was 0.993, 1.000 and 1.000 of 200,000 clustered vectors. With a
graph of 16 neighbours it was 0.983, 0.998 and 0.999 of them, and 0.745, 0.870 and 0.938 of a million,
where 8,000 candidates found no more: the walk did not reach whole clusters.
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
            f"WITH {self._nearest(limit)}"
            " SELECT id, 1 - distance FROM nearest ORDER BY distance, id",
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
            self._fusing(ranking, fusion.depth),
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

    def _fusing(self, ranking: KeywordRanking, depth: int) -> str:
        part = self.catalog.part
        return f"""
WITH {ranking.expressions(part)},
keyword AS (
    SELECT id, row_number() OVER (ORDER BY score DESC, "row") AS place
    FROM ranked ORDER BY place LIMIT %(depth)s
),
{self._nearest(depth)},
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

    def _nearest(self, depth: int) -> str:
        """Return the common table expression ``nearest (id, distance)``, best first."""
        condition = self.catalog.part.condition
        visible = f"FROM chunks c JOIN documents d ON d.version = c.version WHERE {condition}"
        distance = "v.embedding <=> %(vector)s AS distance"
        if self._is_compared(depth):
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

    def _is_compared(self, depth: int) -> bool:
        """Return whether to compare each vector of the part, which are too long or few."""
        catalog = self.catalog
        if catalog.state.dimension > LARGEST_INDEXED:
            return True
        if not self.part:
            return catalog.count_chunks() <= _COMPARED
        in_part = catalog.chunks_in_part
        steps = max(_WIDTH, _SPARE * depth * catalog.count_chunks() / max(1, in_part))
        return in_part <= _STEP * steps

    @property
    def _table(self) -> str:
        return self.catalog.state.vectors

    def _set_width(self, limit: int) -> None:
        width = min(1000, max(_WIDTH, _SPARE * limit))
        self.catalog.connection.execute(f"SET LOCAL hnsw.ef_search = {width}")

    def _execute(self, statement: str, **values: Any) -> Any:
        parameters = {**self.catalog.part.values, **values}
        return self.catalog.connection.execute(statement, parameters)
