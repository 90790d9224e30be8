"""The graph of the bundled embedding model is what its script writes."""

from importlib import resources

import onnx

from assistant.models.bundled_encoder import WEIGHTS, bundled_folder
from training.embedding_graph import build


def test_the_shipped_graph_is_the_one_that_is_written() -> None:
    shipped = (resources.files("assistant.models") / "encoder" / "graph.onnx").read_bytes()
    assert onnx.load_model_from_string(shipped) == build(bundled_folder() / WEIGHTS)
