"""What evaluation needs of an assistant."""

from collections.abc import Sequence
from typing import Protocol

from assistant.settings import Settings
from assistant.types import (
    Answer,
    Document,
    DocumentSummary,
    Hit,
    IndexStatus,
    Turn,
)


class EvaluatedAssistant(Protocol):
    """What evaluation needs of an `Assistant`."""

    @property
    def settings(self) -> Settings:
        """How it is set up; ``top_k`` passages are read for an answer."""
        ...

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that can answer, the one used by default first."""
        ...

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        """The answer to a question."""
        ...

    def retrieve(self, query: str, top_k: int | None = None) -> list[Hit]:
        """The passages that the query is about, best first."""
        ...

    def document(self, document_id: str) -> Document:
        """A document as it was indexed."""
        ...

    def documents(self) -> list[DocumentSummary]:
        """All documents of the index."""
        ...

    def status(self) -> IndexStatus:
        """What the index holds."""
        ...

    def warm_up(self) -> None:
        """Load models and open the index; raises where it cannot be used as it is."""
        ...
