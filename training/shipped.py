"""Reads weights to train on from: those of an exported int8 model, or of a checkpoint."""

from __future__ import annotations

import re
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

_LAYER_PARTS = ("attention.output.dense", "intermediate.dense", "output.dense")
"""The matrix products of a layer in the order in which the exported graph has them."""


def starting_weights(path: Path) -> dict[str, Tensor]:
    """The weights to go on from: of a checkpoint (`.pt`) or of an exported model (`.onnx`)."""
    if path.suffix != ".pt":
        return shipped_weights(path)
    state: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)["model"]
    return state


def shipped_weights(path: Path) -> dict[str, Tensor]:
    """The state of `network.Reader` as `export.py` rounded it, in fp32.

    The exported graph keeps the biases and norms by name; matrices are transposed, those of
    query, key and value are joined, and the encoder's are int8 with a scale a column.
    """
    graph = onnx.load(str(path)).graph
    stored = {item.name: torch.tensor(numpy_helper.to_array(item)) for item in graph.initializer}
    state: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name.startswith("reader.") and name.endswith("_Transposed"):
            state[name.removeprefix("reader.").removesuffix("_Transposed")] = value.T
        elif name.startswith("reader.") and not name.endswith((".table", ".scale")):
            state[name.removeprefix("reader.")] = value
    words = "reader.encoder.embeddings.word_embeddings."
    table = stored[f"{words}table"].float() * stored[f"{words}scale"]
    state["encoder.embeddings.word_embeddings.weight"] = table
    quantised = [name for name in stored if re.fullmatch(r"onnx::MatMul_\d+_quantized", name)]
    for place, name in enumerate(sorted(quantised, key=lambda found: int(found.split("_")[1]))):
        layer, part = divmod(place, len(_LAYER_PARTS))
        weight = _rounded(stored, name.removesuffix("_quantized"))
        state[f"encoder.encoder.layer.{layer}.{_LAYER_PARTS[part]}.weight"] = weight
    heads = [name for name in stored if re.fullmatch(r"onnx::MatMul_\d+", name)]
    for name in heads:
        state["edges.weight" if stored[name].shape[1] == 2 else "pair.weight"] = stored[name].T
    for layer in range(len(quantised) // len(_LAYER_PARTS)):
        joined = _rounded(stored, f"Attention_{layer}_qkv_weight").chunk(3)
        biases = stored[f"Attention_{layer}_qkv_bias"].chunk(3)
        for kind, weight, bias in zip(("query", "key", "value"), joined, biases, strict=True):
            name = f"encoder.encoder.layer.{layer}.attention.self.{kind}"
            state[f"{name}.weight"], state[f"{name}.bias"] = weight, bias
    return {name: value.contiguous() for name, value in state.items()}


def _rounded(stored: dict[str, Tensor], name: str) -> Tensor:
    """An int8 matrix as torch keeps it: (out, in)."""
    zero = stored[f"{name}_zero_point"].float()
    return ((stored[f"{name}_quantized"].float() - zero) * stored[f"{name}_scale"]).T
