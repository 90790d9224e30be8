"""Read the weights of an exported reader back, to train on from them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from training.reader_graph import WORDS

_JOINED = ".attention.self."


def shipped_weights(folder: Path) -> dict[str, Tensor]:
    """Return the state of `network.Reader` as `export.py` rounded it, in fp32, without `early`."""
    graph = onnx.load(str(folder / "reader.onnx")).graph
    stored: dict[str, NDArray[np.float32]] = {
        item.name: numpy_helper.to_array(item) for item in graph.initializer
    }
    state: dict[str, Tensor] = {}
    for name, value in stored.items():
        if not name.endswith((".weight", ".bias")):
            continue
        scale = stored.get(f"{name}.scale")
        whole = value if scale is None else value.astype(np.float32) * scale
        kept = torch.tensor(whole if scale is None or name == WORDS else whole.T)
        state |= _parted(name, kept) if _JOINED in name else {name: kept}
    return {name: value.contiguous() for name, value in state.items()}


def _parted(name: str, joined: Tensor) -> dict[str, Tensor]:
    """Return the weights or biases of query, key and value, which the graph has as one."""
    before, kind = name.rsplit(".", 1)
    parts = zip(("query", "key", "value"), joined.chunk(3), strict=True)
    return {f"{before}.{part}.{kind}": value for part, value in parts}
