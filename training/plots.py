"""Draws the training curve, and the shipped model's risk against coverage."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from training.calibrate import load_weights, probabilities
from training.data import Row, read_rows
from training.features import Featurizer, load_tokenizer
from training.metrics import f1
from training.reading import Reading, load_engine, read_pairs

Floats: TypeAlias = NDArray[np.float64]

mpl.rcParams["svg.hashsalt"] = "reader"  # the same file for the same figures
_METADATA = {"Date": None}


def training_curve(log: Sequence[dict[str, float]]) -> Figure:
    """The loss, and on held-out articles F1 and AUROC, against the steps."""
    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    losses = [line for line in log if "loss" in line]
    left.plot([line["step"] for line in losses], [line["loss"] for line in losses])
    left.set(xlabel="step", ylabel="loss", ylim=(0, None))
    checks = [line for line in log if "f1_answerable" in line]
    for key, label in (
        ("f1_answerable", "F1, answerable"),
        ("auroc_answers", "AUROC, answers"),
        ("auroc_margin", "AUROC, margin"),
    ):
        steps = [line["step"] for line in checks]
        right.plot(steps, [line[key] for line in checks], marker=".", label=label)
    right.set(xlabel="step", title="held-out training articles")
    right.legend()
    return figure


def risk_against_coverage(chances: Floats, gains: Floats) -> tuple[Floats, Floats]:
    """The share of questions answered, and 1 - the mean gain of those, as the threshold falls."""
    order = np.argsort(-chances, kind="stable")
    answered = np.arange(1, len(order) + 1)
    return answered / len(order), 1 - np.cumsum(gains[order]) / answered


def risk_figure(rows: Sequence[Row], readings: Sequence[Reading], chances: Floats) -> Figure:
    """Risk is 1 - F1; an answer to a question that has none is all wrong."""
    gains = np.array(
        [
            f1(row.context[one.start : one.end], row.answers) if row.answerable else 0.0
            for row, one in zip(rows, readings, strict=True)
        ]
    )
    known = np.array([row.answerable for row in rows])
    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    for label, kept in (("all questions", known | True), ("answerable ones", known)):
        coverage, risk = risk_against_coverage(chances[kept], gains[kept])
        left.plot(coverage, risk, label=label)
    left.set(xlabel="coverage", ylabel="risk (1 - F1)", xlim=(0, 1), ylim=(0, None))
    left.legend()
    parts = np.array_split(np.argsort(chances, kind="stable"), 10)
    said = [chances[part].mean() for part in parts]
    seen = [known[part].mean() for part in parts]
    right.plot([0, 1], [0, 1], color="0.8")
    right.plot(said, seen, marker="o")
    right.set(xlabel="probability said", ylabel="share answerable", xlim=(0, 1), ylim=(0, 1))
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with validation.jsonl.gz")
    parser.add_argument("--log", type=Path, required=True, help="what train.py printed")
    parser.add_argument("--out", type=Path, required=True, help="folder that export.py wrote")
    given = parser.parse_args()
    lines = given.log.read_text(encoding="utf-8").splitlines()
    log = [json.loads(line) for line in lines if line.startswith("{")]
    training_curve(log).savefig(given.out / "training.svg", metadata=_METADATA)
    rows = read_rows(given.data / "validation.jsonl.gz")
    featurizer = Featurizer(load_tokenizer(given.out / "tokenizer.json"))
    weights = load_weights(given.out / "reader.json")
    pairs = [(row.question, row.context) for row in rows]
    readings = read_pairs(load_engine(given.out / "model.onnx"), featurizer, pairs, weights)
    chances = probabilities(readings, weights)
    risk_figure(rows, readings, chances).savefig(given.out / "risk.svg", metadata=_METADATA)


if __name__ == "__main__":
    main()
