"""Read every public set that the reading model learns from, each in its own share."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from pathlib import Path

from training.data import (
    CONTRADICTED,
    NOT_SAID,
    SUPPORTED,
    Row,
    read_records,
    to_row,
)

_NAMELESS = frozenset({"flan_eval", "cs224n_val", "cs224n_small", "reqa", "ropes", "unansq_dev"})
"""Titles that name the set instead of the text."""


@dataclass(frozen=True, slots=True)
class PublicSet:
    """A file of reading rows: the share of it that an epoch has, and what its answers are."""

    name: str
    share: float
    sentences: bool = False
    """Whether the answers are whole sentences: evidence, not the words asked for."""


PUBLIC_SETS = (
    PublicSet("squad_train_du44", 1.0),
    PublicSet("squad_train_recovered", 1.0),
    PublicSet("squad_train_cs224n", 1.0),
    PublicSet("squad_train_reqa", 0.5),
    PublicSet("squad2_unansq_pairs", 1.0),
    PublicSet("squad2_unansq_lower", 1.0),
    PublicSet("nq_qed", 1.0),
    PublicSet("nq_litm_oracle", 1.0),
    PublicSet("selqa_sentence", 1.0, sentences=True),
    PublicSet("onestopqa_evidence", 1.0, sentences=True),
    PublicSet("bioasq_snippet", 0.5, sentences=True),
    PublicSet("bioasq_factoid", 1.0),
    PublicSet("fairytaleqa", 0.8),
    PublicSet("ropes", 0.08),
    PublicSet("quoref_contrast", 1.0),
    PublicSet("quotesum_dev", 1.0),
    PublicSet("qamr", 0.04),
    PublicSet("policyqa", 0.12),
    PublicSet("disflqa_squad_dev", 0.15),
)
_SUPPORT = {
    "SUPPORTS": SUPPORTED,
    "REFUTES": CONTRADICTED,
    "Fully attributable": SUPPORTED,
    "Not fully attributable": NOT_SAID,
    "supported": SUPPORTED,
    "partially_supported": NOT_SAID,
    "not_supported": NOT_SAID,
    "entailment": SUPPORTED,
    "not_entailment": NOT_SAID,
}
_WRITTEN_SUPPORT = {
    "supported": SUPPORTED,
    "contradicted": CONTRADICTED,
    "not said": NOT_SAID,
}


def read_set(data: Path, chosen: PublicSet) -> list[Row]:
    """Return all rows of a public set, with the title as header where it names the text."""
    rows = [to_row(record) for record in read_records(data / "more" / f"{chosen.name}.jsonl.gz")]
    return [
        replace(with_header(row), evidence=row.spans if chosen.sentences else None)
        for row in rows
        if row.spans or not row.answers
    ]


def with_header(row: Row) -> Row:
    """Return the row with its title in front, as words."""
    title = row.title.replace("_", " ").strip()
    is_name = row.title not in _NAMELESS and not title.isdigit() and row.source != "qamr"
    return replace(row, header=title if is_name else "")


def read_yes_no(data: Path) -> list[Row]:
    """Return yes/no questions over their evidence; no words of it are the answer."""
    rows = []
    for record in read_records(data / "more" / "yesno_evidence.jsonl.gz"):
        if not str(record["set"]).startswith("boolq"):
            continue
        title, _, text = str(record["evidence"][0]).partition(" -- ")
        rows.append(
            Row(
                id="",
                source=str(record["set"]),
                title=title,
                question=str(record["question"]),
                context=text or title,
                answers=(str(record["answer"]),),
                spans=(),
                header=title if text else "",
                points=False,
            )
        )
    return rows


def read_statements(data: Path) -> list[Row]:
    """Return the public pairs of passage and statement with a known label."""
    rows = []
    for record in read_records(data / "more" / "support_pairs.jsonl.gz"):
        passage = record.get("premise") or record.get("knowledge") or record.get("evidence")
        sentence = record.get("hypothesis") or record.get("response") or record.get("claim")
        if record["label"] in _SUPPORT and passage and sentence:
            rows.append(statement(passage, sentence, _SUPPORT[record["label"]], record["set"]))
    return rows


def read_written_statements(data: Path) -> list[Row]:
    """Return the statements written for this product, with their passages and titles."""
    return [
        replace(
            statement(
                record["passage"],
                record["sentence"],
                _WRITTEN_SUPPORT[record["label"]],
                record["how"],
            ),
            title=record["title"],
            header=record["title"],
        )
        for record in read_records(data / "support_written.jsonl.gz")
    ]


def statement(passage: str, sentence: str, label: int, source: str) -> Row:
    """Return a row that asks whether the passage supports the sentence."""
    return Row("", source, "", sentence, passage, (), (), points=False, label=label)


def halves(rows: list[Row], seed: int) -> tuple[list[Row], list[Row]]:
    """Return the statements to learn from and those to measure on, split by passage."""
    draw = random.Random(seed)
    passages = sorted({row.context for row in rows})
    held = set(draw.sample(passages, len(passages) // 2))
    return [r for r in rows if r.context not in held], [r for r in rows if r.context in held]
