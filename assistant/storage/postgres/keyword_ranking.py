"""BM25 in SQL, with the same stems, constants and choice of words as the embedded store's FTS5."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.storage.postgres.lexemes import lexeme, phrase_of
from assistant.storage.postgres.visible_part import VisiblePart

CHUNKS_SCORED = 3000
"""About as many chunks are scored for a question in an index of any size."""
_SMALL_PART = 10_000
"""Chunks of a part up to which every word counts in it, as all that have a word may be few."""


@dataclass(frozen=True, slots=True)
class KeywordRanking:
    """Words to rank by, each as its stems, and the numbers of chunks and tokens of the state.

    ``chunks_in_part`` is the number of chunks of the part, if the ranking is of one. The inverse
    frequency is that of FTS5, ``ln((N - n + 0.5) / (n + 0.5))`` and at least 1e-6, with k1 = 1.2 and
    b = 0.75.
    """

    stems: Sequence[Sequence[str]]
    chunks: int
    tokens: int
    chunks_in_part: int | None = None

    def expressions(self, part: VisiblePart) -> str:
        """Return common table expressions that end in ``ranked (id, "row", score)``.

        A word that more chunks have than the part has is looked for in the part's chunks, another
        by the index, which is of all chunks.
        """
        visible = "FROM chunks c JOIN documents d ON d.version = c.version"
        return f"""
words AS (
    SELECT number, query::tsquery AS query, lexemes, lexemes LIKE '%% %%' AS is_phrase, CASE
        WHEN lexemes LIKE '%% %%' THEN (
            SELECT count(*) {visible} WHERE c.keywords @@ query::tsquery AND {part.of_generation}
        )
        ELSE (SELECT s.chunks FROM stems s WHERE s.stem = lexemes)
    END AS hits
    FROM unnest(%(queries)s::text[], %(lexemes)s::text[]) WITH ORDINALITY
        AS word (query, lexemes, number)
    OFFSET 0
),
counted AS (
    SELECT *, row_number() OVER rarest_first AS place,
        sum(least(hits * %(share)s, %(most)s)) OVER (rarest_first ROWS UNBOUNDED PRECEDING)
            AS scored
    FROM words WHERE hits > 0
    WINDOW rarest_first AS (ORDER BY least(hits * %(share)s, %(most)s), number)
),
weighed AS MATERIALIZED (
    SELECT query, lexemes, is_phrase, hits, CASE WHEN hits * 2 >= %(chunks)s THEN 1e-6
        ELSE ln((%(chunks)s - hits + 0.5) / (hits + 0.5)) END AS weight
    FROM counted WHERE {"TRUE" if self._counts_every_word else "scored <= %(most)s OR place = 1"}
),
{self._matched(part)},
ranked AS (
    SELECT id, "row", sum(weight * frequency * 2.2 / (frequency + 1.2 * (
        0.25 + 0.75 * tokens / %(average)s
    )))::float8 AS score
    FROM matched GROUP BY id, "row"
)"""

    def _matched(self, part: VisiblePart) -> str:
        matching = """
    SELECT c.id, c."row", c.tokens, w.weight, CASE
        WHEN is_phrase THEN occurrences(c.keywords, string_to_array(w.lexemes, ' '))
        ELSE coalesce((c.repeated ->> w.lexemes)::bigint, 1)
    END AS frequency"""
        by_index = f"""{matching}
    FROM weighed w JOIN chunks c ON c.keywords @@ w.query
    JOIN documents d ON d.version = c.version WHERE {part.condition}"""
        if self.chunks_in_part is None:
            return f"matched AS MATERIALIZED ({by_index})"
        return f"""
in_part AS MATERIALIZED (
    SELECT c.id, c."row", c.tokens, c.keywords, c.repeated
    FROM chunks c JOIN documents d ON d.version = c.version
    WHERE {part.condition} AND EXISTS (SELECT FROM weighed WHERE hits > %(in_part)s)
),
matched AS MATERIALIZED ({by_index} AND w.hits <= %(in_part)s
    UNION ALL {matching}
    FROM weighed w JOIN in_part c ON c.keywords @@ w.query WHERE w.hits > %(in_part)s
)"""

    @property
    def _counts_every_word(self) -> bool:
        return self.chunks_in_part is not None and self.chunks_in_part <= _SMALL_PART

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the expressions."""
        return {
            "queries": [phrase_of(stems) for stems in self.stems],
            "lexemes": [" ".join(map(lexeme, stems)) for stems in self.stems],
            "chunks": float(self.chunks),
            "average": self.tokens / max(1, self.chunks),
            "most": CHUNKS_SCORED,
            "in_part": self.chunks_in_part or 0,
            "share": 1.0
            if self.chunks_in_part is None
            else self.chunks_in_part / max(1, self.chunks),
        }
