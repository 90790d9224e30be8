"""Averages a run's weights with those that it went on from.

A point between the two reads unseen articles better than either (model soups, Wortsman et al. 2022).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor

from training.shipped import starting_weights


def average(
    later: dict[str, Tensor], earlier: dict[str, Tensor], share: float
) -> dict[str, Tensor]:
    """The weighted mean, ``share`` of it from ``earlier``; what is no float is the later one's.

    Raises `KeyError` if ``earlier`` lacks a weight of ``later``.
    """
    return {
        name: weight.lerp(earlier[name], share) if weight.is_floating_point() else weight
        for name, weight in later.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="what train.py wrote")
    parser.add_argument(
        "--start", type=Path, required=True, help="model.onnx or checkpoint that it went on from"
    )
    parser.add_argument("--share", type=float, default=0.3, help="of the earlier weights, 0 to 1")
    parser.add_argument("--out", type=Path, required=True, help="the checkpoint to write")
    given = parser.parse_args()
    later = starting_weights(given.checkpoint)
    torch.save({"model": average(later, starting_weights(given.start), given.share)}, given.out)


if __name__ == "__main__":
    main()
