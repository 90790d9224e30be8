"""Read windows with a torch checkpoint or the exported files, in the same steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import torch

from assistant.models.bundled_reader import BundledReader, Outputs
from assistant.models.windows import Window
from assistant.types import WindowText
from training.data import Row
from training.features import Featurizer, load_tokenizer
from training.network import encoder_folder, load_reader, load_state

BIAS = "bias"
Weights = Mapping[str, float]
"""The logistic regression that makes one probability of the scores of a window, with its bias."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The best span of a passage, in characters, and the scores of its likeliest window."""

    start: int
    end: int
    scores: Mapping[str, float]

    def logit(self, weights: Weights) -> float:
        """Return the weighted sum of the scores; one that the reader lacks counts nothing."""
        return weights[BIAS] + sum(
            weights.get(name, 0.0) * value for name, value in self.scores.items()
        )


class Engine(Protocol):
    """Runs the model; `BundledReader` is one."""

    def windows(self, question: str, passages: Sequence[WindowText]) -> list[list[Window]]: ...
    def outputs(self, windows: Sequence[Window]) -> list[Outputs]: ...


class TorchEngine:
    """Runs a checkpoint in fp32, window by window."""

    def __init__(self, checkpoint: Path) -> None:
        self._reader = load_reader(load_state(checkpoint))
        self._featurizer = Featurizer(load_tokenizer(encoder_folder() / "tokenizer.json"))

    def windows(self, question: str, passages: Sequence[WindowText]) -> list[list[Window]]:
        return [
            self._featurizer.windows(question, passage.text, header=passage.header)
            for passage in passages
        ]

    def outputs(self, windows: Sequence[Window]) -> list[Outputs]:
        return [self._read(window) for window in windows]

    @torch.inference_mode()
    def _read(self, window: Window) -> Outputs:
        ids = torch.tensor([window.ids])
        kinds = (torch.arange(ids.shape[1]) >= window.passage_start).long().unsqueeze(0)
        found = self._reader(ids, torch.ones_like(ids), kinds)
        evidence = found.evidence[0].numpy()
        scores = {
            "answers": found.answers.item(),
            "margin": (torch.logsumexp(found.span.flatten(1), 1) - found.null).item(),
            "evidence": float(evidence[window.passage_start : -1].max()),
        }
        return Outputs(found.span[0].numpy(), scores, evidence, found.support[0].numpy())


def load_engine(path: Path) -> Engine:
    """Return what runs a checkpoint (`.pt`), or the exported files in a folder."""
    return TorchEngine(path) if path.suffix == ".pt" else BundledReader(path)


def reading_of(window: Window, outputs: Outputs) -> Reading:
    """Return the best span of a window and its scores."""
    first, last = divmod(int(outputs.span.argmax()), outputs.span.shape[1])
    return Reading(*window.characters(first, last), outputs.scores)


def read_rows_with(
    engine: Engine, rows: Sequence[Row], weights: Weights, *, at_once: int = 64
) -> list[Reading]:
    """Return one reading a row: of a long passage, that of the window likeliest to answer."""
    readings: list[Reading] = []
    for first in range(0, len(rows), at_once):
        part = rows[first : first + at_once]
        cut = [
            engine.windows(row.question, [WindowText(row.header, row.context)])[0] for row in part
        ]
        windows = [window for some in cut for window in some]
        read = iter(zip(windows, engine.outputs(windows), strict=True))
        for some in cut:
            found = [reading_of(*next(read)) for _ in some]
            readings.append(max(found, key=lambda reading: reading.logit(weights)))
    return readings
