"""Draw the training curve, and how far the probabilities of the reader can be trusted."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

mpl.rcParams["svg.hashsalt"] = "reader"  # the same file for the same figures
_METADATA = {"Date": None}
_CURVES = (
    ("first", "right window first"),
    ("auroc_written", "AUROC, written questions"),
    ("auroc_squad", "AUROC, public questions"),
    ("auroc_statements", "AUROC, statements"),
)


def training_curve(log: Sequence[dict[str, float]]) -> Figure:
    """Draw the loss, and the figures on held-out questions, against the steps."""
    figure = Figure(figsize=(7, 3), layout="constrained")
    left, right = figure.subplots(1, 2)
    losses = [line for line in log if "loss" in line]
    left.plot([line["step"] for line in losses], [line["loss"] for line in losses])
    left.set(xlabel="step", ylabel="loss", ylim=(0, None))
    checks = [line for line in log if "first" in line]
    for key, label in _CURVES:
        steps = [line["step"] for line in checks]
        right.plot(steps, [line[key] for line in checks], marker=".", label=label)
    right.set(xlabel="step", title="held-out questions")
    right.legend()
    return figure


def reliability_figure(bins: dict[str, Sequence[tuple[float, float, int]]]) -> Figure:
    """Draw, for each set, the share that is right against the probability of the likeliest window."""
    figure = Figure(figsize=(3.5, 3), layout="constrained")
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], color="0.8")
    for name, points in bins.items():
        said, seen, _ = zip(*points, strict=True)
        axes.plot(said, seen, marker="o", label=name)
    axes.set(xlabel="probability said", ylabel="share right", xlim=(0, 1), ylim=(0, 1))
    axes.legend()
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True, help="what train.py printed")
    parser.add_argument("--figures", type=Path, required=True, help="what calibrate.py wrote")
    parser.add_argument("--out", type=Path, required=True, help="folder that export.py wrote")
    given = parser.parse_args()
    lines = given.log.read_text(encoding="utf-8").splitlines()
    log = [json.loads(line) for line in lines if line.startswith("{")]
    training_curve(log).savefig(given.out / "training.svg", metadata=_METADATA)
    figures = json.loads(given.figures.read_bytes())
    bins = {f"{name} questions": figures[name]["reliability"] for name in ("written", "public")}
    reliability_figure(bins).savefig(given.out / "reliability.svg", metadata=_METADATA)


if __name__ == "__main__":
    main()
