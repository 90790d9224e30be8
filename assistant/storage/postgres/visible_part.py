"""Which rows a reader sees: those of one generation, in one part of the corpus."""

from dataclasses import dataclass
from typing import Any

from assistant.storage.postgres.postgres_rows import path_of

VISIBLE = "FROM chunks c JOIN documents d ON d.version = c.version"
"""The chunks with their documents, of which a `VisiblePart` says which are seen."""


@dataclass(frozen=True, slots=True)
class VisiblePart:
    """The document or folder at a path, in the state of a generation; all documents by default.

    ``condition`` is on documents called ``d``, with the parameters of ``values``.
    """

    generation: int
    path: str = ""

    @property
    def of_generation(self) -> str:
        """The condition of the generation alone."""
        return "d.added <= %(generation)s AND (d.removed IS NULL OR d.removed > %(generation)s)"

    @property
    def condition(self) -> str:
        """The condition of generation and path."""
        if not self.path:
            return self.of_generation
        if self.path.endswith("/"):
            return f"{self.of_generation} AND starts_with(d.path, %(path)s)"
        return f"{self.of_generation} AND d.source = %(path)s"

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the condition."""
        path = path_of(self.path) if self.path.endswith("/") else self.path
        return {"generation": self.generation, "path": path}
