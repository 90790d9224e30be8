"""Measure a reading model on questions in their own paragraph: SQuAD 2.0's figures, int8, speed."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.models.bundled_reader import BundledReader
from assistant.types import WindowText
from training.data import SUPPORTED, Row, read_rows
from training.metrics import auroc, best_threshold, exact, f1
from training.reading import Reading, TorchEngine, Weights, read_rows_with
from training.retrieved import READ
from training.sets import halves, read_written_statements, with_header
from training.train import STATEMENTS_SEED

ANSWERS_ALONE = {"answers": 1.0, "bias": 0.0}
LENGTH = 170
"""Tokens of the windows that are timed: a chunk of the default size with headings and question."""


def pair_figures(
    rows: Sequence[Row], readings: Sequence[Reading], weights: Weights
) -> dict[str, float]:
    """Return how well each question is answered in its own paragraph.

    Without abstention, and with the best threshold on the probability.
    """
    answerable = np.array([row.answerable for row in rows])
    texts = [row.context[one.start : one.end] for row, one in zip(rows, readings, strict=True)]
    overlaps = np.array([f1(text, row.answers) for text, row in zip(texts, rows, strict=True)])
    matches = np.array([exact(text, row.answers) for text, row in zip(texts, rows, strict=True)])
    sure = np.array([reading.logit(weights) for reading in readings])
    best_f1, threshold = best_threshold(overlaps, answerable, sure)
    best_exact, _ = best_threshold(matches, answerable, sure)
    made = {
        "questions": float(len(rows)),
        "f1_answerable": float(overlaps[answerable].mean()),
        "exact_answerable": float(matches[answerable].mean()),
        "best_f1": best_f1,
        "best_exact": best_exact,
        "best_f1_probability": float(1 / (1 + np.exp(-threshold))),
        "auroc": auroc(sure[answerable].tolist(), sure[~answerable].tolist()),
    }
    for name in readings[0].scores:
        scores = np.array([reading.scores[name] for reading in readings])
        made[f"auroc_{name}_alone"] = auroc(
            scores[answerable].tolist(), scores[~answerable].tolist()
        )
    return made


def statement_figures(reader: BundledReader, rows: Sequence[Row]) -> dict[str, float]:
    """Return how well held-out statements are judged: the right one of three, and supported or not."""
    judged = [
        reader.support(row.question, [WindowText(row.header, row.context)])[0] for row in rows
    ]
    shares = [(one.supported, one.contradicted, one.not_said) for one in judged]
    right = [int(np.argmax(some)) == row.label for some, row in zip(shares, rows, strict=True)]
    pairs = list(zip(judged, rows, strict=True))
    supported = [one.supported for one, row in pairs if row.label == SUPPORTED]
    others = [one.supported for one, row in pairs if row.label != SUPPORTED]
    return {
        "statements": float(len(rows)),
        "right": float(np.mean(right)),
        "auroc": auroc(supported, others),
    }


def speed(reader: BundledReader, *, rounds: int = 20) -> dict[str, float]:
    """Return median milliseconds: a window on one thread, and those of a question on all."""
    words = " ".join(["water"] * (LENGTH - 17))
    passages = [WindowText("A handbook of pumps", f"{words} {number}") for number in range(READ)]
    spent: dict[int, list[float]] = {1: [], READ: []}
    for number in range(rounds + 2):
        for count, times in spent.items():
            begun = time.perf_counter()
            reader.read(f"How much water does pump {number} raise?", passages[:count])
            if number >= 2:  # the first two warm up
                times.append(1000 * (time.perf_counter() - begun))
    return {f"read_{count}": statistics.median(times) for count, times in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.jsonl.gz")
    parser.add_argument("--reader", type=Path, required=True, help="folder that export.py wrote")
    parser.add_argument("--against", type=Path, help="the checkpoint in fp32, to compare with")
    parser.add_argument("--questions", type=int, default=100_000, help="at most")
    parser.add_argument("--out", type=Path, help="where the figures are written as JSON")
    given = parser.parse_args()
    reader = BundledReader(given.reader)
    weights = json.loads((given.reader / "reader.json").read_bytes())["calibration"]
    rows = [with_header(row) for row in read_rows(given.data / "validation.jsonl.gz")]
    rows = random.Random(1).sample(rows, min(given.questions, len(rows)))
    readings = read_rows_with(reader, rows, weights)
    made: dict[str, object] = {"int8": pair_figures(rows, readings, weights)}
    if given.against:
        exactly = read_rows_with(TorchEngine(given.against), rows, weights)
        made["fp32"] = pair_figures(rows, exactly, weights)
    _, statements = halves(read_written_statements(given.data), STATEMENTS_SEED)
    made["statements"] = statement_figures(reader, statements[: given.questions])
    made["milliseconds"] = speed(reader)
    text = json.dumps(made, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
