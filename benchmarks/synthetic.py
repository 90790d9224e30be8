"""Generated text and random vectors, for measuring storage and retrieval without a model."""

import hashlib
import random
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

DIMENSION = 384
_LETTERS = "bcdfghjklmnprstvwz"
_VOWELS = "aeiou"


class HashEncoder:
    """An `Encoder` whose vectors are random, but the same for the same text; a token is a word."""

    name = "hash"
    dimension = DIMENSION
    max_tokens = 254

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length vectors, uniform on the sphere, seeded by each text."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = hashlib.blake2b(text.encode(), digest_size=8).digest()
            generator = np.random.default_rng(int.from_bytes(seed, "big"))
            vectors[row] = generator.standard_normal(self.dimension, dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The number of words of each text."""
        return [len(text.split()) for text in texts]


class HashSentenceEncoder(HashEncoder):
    """A `HashEncoder` that embeds sentences as well."""

    name = "hash of sentences"

    def encode_sentences(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Return the vectors of texts and those of sentences in them; the text's own without any."""
        parts = [
            self.encode([text[start:end] for start, end in places] or [text])
            for text, places in zip(texts, sentences, strict=True)
        ]
        return self.encode(texts), parts


class ClusteredEncoder(HashEncoder):
    """A `HashEncoder` whose vectors lie around centres, as those of texts on many topics do.

    The centre is that of the first word, and two thirds of a vector's length lie along it.
    """

    name = "clustered"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit-length vectors, the same for the same text."""
        centres = super().encode([f"centre {(text.split() or [''])[0].lower()}" for text in texts])
        vectors = centres + 0.9 * super().encode(texts)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


class Prose:
    """Sentences of made-up words, as frequent as Zipf's law has them; the same for a seed."""

    def __init__(self, seed: int, words: int = 30_000) -> None:
        self._random = random.Random(seed)
        self._count = words

    @cached_property
    def words(self) -> list[str]:
        """The words, the most frequent first."""
        shaped = random.Random(0)
        found: dict[str, None] = {}
        while len(found) < self._count:
            syllables = shaped.choice((1, 2, 2, 3, 3, 4))
            found[
                "".join(shaped.choice(_LETTERS) + shaped.choice(_VOWELS) for _ in range(syllables))
            ] = None
        return list(found)

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 3) for rank in range(self._count)))

    def sentence(self, words: int = 12) -> str:
        """A sentence of so many words."""
        chosen = self._random.choices(self.words, cum_weights=self._weights, k=words)
        return " ".join(chosen).capitalize() + "."

    def paragraph(self, sentences: int = 8) -> str:
        """Sentences in one paragraph."""
        return " ".join(self.sentence() for _ in range(sentences))
