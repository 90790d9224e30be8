"""What a part must offer to stand in for another: an encoder or a reader."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.types import Reading


class Encoder(Protocol):
    """Turns texts into embeddings."""

    @property
    def name(self) -> str:
        """The model's name, as the settings give it."""
        ...

    @property
    def dimension(self) -> int:
        """Length of an embedding."""
        ...

    @property
    def max_tokens(self) -> int:
        """Tokens that the model takes of a text, its special tokens not counted."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit-length embeddings, shape ``(len(texts), dimension)``."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text, without the model's special tokens."""
        ...


class Reader(Protocol):
    """Reads passages for the words that answer a question."""

    @property
    def threshold(self) -> float:
        """The probability from which a reading of this reader should count as an answer."""
        ...

    def read(self, question: str, passages: Sequence[str]) -> list[list[Reading]]:
        """Return the readings of each passage, the most probable first; none overlap."""
        ...
