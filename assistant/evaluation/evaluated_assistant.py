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
        """Its settings; ``top_k`` passages are read for an answer."""
        ...

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that can answer, the default first."""
        ...

    def ask(
        self, question: str, history: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        """Return the answer to a question."""
        ...

    def retrieve(self, query: str, top_k: int | None = None) -> list[Hit]:
        """Return the passages that match a query, best first."""
        ...

    def document(self, document_id: str) -> Document:
        """Return a document as it was indexed."""
        ...

    def documents(self) -> list[DocumentSummary]:
        """Return all documents of the index."""
        ...

    def status(self) -> IndexStatus:
        """Return what the index holds."""
        ...

    def warm_up(self) -> None:
        """Load the models and open the index. Raises `StorageError` if it cannot be used."""
        ...
