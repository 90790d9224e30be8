"""Write the reading model as an ONNX graph in int8: what onnxruntime computes of one window.

Weights have the names of `network.Reader`. Matrices of the encoder are int8 with a scale a column,
in 7 bits, since a processor without VNNI adds pairs of 8-bit products in 16 bits and clips them.
The heads stay in fp32: they are small, and every verdict depends on them. A window is read by
itself, so there is no padding and no mask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.graph import EPSILON, FLOAT, INT64, MICROSOFT, Graph, Shapes
from training.network import (
    HEAD_SIZE,
    IMPOSSIBLE,
    MAX_ANSWER_TOKENS,
    PAIR_SIZE,
    layers_of,
)

LARGEST = 63
"""The largest weight in 7 bits."""
WORDS = "encoder.embeddings.word_embeddings.weight"
_QKV = ("query", "key", "value")


def quantise(matrix: NDArray[np.float32], largest: int, axis: int) -> tuple[NDArray[Any], ...]:
    """Return the matrix as int8 and its scales, of which every slice along ``axis`` shares one."""
    scale = np.maximum(np.abs(matrix).max(axis, keepdims=True), 1e-8) / largest
    return np.rint(matrix / scale).astype(np.int8), scale.astype(np.float32)


class ReaderGraph(Graph):
    """A graph over the weights of a reader; ``state`` is its `state_dict`."""

    def __init__(self, state: Mapping[str, Tensor]) -> None:
        super().__init__()
        self._state = state
        self.size = state[WORDS].shape[1]
        for number in (0, 1):
            self.whole(str(number), [number])

    def array(self, name: str) -> NDArray[np.float32]:
        """Return a weight as it was trained."""
        found: NDArray[np.float32] = self._state[name].to(torch.float32).numpy()
        return found

    def weight(self, name: str) -> str:
        """Add a weight in fp32."""
        return self.keep(name, self.array(name))

    def rounded(self, name: str, matrix: NDArray[np.float32]) -> tuple[str, str]:
        """Add a matrix, as torch keeps it, for products with int8; return its name and its scales'."""
        values, scale = quantise(matrix.T, LARGEST, 0)
        return self.keep(name, values), self.keep(f"{name}.scale", scale[0])

    def product(self, value: str, name: str) -> str:
        """Add a layer of the encoder in int8; the activations are rounded as they come."""
        values, scale = self.rounded(f"{name}.weight", self.array(f"{name}.weight"))
        inputs = [value, values, scale, "", self.weight(f"{name}.bias")]
        return self.add("DynamicQuantizeMatMul", inputs, f"{name}.out", domain=MICROSOFT)

    def head(self, rows: str, name: str) -> str:
        """Add a layer of a head in fp32; ``rows`` is of shape (rows, size)."""
        inputs = [rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("Gemm", inputs, f"{name}.out", transB=1)

    def norm(self, value: str, residual: str, name: str) -> str:
        """Add the normalisation of a sum; the reader keeps onnxruntime from fusing the two nodes."""
        total = self.add("Add", [value, residual], f"{name}.sum")
        inputs = [total, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        return self.add("LayerNormalization", inputs, f"{name}.out", axis=-1, epsilon=EPSILON)

    def layer(self, value: str, number: int) -> str:
        """Add attention and the feed-forward network of a layer."""
        name = f"encoder.encoder.layer.{number}"
        attended = self._attention(value, f"{name}.attention.self")
        attended = self.product(attended, f"{name}.attention.output.dense")
        value = self.norm(attended, value, f"{name}.attention.output.LayerNorm")
        inner = self.product(value, f"{name}.intermediate.dense")
        inner = self.add("Gelu", [inner], f"{name}.gelu", domain=MICROSOFT)
        inner = self.product(inner, f"{name}.output.dense")
        return self.norm(inner, value, f"{name}.output.LayerNorm")

    def _attention(self, value: str, name: str) -> str:
        rounding = [f"{name}.rounded", f"{name}.step", f"{name}.zero"]
        self.nodes.append(onnx.helper.make_node("DynamicQuantizeLinear", [value], rounding))
        joined = np.concatenate([self.array(f"{name}.{part}.weight") for part in _QKV])
        biases = np.concatenate([self.array(f"{name}.{part}.bias") for part in _QKV])
        values, scale = self.rounded(f"{name}.weight", joined)
        bias = self.keep(f"{name}.bias", biases)
        inputs = [rounding[0], values, bias, rounding[1], scale, "", rounding[2]]
        heads = self.size // HEAD_SIZE
        return self.add("QAttention", inputs, f"{name}.out", domain=MICROSOFT, num_heads=heads)

    def passage(self) -> str:
        """Add which tokens are the passage's: those of type 1, the last of which is the [SEP]."""
        self.add("Shape", ["token_type_ids"], "length")
        self.add("Slice", ["token_type_ids", "1", "length"], "shifted")
        self.add("Concat", ["shifted", "0"], "following", axis=0)
        return self.add("Mul", ["token_type_ids", "following"], "passage")


def reader_graph(state: Mapping[str, Tensor]) -> onnx.ModelProto:
    """Return the graph from `input_ids` and `token_type_ids` to what the reader says, as logits.

    Outputs: `span` (length, length), `margin` and `answers` (a number each), `evidence` (length)
    and `support` (3). The head of `early` is left out.
    """
    graph = ReaderGraph(state)
    value = _embeddings(graph)
    for number in range(layers_of(state)):
        value = graph.layer(value, number)
    graph.add("Squeeze", [value, "0"], "rows")
    graph.add("Slice", ["rows", "0", "1"], "first")
    graph.add("Cast", [graph.passage()], "is_passage", to=onnx.TensorProto.BOOL)
    _heads(graph)
    inputs: Shapes = {name: (INT64, ["length"]) for name in ("input_ids", "token_type_ids")}
    outputs: Shapes = {
        "span": (FLOAT, ["length", "length"]),
        "margin": (FLOAT, []),
        "answers": (FLOAT, []),
        "evidence": (FLOAT, ["length"]),
        "support": (FLOAT, [3]),
    }
    return graph.model("reader", inputs, outputs)


def _heads(graph: ReaderGraph) -> None:
    """Add the outputs over `rows`, the states after the last layer, and `first`, that of [CLS]."""
    graph.keep("impossible", np.array(IMPOSSIBLE, np.float32))
    starts, ends = _spans(graph)
    under = [_under(graph, scores, name) for scores, name in ((starts, "start"), (ends, "end"))]
    graph.add("Concat", ["first", *under], "gathering", axis=1)
    graph.whole("scalar", [])
    gathered = graph.add("Tanh", [graph.head("gathering", "gather")], "gathered")
    graph.add("Reshape", [graph.head(gathered, "answers"), "scalar"], "answers")
    graph.add("Squeeze", [graph.head("rows", "evidence"), "1"], "evidence")
    judged = graph.add("Tanh", [graph.head("first", "support_gather")], "judged")
    graph.add("Squeeze", [graph.head(judged, "support"), "0"], "support")


def _embeddings(graph: ReaderGraph) -> str:
    table, scale = quantise(graph.array(WORDS), 127, 1)
    graph.add("Gather", [graph.keep(WORDS, table), "input_ids"], "rounded")
    graph.add("Gather", [graph.keep(f"{WORDS}.scale", scale), "input_ids"], "steps")
    graph.add("Cast", ["rounded"], "whole", to=FLOAT)
    graph.add("Mul", ["whole", "steps"], "words")
    graph.add("Shape", ["input_ids"], "tokens")
    positions = graph.weight("encoder.embeddings.position_embeddings.weight")
    graph.add("Slice", [positions, "0", "tokens"], "positions")
    kinds = graph.weight("encoder.embeddings.token_type_embeddings.weight")
    graph.add("Gather", [kinds, "token_type_ids"], "kinds")
    graph.add("Add", ["words", "positions"], "placed")
    graph.add("Unsqueeze", ["placed", "0"], "placed_batch")
    graph.add("Unsqueeze", ["kinds", "0"], "kinds_batch")
    return graph.norm("placed_batch", "kinds_batch", "encoder.embeddings.LayerNorm")


def _spans(graph: ReaderGraph) -> tuple[str, str]:
    """Add `span` and `margin`; return the scores of the edges, columns and rows of (length, 2)."""
    two = graph.whole("2", [2])
    graph.head("rows", "edges")
    graph.add("Slice", ["edges.out", "0", "1", "1"], "starts")
    graph.add("Slice", ["edges.out", "1", two, "1"], "ends")
    graph.head("rows", "pair")
    size, end = graph.whole("pair_size", [PAIR_SIZE]), graph.whole("pair_end", [2 * PAIR_SIZE])
    graph.add("Slice", ["pair.out", "0", size, "1"], "firsts")
    graph.add("Slice", ["pair.out", size, end, "1"], "lasts")
    graph.add("Transpose", ["lasts"], "lasts_across", perm=[1, 0])
    graph.add("MatMul", ["firsts", "lasts_across"], "products")
    graph.keep("root", np.array(PAIR_SIZE**0.5, np.float32))
    graph.add("Div", ["products", "root"], "pairs")
    graph.add("Transpose", ["ends"], "ends_across", perm=[1, 0])
    graph.add("Add", ["starts", "ends_across"], "edge_sums")
    graph.add("Add", ["edge_sums", "pairs"], "sums")
    graph.add("Where", [_allowed(graph), "sums", "impossible"], "span")
    graph.add("ReduceLogSumExp", ["span"], "any_span", keepdims=0)
    graph.add("Slice", ["sums", graph.whole("corner", [0, 0]), graph.whole("unit", [1, 1])], "null")
    graph.add("Squeeze", ["null"], "null_score")
    graph.add("Sub", ["any_span", "null_score"], "margin")
    return "starts", "ends"


def _allowed(graph: ReaderGraph) -> str:
    """Add which spans lie in the passage, run forwards and are short enough."""
    for name, value in (("from", 0), ("step", 1), ("longest", MAX_ANSWER_TOKENS)):
        graph.keep(name, np.array(value, np.int64))
    graph.add("Squeeze", ["length"], "until")
    graph.add("Range", ["from", "until", "step"], "places")
    graph.add("Unsqueeze", ["places", "0"], "lasts_at")
    graph.add("Unsqueeze", ["places", "1"], "firsts_at")
    graph.add("Sub", ["lasts_at", "firsts_at"], "ahead")
    graph.add("GreaterOrEqual", ["ahead", "from"], "forwards")
    graph.add("Less", ["ahead", "longest"], "short")
    graph.add("And", ["forwards", "short"], "fits")
    graph.add("Unsqueeze", ["is_passage", "0"], "passage_row")
    graph.add("Unsqueeze", ["is_passage", "1"], "passage_column")
    graph.add("And", ["passage_row", "passage_column"], "inside")
    return graph.add("And", ["fits", "inside"], "allowed")


def _under(graph: ReaderGraph, scores: str, name: str) -> str:
    """Add the mean of the states, weighed by how likely the span starts or ends at each."""
    graph.add("Where", ["passage_column", scores, "impossible"], f"{name}_scores")
    graph.add("Softmax", [f"{name}_scores"], f"{name}_weights", axis=0)
    graph.add("Transpose", [f"{name}_weights"], f"{name}_across", perm=[1, 0])
    return graph.add("MatMul", [f"{name}_across", "rows"], f"under_{name}")
