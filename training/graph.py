"""Write ONNX graphs node by node, with names of our own for every weight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

MICROSOFT = "com.microsoft"
EPSILON = 1e-12
"""What BERT's normalisation adds to a variance."""
Shapes = Mapping[str, tuple[int, Sequence[Any]]]
"""The element type and shape of each input or output."""


class Graph:
    """The nodes and constants of a graph, in the order in which they are added."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def add(self, kind: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        """Add a node with one output and return the output's name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def keep(self, name: str, values: NDArray[Any]) -> str:
        """Add a constant and return its name."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def whole(self, name: str, values: Sequence[int]) -> str:
        """Add a constant of whole numbers and return its name."""
        return self.keep(name, np.array(values, np.int64))

    def model(self, name: str, inputs: Shapes, outputs: Shapes) -> onnx.ModelProto:
        """Return the graph as a model."""
        made = helper.make_graph(
            self.nodes, name, _described(inputs), _described(outputs), self.constants
        )
        versions = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
        return helper.make_model(made, opset_imports=versions, ir_version=10)


def _described(shapes: Shapes) -> list[onnx.ValueInfoProto]:
    return [
        helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in shapes.items()
    ]


FLOAT, INT64 = TensorProto.FLOAT, TensorProto.INT64
