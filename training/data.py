"""Read question-answering rows: questions, passages, every place of an answer, labelled statements."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INFORMAL = frozenset({"reddit", "amazon"})
"""Sources in which every passage is a text of its own, without a name."""
SUPPORTED, CONTRADICTED, NOT_SAID = range(3)
"""What a passage does with a statement."""

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its passage, or one statement with its passage.

    ``spans`` are the (start, end) characters of the answers in the context, ``evidence`` those of
    the sentences that show the answer (``None``: not known). ``header`` is the title and the
    headings above the passage. ``points`` is False where the answer is no span of the passage.
    ``label`` is set for statements alone: `SUPPORTED`, `CONTRADICTED` or `NOT_SAID`.
    """

    id: str
    source: str
    title: str
    question: str
    context: str
    answers: tuple[str, ...]
    spans: Spans
    header: str = ""
    evidence: Spans | None = None
    points: bool = True
    label: int | None = None

    @property
    def answerable(self) -> bool:
        return bool(self.answers)


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of a ``.jsonl.gz`` file."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_rows(path: Path) -> list[Row]:
    """Return the rows of a ``.jsonl.gz`` file, with every place where an annotated answer occurs."""
    return [to_row(record) for record in read_records(path)]


def to_row(record: dict[str, Any]) -> Row:
    """Return a record as a row.

    The SQuAD rows give the first occurrence of an answer, which need not be the annotated one, so
    every occurrence counts there.
    """
    context = str(record["context"])
    source = str(record.get("source") or record.get("set"))
    texts = tuple(str(answer["text"]) for answer in record["answers"])
    spans: list[tuple[int, int]] = []
    for answer in record["answers"]:
        text, start = str(answer["text"]), int(answer["start"])
        found = occurrences(context, text) if source.startswith(("squad", "xquad")) else []
        if not found and context[start : start + len(text)] == text:
            found = [(start, start + len(text))]
        spans.extend(found)
    return Row(
        id=str(record.get("id", "")),
        source=source,
        title=str(record["title"]),
        question=str(record["question"]).strip(),
        context=context,
        answers=texts,
        spans=tuple(sorted(set(spans))),
    )


def occurrences(text: str, part: str) -> list[tuple[int, int]]:
    """Return where `part` occurs in `text` as whole words, as (start, end) characters.

    >>> occurrences("a cat, a caterpillar, a cat", "cat")
    [(2, 5), (24, 27)]
    """
    left = r"(?<!\w)" if part[:1].isalnum() else ""
    right = r"(?!\w)" if part[-1:].isalnum() else ""
    return [match.span() for match in re.finditer(left + re.escape(part) + right, text)]
