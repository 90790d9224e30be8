"""The interface of an engine, which answers one question within one session."""

import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.session import Session
from assistant.types import Answer, Turn


class Engine(Protocol):
    """Answers questions. `Assistant.ask` chooses an engine by its `name`."""

    @property
    def name(self) -> str:
        """The name of the engine."""
        ...

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield longer and longer beginnings of the answer, with all citations checked.

        The last one is the whole answer.
        """
        ...
