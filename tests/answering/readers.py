"""A reader for questions that ask several things."""

from collections.abc import Sequence

from assistant import PassageReading, WindowText
from assistant.testing import ScriptedReader


class OneQuestionReader(ScriptedReader):
    """Finds its words for one question, and nothing for any other."""

    def __init__(self, question: str, **words: float) -> None:
        super().__init__(words)
        self._question = question

    def read(self, question: str, passages: Sequence[WindowText]) -> list[PassageReading]:
        """Return what was found in each passage."""
        found = super().read(question, passages)
        return found if question == self._question else [PassageReading(()) for _ in found]
