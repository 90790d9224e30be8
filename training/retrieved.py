"""Ask held-out questions as the product does: retrieve over documents, read the best windows.

The written questions are asked over ten documents each, the public ones over all paragraphs of
their article. Questions about other documents are asked beside them.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.models.bundled_encoder import BundledEncoder
from assistant.models.bundled_reader import BundledReader
from assistant.types import WindowText
from training.data import Row, read_records, read_rows
from training.documents import Asked, asked_over, groups, read_written
from training.reading import Reading, reading_of

CHUNK_TOKENS = 128
"""The product's default."""
READ = 12
"""Windows of a question that the product reads."""
ELSEWHERE = 0.15
"""Questions about other documents, for each question."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A window that was retrieved, and what was read of it.

    ``place`` counts from 1. ``coverage`` is the share of the question's weight in the window.
    """

    row: Row
    reading: Reading
    place: int = 1
    coverage: float = 0.0

    @property
    def answers(self) -> bool:
        return bool(self.row.spans)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its candidates, the best first as retrieved.

    ``group`` names its documents; no two groups share one. ``kind`` is the type of the written
    question, "public", or "elsewhere" for a question about other documents.
    """

    row: Row
    group: str
    kind: str
    candidates: tuple[Candidate, ...]

    @property
    def answerable(self) -> bool:
        return self.row.answerable


def ask_all(reader: BundledReader, data: Path, count: int, seed: int = 1) -> list[Question]:
    """Ask `count` written questions and as many public ones, or all if there are fewer."""
    written = groups(read_written(data / "written_validation.jsonl.gz"), seed)
    public = by_article(read_rows(data / "validation.jsonl.gz"))
    records = read_records(data / "written_validation.jsonl.gz")
    kinds = {str(record["id"]): str(record["type"]) for record in records}
    return [
        *_ask("written", reader, written, count, kinds, seed),
        *_ask("public", reader, public, count, {}, seed),
    ]


def by_article(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows in groups of one article, with its title as words."""
    made: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        made[row.title].append(replace(row, title=row.title.replace("_", " ")))
    return list(made.values())


def _ask(
    name: str,
    reader: BundledReader,
    parts: Sequence[list[Row]],
    count: int,
    kinds: dict[str, str],
    seed: int,
) -> list[Question]:
    draw = random.Random(seed)
    everything = [row for part in parts for row in part]
    chosen = set(draw.sample(range(len(everything)), min(count, len(everything))))
    encoder, made, place = BundledEncoder(), list[Question](), 0
    for number, part in enumerate(parts):
        own = [row for at, row in enumerate(part, place) if at in chosen]
        place += len(part)
        contexts = {row.context for row in part}
        others = [row for row in everything if row.answerable and row.context not in contexts]
        foreign = [
            replace(row, answers=(), spans=())
            for row in draw.sample(others, round(ELSEWHERE * len(own)))
        ]
        asked = asked_over(part, encoder, CHUNK_TOKENS, seed, near=READ, asked=[*own, *foreign])
        for row, one in zip([*own, *foreign], asked, strict=True):
            kind = kinds.get(row.id, name) if row.context in contexts else "elsewhere"
            if one.windows:
                made.append(Question(row, f"{name} {number}", kind, candidates_of(reader, one)))
    return made


def candidates_of(reader: BundledReader, asked: Asked) -> tuple[Candidate, ...]:
    """Return the windows of a question as retrieved, with what the reader says; a chunk fits in one."""
    found = zip(asked.ranks, asked.windows, asked.coverages, strict=True)
    ranked = sorted(found, key=lambda one: one[0])
    rows = [row for _, row, _ in ranked]
    texts = [WindowText(row.header, row.context) for row in rows]
    windows = [some[0] for some in reader.windows(asked.question, texts)]
    return tuple(
        Candidate(row, reading_of(window, outputs), rank + 1, coverage)
        for (rank, row, coverage), window, outputs in zip(
            ranked, windows, reader.outputs(windows), strict=True
        )
    )
