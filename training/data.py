"""Reads question-answering rows, with every place where an annotated answer stands."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path

INFORMAL = frozenset({"reddit", "amazon"})
"""Sources whose every passage is a text of its own, by no one's name."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its passage; `spans` are (start, end) characters of the context."""

    id: str
    source: str
    title: str
    question: str
    context: str
    answers: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def answerable(self) -> bool:
        return bool(self.answers)


def read_rows(path: Path) -> list[Row]:
    """The rows of a `.jsonl.gz` file, with every place where an annotated answer stands."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_row(json.loads(line)) for line in lines]


def _row(record: dict[str, object]) -> Row:
    context = str(record["context"])
    source = str(record["source"])
    answers = record["answers"]
    assert isinstance(answers, list)
    texts = tuple(str(answer["text"]) for answer in answers)
    spans: list[tuple[int, int]] = []
    for answer in answers:
        text, start = str(answer["text"]), int(answer["start"])
        # The SQuAD rows give the first occurrence, which need not be the annotated one.
        found = occurrences(context, text) if source.startswith("squad") else []
        if not found and context[start : start + len(text)] == text:
            found = [(start, start + len(text))]
        spans.extend(found)
    return Row(
        id=str(record["id"]),
        source=source,
        title=str(record["title"]),
        question=str(record["question"]).strip(),
        context=context,
        answers=texts,
        spans=tuple(sorted(set(spans))),
    )


def occurrences(text: str, part: str) -> list[tuple[int, int]]:
    """Where `part` stands in `text` as whole words, as (start, end) characters.

    >>> occurrences("a cat, a caterpillar, a cat", "cat")
    [(2, 5), (24, 27)]
    """
    left = r"(?<!\w)" if part[:1].isalnum() else ""
    right = r"(?!\w)" if part[-1:].isalnum() else ""
    return [match.span() for match in re.finditer(left + re.escape(part) + right, text)]
