"""The vectors of the next state: those of the last one with changes, or a folder of their own."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.storage.vector_changes import WrittenChanges
from assistant.storage.vectors import VectorStore, new_vectors
from assistant.types import CatalogState

MOST_CHANGES = 2_000
"""So many vectors are compared with a question in a millisecond; copying takes seconds a gigabyte."""


class GrowingVectors:
    """Keeps few changes in the catalog. Copies the folder that it begins with once they are many.

    Without a state to begin with it writes a new folder. A new folder is removed where what was put
    into ``closing`` ends with an error.
    """

    def __init__(
        self, index: Path, changes: WrittenChanges, begun: CatalogState | None, closing: ExitStack
    ) -> None:
        self._index, self._changes, self._begun, self._closing = index, changes, begun, closing
        self._new: VectorStore | None = None
        if begun is None:
            self._new = closing.enter_context(new_vectors(index, None))

    def put(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add vectors, shape ``(len(ids), dimension)``, or write the same ones again."""
        self._copy_if_many(len(ids))
        (self._new or self._changes).put(ids, vectors)

    def known(self, ids: Sequence[str]) -> set[str]:
        """Return those of the ids that are there."""
        return (self._new or self._changes).known(ids)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; pass over ids that are not there."""
        self._copy_if_many(len(ids))
        (self._new or self._changes).delete(ids)

    def count(self) -> int:
        """Count the vectors."""
        return (self._new or self._changes).count()

    def seal(self) -> dict[str, str]:
        """Close a new folder, and return what a state says of it; nothing if it stays the same."""
        if self._new is None:
            return {}
        self._changes.list_folder()
        return {"vectors": self._new.folder.name, "seal": self._new.seal()}

    def _copy_if_many(self, more: int) -> None:
        if self._begun is None or self._new:
            return
        if self._changes.count_changes() + more > MOST_CHANGES:
            base = self._index / self._begun.vectors
            self._new = self._closing.enter_context(new_vectors(self._index, base))
            self._changes.move(self._new)
