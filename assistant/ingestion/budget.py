"""The time that the splitting of one document may take, and the memory of its tokens.

The parser's process has limits of its own. What follows it runs in this process: a text of a few
megabytes can have a million sentences.
"""

import time
from collections.abc import Callable, Sequence

from assistant.ingestion.formats import UnreadableFileError

TEXTS_AT_ONCE = 1000
"""A tokenizer keeps some kilobytes for each text that it counts."""


class TokenBudget:
    """Counts tokens as the function that it is given does, until the time for a document is over."""

    def __init__(self, count_tokens: Callable[[Sequence[str]], list[int]], seconds: float) -> None:
        self._count_tokens, self._seconds = count_tokens, seconds
        self._deadline = time.monotonic() + seconds

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text. Raise `UnreadableFileError` once the time is over."""
        counts: list[int] = []
        for first in range(0, len(texts), TEXTS_AT_ONCE):
            if time.monotonic() > self._deadline:
                raise UnreadableFileError(
                    f"splitting its text takes longer than {self._seconds:g} seconds "
                    "(max_reading_seconds)"
                )
            counts += self._count_tokens(texts[first : first + TEXTS_AT_ONCE])
        return counts
