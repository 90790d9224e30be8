"""Writes the graphs of the bundled embedding model: what onnxruntime computes with its weights.

The weights stay in the safetensors file of their package, and a graph has their places in it. The
graph for documents rounds them to whole numbers when it is loaded.
Run: ``python -m training.embedding_graph``
"""

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

import assistant.models
from assistant.models.bundled_encoder import WEIGHTS, bundled_folder
from training.graph import EPSILON, FLOAT, INT64, MICROSOFT, Graph

_LAYERS, _HEADS, _SIZE = 6, 12, 384
_LARGEST_WEIGHT = 63
"""With 7 bits the sum of two products fits into 16 bits, in which processors without VNNI add them,
so that every processor computes the same whole numbers.
"""


class EmbeddingGraph(Graph):
    """A graph whose weights stay in the file of the embedding model."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            self._places: dict[str, Any] = json.loads(file.read(length))
        self._begins = 8 + length

    def weight(self, name: str) -> str:
        """A tensor of the weights, by its place in their file."""
        place = self._places[name]
        assert place["dtype"] == "F32"
        start, end = place["data_offsets"]
        tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=place["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        said = {"location": WEIGHTS, "offset": self._begins + start, "length": end - start}
        for key, value in said.items():
            tensor.external_data.add(key=key, value=str(value))
        self.constants.append(tensor)
        return name

    def linear(self, value: str, name: str) -> str:
        """A fully connected layer; ``value`` is of shape (tokens of all texts, size)."""
        inputs = [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("Gemm", inputs, f"{name}.out", transB=1)

    def norm(self, value: str, name: str) -> str:
        """A layer's normalisation."""
        inputs = [value, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=EPSILON)


class WholeNumberGraph(EmbeddingGraph):
    """A graph that multiplies whole numbers: weights rounded by output, values rounded by layer."""

    def __init__(self, weights: Path) -> None:
        super().__init__(weights)
        self.keep("largest", np.array(_LARGEST_WEIGHT, np.float32))

    def linear(self, value: str, name: str) -> str:
        """A fully connected layer; ``value`` is of shape (tokens, size)."""
        weights, scales = self._rounded(self.weight(f"{name}.weight"))
        whole, scale, zero = made = [f"{value}.{part}" for part in ("whole", "scale", "zero")]
        if all(node.output[0] != whole for node in self.nodes):  # three layers read the same value
            self.nodes.append(helper.make_node("DynamicQuantizeLinear", [value], made))
        inputs = [whole, weights, scale, scales, zero, "", self.weight(f"{name}.bias")]
        return self.add("MatMulIntegerToFloat", inputs, f"{name}.out", domain=MICROSOFT)

    def _rounded(self, name: str) -> tuple[str, str]:
        """Weights as whole numbers, shape (size, outputs), and the scale of each output.

        Nodes that depend on constants alone are computed once, when the graph is loaded.
        """
        self.add("Abs", [name], f"{name}.size")
        self.add("ReduceMax", [f"{name}.size", "1"], f"{name}.most", keepdims=1)
        self.add("Div", [f"{name}.most", "largest"], f"{name}.step")
        self.add("Div", [name, f"{name}.step"], f"{name}.steps")
        self.add("Round", [f"{name}.steps"], f"{name}.nearest")
        self.add("Cast", [f"{name}.nearest"], f"{name}.rows", to=TensorProto.INT8)
        scales = self.add("Squeeze", [f"{name}.step", "1"], f"{name}.scales")
        return self.add("Transpose", [f"{name}.rows"], f"{name}.columns", perm=[1, 0]), scales


def build(weights: Path) -> onnx.ModelProto:
    """BERT for texts of any lengths, its tokens, and their mean at length 1."""
    graph = EmbeddingGraph(weights)
    tokens = _tokens(graph, padding="padding")
    graph.add("Cast", ["attention_mask"], "weights", to=TensorProto.FLOAT)
    graph.add("Unsqueeze", ["weights", "2"], "column")
    graph.add("Mul", [tokens, "column"], "said")
    return _model(graph, "said", ["input_ids", "attention_mask"])


def build_for_documents(weights: Path) -> onnx.ModelProto:
    """The same in whole numbers, for texts of one length."""
    graph = WholeNumberGraph(weights)
    return _model(graph, _tokens(graph, padding=""), ["input_ids"])


def _tokens(graph: EmbeddingGraph, padding: str) -> str:
    """BERT's tokens; ``padding`` is the name of a mask, where texts are of several lengths."""
    graph.whole("flat", [-1, _SIZE])
    graph.whole("size", [_SIZE])
    for number in range(3):
        graph.whole(str(number), [number])
    value = _embeddings(graph)
    if padding:
        graph.add("Cast", ["attention_mask"], padding, to=TensorProto.INT32)
    for layer in range(_LAYERS):
        value = _layer(graph, value, padding, f"encoder.layer.{layer}")
    return graph.add("Reshape", [value, "full"], "tokens")


def _model(graph: EmbeddingGraph, tokens: str, inputs: list[str]) -> onnx.ModelProto:
    """The graph with the mean of tokens as the embedding."""
    graph.add("ReduceSum", [tokens, "1"], "sum", keepdims=0)
    # at length 1 the mean is what the sum is
    graph.add("LpNormalization", ["sum"], "embedding", axis=-1, p=2)
    shape = ["texts", "length"]
    outputs = {"embedding": (FLOAT, ["texts", _SIZE]), "tokens": (FLOAT, [*shape, _SIZE])}
    return graph.model("all-MiniLM-L6-v2", dict.fromkeys(inputs, (INT64, shape)), outputs)


def _embeddings(graph: EmbeddingGraph) -> str:
    graph.add("Shape", ["input_ids"], "shape")
    graph.add("Concat", ["shape", "size"], "full", axis=0)
    graph.add("Slice", ["shape", "1", "2"], "length")
    tables = {name: f"embeddings.{name}_embeddings.weight" for name in ("word", "position")}
    kinds = graph.weight("embeddings.token_type_embeddings.weight")
    graph.add("Gather", [graph.weight(tables["word"]), "input_ids"], "words")
    graph.add("Slice", [graph.weight(tables["position"]), "0", "length"], "positions")
    graph.add("Slice", [kinds, "0", "1"], "kind")
    graph.add("Add", ["words", "positions"], "placed")
    graph.add("Add", ["placed", "kind"], "embedded")
    return graph.norm(graph.add("Reshape", ["embedded", "flat"], "rows"), "embeddings.LayerNorm")


def _layer(graph: EmbeddingGraph, value: str, padding: str, name: str) -> str:
    """Attention and the feed-forward network, each added to what goes in."""
    parts = [
        graph.add("Reshape", [graph.linear(value, f"{name}.attention.self.{part}"), "full"], made)
        for part in ("query", "key", "value")
        for made in [f"{name}.{part}"]
    ]
    attended = graph.add(
        "MultiHeadAttention",
        [*parts, "", padding],
        f"{name}.attended",
        domain=MICROSOFT,
        num_heads=_HEADS,
    )
    attended = graph.add("Reshape", [attended, "flat"], f"{name}.rows")
    attended = graph.linear(attended, f"{name}.attention.output.dense")
    value = graph.add("Add", [attended, value], f"{name}.first")
    value = graph.norm(value, f"{name}.attention.output.LayerNorm")
    inner = graph.linear(value, f"{name}.intermediate.dense")
    inner = graph.linear(graph.add("Gelu", [inner], f"{name}.gelu"), f"{name}.output.dense")
    return graph.norm(
        graph.add("Add", [inner, value], f"{name}.second"), f"{name}.output.LayerNorm"
    )


def main() -> None:
    """Write the graphs where the product reads them."""
    parser = argparse.ArgumentParser(description=__doc__)
    folder = Path(assistant.models.__file__).parent / "encoder"
    parser.add_argument("--out", type=Path, default=folder, help="a folder")
    arguments = parser.parse_args()
    weights = bundled_folder() / WEIGHTS
    (arguments.out / "graph.onnx").write_bytes(build(weights).SerializeToString())
    documents = build_for_documents(weights)
    (arguments.out / "documents.onnx").write_bytes(documents.SerializeToString())


if __name__ == "__main__":
    main()
