"""Fits the probability that a passage answers, on the validation split, into `reader.json`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from training.data import Row, read_rows
from training.features import Featurizer, load_tokenizer
from training.reading import Reading, Weights, load_engine, read_pairs

Floats: TypeAlias = NDArray[np.float64]


def fit(readings: Sequence[Reading], labels: Sequence[bool], *, ridge: float = 1e-3) -> Weights:
    """Logistic regression on `answers` and `margin` by Newton's method, with a slight ridge."""
    inputs = np.array([[one.answers, one.margin, 1.0] for one in readings])
    right = np.asarray(labels, float)
    weights: Floats = np.zeros(3)
    for _ in range(50):
        chance = 1 / (1 + np.exp(-inputs @ weights))
        slope = inputs.T @ (chance - right) + ridge * weights
        bend = (inputs * (chance * (1 - chance))[:, None]).T @ inputs + ridge * np.eye(3)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-9:
            break
    return Weights(*(float(weight) for weight in weights))


def probabilities(readings: Sequence[Reading], weights: Weights) -> Floats:
    logits: Floats = np.array([weights.logit(one) for one in readings])
    chances: Floats = 1 / (1 + np.exp(-logits))
    return chances


def calibration_error(chances: Floats, labels: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error: the mean gap between said and seen over equally full bins."""
    order = np.argsort(chances, kind="stable")
    right = np.asarray(labels, float)
    gaps = [
        abs(chances[part].mean() - right[part].mean()) * len(part)
        for part in np.array_split(order, bins)
    ]
    return float(sum(gaps) / len(order))


def across_articles(rows: Sequence[Row], readings: Sequence[Reading]) -> Floats:
    """Each row's probability by weights that were fitted on the other articles only."""
    chances = np.zeros(len(rows))
    for title in sorted({row.title for row in rows}):
        rest = [place for place, row in enumerate(rows) if row.title != title]
        here = [place for place, row in enumerate(rows) if row.title == title]
        weights = fit([readings[p] for p in rest], [rows[p].answerable for p in rest])
        chances[here] = probabilities([readings[p] for p in here], weights)
    return chances


def load_weights(path: Path) -> Weights:
    """The calibration in a `reader.json`."""
    return Weights(**json.loads(path.read_text(encoding="utf-8"))["calibration"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.jsonl.gz")
    parser.add_argument("--out", type=Path, required=True, help="folder that export.py wrote")
    given = parser.parse_args()
    rows = read_rows(given.data / "validation.jsonl.gz")
    featurizer = Featurizer(load_tokenizer(given.out / "tokenizer.json"))
    pairs = [(row.question, row.context) for row in rows]
    readings = read_pairs(load_engine(given.out / "model.onnx"), featurizer, pairs, Weights())
    labels = [row.answerable for row in rows]
    weights = fit(readings, labels)
    path = given.out / "reader.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    described["calibration"] = {
        "answers": weights.answers,
        "margin": weights.margin,
        "bias": weights.bias,
    }
    path.write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")
    print(
        json.dumps(
            {
                **described["calibration"],
                "calibration_error": calibration_error(probabilities(readings, weights), labels),
                "calibration_error_across_articles": calibration_error(
                    across_articles(rows, readings), labels
                ),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
