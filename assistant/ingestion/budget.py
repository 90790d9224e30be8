"""The time that one document may take after it was parsed, and the memory of its tokens.

The parser's process has limits of its own. What follows it runs in this process: a text of a few
megabytes can have a million sentences.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from assistant.ingestion.formats import UnreadableFileError

TEXTS_AT_ONCE = 1000
"""A tokenizer keeps some kilobytes for each text that it counts."""


@dataclass(frozen=True, slots=True)
class TimeBudget:
    """The time that some steps over one document may take, from now on."""

    seconds: float
    started: float = field(default_factory=time.monotonic)

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return time.monotonic() > self.started + self.seconds

    def check(self) -> None:
        """Raise `UnreadableFileError` once the time is over."""
        if self.is_over:
            raise UnreadableFileError(
                f"splitting its text takes longer than {self.seconds:g} seconds "
                "(max_reading_seconds)"
            )


class TokenBudget:
    """Counts tokens as the function that it is given does, until the time for a document is over."""

    def __init__(
        self, count_tokens: Callable[[Sequence[str]], list[int]], budget: TimeBudget
    ) -> None:
        self._count_tokens, self._budget = count_tokens, budget

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the tokens of each text. Raise `UnreadableFileError` once the time is over."""
        counts: list[int] = []
        for first in range(0, len(texts), TEXTS_AT_ONCE):
            self._budget.check()
            counts += self._count_tokens(texts[first : first + TEXTS_AT_ONCE])
        return counts
