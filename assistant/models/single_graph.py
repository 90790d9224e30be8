"""The second version of the reading model: one graph over a passage joined with its headings."""

import numpy as np
from numpy.typing import NDArray

from assistant.models.windows import Window

FILE = "model.onnx"
OUTPUTS = ["span", "margin", "answers"]
_LENGTH_STEP = 16


def inputs_of(window: Window) -> dict[str, NDArray[np.int64]]:
    """Return the model's three inputs, shape ``(1, length)``, padded with zeros."""
    size = len(window.ids)
    shape = (1, -(-size // _LENGTH_STEP) * _LENGTH_STEP)
    ids, mask, kinds = (np.zeros(shape, np.int64) for _ in range(3))
    ids[0, :size] = window.ids
    mask[0, :size] = 1
    kinds[0, window.passage_start : size] = 1
    return {"input_ids": ids, "attention_mask": mask, "token_type_ids": kinds}
