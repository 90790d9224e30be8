"""BM25 in SQL, with the same stems, constants and choice of words as the embedded store's FTS5."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.storage.postgres.lexemes import lexeme, phrase_of
from assistant.storage.postgres.visible_part import VisiblePart

CHUNKS_SCORED = 3000
"""About as many chunks are scored for a question in an index of any size."""


@dataclass(frozen=True, slots=True)
class KeywordRanking:
    """Words to rank by, each as its stems, and the numbers of chunks and tokens of the state.

    The inverse frequency is that of FTS5, ``ln((N - n + 0.5) / (n + 0.5))`` and at least 1e-6,
    with k1 = 1.2 and b = 0.75.
    """

    stems: Sequence[Sequence[str]]
    chunks: int
    tokens: int

    def expressions(self, part: VisiblePart) -> str:
        """Return common table expressions that end in ``ranked (id, "row", score)``.

        In a part every word counts, as all its chunks may be few.
        """
        chosen = "TRUE" if part.path else "scored <= %(most)s OR place = 1"
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
        sum(least(hits, %(most)s)) OVER (rarest_first ROWS UNBOUNDED PRECEDING) AS scored
    FROM words WHERE hits > 0
    WINDOW rarest_first AS (ORDER BY least(hits, %(most)s), number)
),
weighed AS MATERIALIZED (
    SELECT query, lexemes, is_phrase, CASE WHEN hits * 2 >= %(chunks)s THEN 1e-6
        ELSE ln((%(chunks)s - hits + 0.5) / (hits + 0.5)) END AS weight
    FROM counted WHERE {chosen}
),
matched AS MATERIALIZED (
    SELECT c.id, c."row", c.tokens, w.weight, CASE
        WHEN is_phrase THEN occurrences(c.keywords, string_to_array(w.lexemes, ' '))
        ELSE coalesce((c.repeated ->> w.lexemes)::bigint, 1)
    END AS frequency
    FROM weighed w JOIN chunks c ON c.keywords @@ w.query
    JOIN documents d ON d.version = c.version
    WHERE {part.condition}
),
ranked AS (
    SELECT id, "row", sum(weight * frequency * 2.2 / (frequency + 1.2 * (
        0.25 + 0.75 * tokens / %(average)s
    )))::float8 AS score
    FROM matched GROUP BY id, "row"
)"""

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the expressions."""
        return {
            "queries": [phrase_of(stems) for stems in self.stems],
            "lexemes": [" ".join(map(lexeme, stems)) for stems in self.stems],
            "chunks": float(self.chunks),
            "average": self.tokens / max(1, self.chunks),
            "most": CHUNKS_SCORED,
        }
