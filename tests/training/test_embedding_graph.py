"""The graphs of the bundled embedding model are what their script writes."""

from collections.abc import Callable
from importlib import resources
from pathlib import Path

import onnx
import pytest

from assistant.models.bundled_encoder import WEIGHTS, bundled_folder
from training.embedding_graph import build, build_for_documents


@pytest.mark.parametrize(
    ("name", "written"), [("graph.onnx", build), ("documents.onnx", build_for_documents)]
)
def test_the_shipped_graphs_are_those_that_are_written(
    name: str, written: Callable[[Path], onnx.ModelProto]
) -> None:
    shipped = (resources.files("assistant.models") / "encoder" / name).read_bytes()
    assert onnx.load_model_from_string(shipped) == written(bundled_folder() / WEIGHTS)
