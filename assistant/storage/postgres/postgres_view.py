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
from assistant.storage.postgres.visible_part import VISIBLE
from assistant.storage.schema import vector_id
from assistant.types import Chunk, Fusion, Hit

LARGEST_INDEXED = 4000
"""The greatest dimension of pgvector's half-precision graphs; larger vectors are compared one by one."""
_STEP = 20
"""Vectors that can be compared in the time of one step through the graph.

Of 100,000 chunks with 384 dimensions, 800 steps took 120 ms, and comparing 20,000, 30,000 and 50,000
took 180, 200 and 310 ms, on two busy cores.
"""
_WIDTH = 800
"""Candidates that a walk through the graph keeps, hnsw.ef_search.

Recall@8 with 200, 400 and 800 of them was 0.993, 1.000 and 1.000 of 200,000 clustered vectors. With a
graph of 16 neighbours it was 0.983, 0.998 and 0.999 of them, and 0.745, 0.870 and 0.938 of a million,
where 8,000 candidates found no more: the walk did not reach whole clusters.
"""
_SPARE = 2
"""Times as many vectors as wanted are taken from the graph, of half precision, and compared exactly."""
_DISTANCE = "v.embedding <=> %(vector)s AS distance"


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
        """Return common table expressions that end in ``nearest (id, distance)``, best first.

        A walk takes the nearest vectors of the whole index, among which are those of the part. If
        they are too few, the part's subject is not that of the question, and the vectors of the part
        are compared one by one.
        """
        steps = self._steps(depth)
        if self._is_compared(steps):
            return self._best(self._compared)
        is_enough = f"(SELECT count(*) FROM walked) = {_SPARE} * %(depth)s"
        candidates = f"""SELECT * FROM walked WHERE {is_enough}
    UNION ALL {self._compared} AND NOT {is_enough}"""
        return f"walked AS MATERIALIZED ({self._walked(steps)}), {self._best(candidates)}"

    def _walked(self, steps: int) -> str:
        half = f"halfvec({self.catalog.state.dimension})"
        return f"""
    SELECT id, distance FROM (
        SELECT v.id, {_DISTANCE} FROM {self._table} v
        ORDER BY v.embedding::{half} <=> %(vector)s::{half} LIMIT {steps}
    ) AS near
    WHERE EXISTS (SELECT {self._visible} AND c.vector = near.id OFFSET 0)
    LIMIT {_SPARE} * %(depth)s"""

    @property
    def _compared(self) -> str:
        return f"""
    SELECT v.id, {_DISTANCE} FROM {self._table} v
    WHERE v.id IN (SELECT c.vector {self._visible})"""

    def _steps(self, depth: int) -> int:
        """Return twice the steps that find enough of a part whose chunks are scattered evenly."""
        share = self.catalog.chunks_in_part / max(1, self.catalog.count_chunks())
        return max(_WIDTH, round(2 * _SPARE * depth / share) if share else 0)

    def _is_compared(self, steps: int) -> bool:
        """Return whether comparing each vector of the part takes no longer, or there is no graph."""
        if self.catalog.state.dimension > LARGEST_INDEXED:
            return True
        return self.catalog.chunks_in_part <= _STEP * steps

    @property
    def _table(self) -> str:
        return self.catalog.state.vectors

    @staticmethod
    def _best(candidates: str) -> str:
        return f"""
nearest AS MATERIALIZED (
    SELECT id, distance FROM ({candidates}) AS candidate ORDER BY distance, id LIMIT %(depth)s
)"""

    @property
    def _visible(self) -> str:
        return f"{VISIBLE} WHERE {self.catalog.part.condition}"

    def _set_width(self, limit: int) -> None:
        width = min(1000, max(_WIDTH, _SPARE * limit))
        self.catalog.connection.execute(f"SET LOCAL hnsw.ef_search = {width}")

    def _execute(self, statement: str, **values: Any) -> Any:
        parameters = {**self.catalog.part.values, **values}
        return self.catalog.connection.execute(statement, parameters)
