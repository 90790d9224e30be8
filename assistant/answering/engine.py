"""What an engine is: it answers one question over one session."""

import threading
from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.session import Session
from assistant.types import Answer, Turn


class Engine(Protocol):
    """Answers questions; `name` is what `Assistant.ask` calls it."""

    @property
    def name(self) -> str:
        """Return the name by which the engine is chosen."""
        ...

    def stream(
        self,
        session: Session,
        question: str,
        history: Sequence[Turn],
        stopped: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Yield longer beginnings of the answer, the last one whole, all citations checked."""
        ...
