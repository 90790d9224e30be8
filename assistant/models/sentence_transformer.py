"""Embeds with any other model than the bundled one; the only importer of sentence-transformers."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.extras import importing
from assistant.models.bundled_encoder import bundled_folder
from assistant.protocols import Encoder
from assistant.settings import BUNDLED_MODEL

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH_SIZE = 32


class SentenceTransformerEncoder:
    """An `Encoder` over a sentence-transformers model, loaded when it is first used.

    The bundled model comes out of an installed package with the hub switched off; any other
    name or path is resolved by sentence-transformers itself. Thread-safe.
    """

    def __init__(self, name: str = BUNDLED_MODEL) -> None:
        self.name = name
        self._loading = threading.Lock()

    @property
    def loaded(self) -> bool:
        """Whether the weights are in memory."""
        return "_model" in self.__dict__

    @cached_property
    def _model(self) -> "SentenceTransformer":
        is_bundled = self.name == BUNDLED_MODEL
        path = str(bundled_folder()) if is_bundled else self.name
        with importing("models"):
            from sentence_transformers import SentenceTransformer  # with torch: seconds of import
            from transformers.utils.logging import disable_progress_bar  # imported with it

        disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            # The bundled model asks no hub for anything.
            return SentenceTransformer(path, local_files_only=is_bundled)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"Embedding model {self.name!r} cannot be loaded: {_first_line(error)} "
                f"Set ASSISTANT_EMBEDDING_MODEL to a sentence-transformers name or folder, "
                f"or leave it unset for the bundled {BUNDLED_MODEL}."
            ) from error

    def _load(self) -> "SentenceTransformer":
        with self._loading:
            return self._model

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        dimension = self._load().get_embedding_dimension()
        if dimension is None:
            raise ModelError(f"Embedding model {self.name!r} does not tell its dimension.")
        return int(dimension)

    @property
    def max_tokens(self) -> int:
        """Tokens that the model takes of a text, its special tokens not counted."""
        model = self._load()
        limit = model.max_seq_length or 512
        return int(limit) - int(model.tokenizer.num_special_tokens_to_add())

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length embeddings, shape ``(len(texts), dimension)``."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._load().encode(
            list(texts),
            batch_size=BATCH_SIZE,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text by the model's own tokenizer, special tokens not counted."""
        if not texts:
            return []
        encoded = self._load().tokenizer(
            list(texts), add_special_tokens=False, truncation=False, verbose=False
        )
        return [len(ids) for ids in encoded["input_ids"]]


class CachingEncoder:
    """An `Encoder` that remembers the last texts it encoded: sentences are read again and again.

    ``size`` vectors are kept, 1.5 kB each at 384 dimensions. Thread-safe.
    """

    def __init__(self, encoder: Encoder, size: int = 8192) -> None:
        self._encoder, self._size = encoder, size
        self._kept: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The wrapped model's name."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        """Tokens that the wrapped model takes of a text."""
        return self._encoder.max_tokens

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length embeddings, shape ``(len(texts), dimension)``."""
        if not texts:
            return self._encoder.encode(texts)
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        found.update(zip(missing, self._encoder.encode(missing), strict=True))
        with self._lock:
            for text in texts:
                self._kept[text] = found[text]
                self._kept.move_to_end(text)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return np.stack([found[text] for text in texts])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, special tokens not counted."""
        return self._encoder.count_tokens(texts)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
