"""Reads questions and passages with a torch checkpoint or the exported file, in the same steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.models.bundled_reader import Window, padded
from training.features import Featurizer

Floats: TypeAlias = NDArray[np.float32]
Inputs: TypeAlias = dict[str, NDArray[np.int64]]


class Engine(Protocol):
    """Runs the model: `span` (batch, length, length), `margin` and `answers` (batch)."""

    def __call__(self, inputs: Inputs) -> tuple[Floats, Floats, Floats]: ...


@dataclass(frozen=True, slots=True)
class Reading:
    """The best span of a passage, in characters, and the two scores that it answers at all."""

    start: int
    end: int
    span: float
    margin: float
    answers: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The logistic regression that makes one probability of the two scores."""

    answers: float = 0.5
    margin: float = 0.5
    bias: float = 0.0

    def logit(self, reading: Reading) -> float:
        return self.answers * reading.answers + self.margin * reading.margin + self.bias


def onnx_engine(path: Path, threads: int = 2) -> Engine:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def run(inputs: Inputs) -> tuple[Floats, Floats, Floats]:
        span, margin, answers = session.run(["span", "margin", "answers"], inputs)
        return span, margin, answers

    return run


def torch_engine(checkpoint: Path) -> Engine:
    import torch

    from training.network import load_reader

    reader = load_reader(checkpoint)
    reader.encoder.set_attn_implementation("sdpa")  # the faster one for fp32 without gradients

    @torch.inference_mode()
    def run(inputs: Inputs) -> tuple[Floats, Floats, Floats]:
        tensors = {name: torch.from_numpy(array) for name, array in inputs.items()}
        span, null, answers, *_ = reader(**tensors)
        margin = torch.logsumexp(span.flatten(1), 1) - null
        return span.numpy(), margin.numpy(), answers.numpy()

    return run


def load_engine(path: Path) -> Engine:
    """By the file's ending: `.onnx` is run by onnxruntime, anything else is a torch checkpoint."""
    return onnx_engine(path) if path.suffix == ".onnx" else torch_engine(path)


def read_windows(engine: Engine, windows: Sequence[Window]) -> list[Reading]:
    """One reading a window."""
    spans, margins, answers = engine(padded(windows))
    readings = []
    for window, span, margin, answer in zip(windows, spans, margins, answers, strict=True):
        first, last = np.unravel_index(int(span.argmax()), span.shape)
        start = window.offsets[int(first) - window.passage_start][0]
        end = window.offsets[int(last) - window.passage_start][1]
        readings.append(Reading(start, end, float(span[first, last]), float(margin), float(answer)))
    return readings


def read_pairs(
    engine: Engine,
    featurizer: Featurizer,
    pairs: Sequence[tuple[str, str]],
    weights: Weights,
) -> list[Reading]:
    """One reading a (question, passage): of a long passage, that of the window likeliest to answer.

    Each window is read by itself, as the product does.
    """
    return [
        max(
            (read_windows(engine, [window])[0] for window in featurizer.windows(question, passage)),
            key=weights.logit,
        )
        for question, passage in pairs
    ]
