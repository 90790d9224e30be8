"""Open an assistant for each corpus that case files name, with its index up to date."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.assistant import Assistant


class OpenAssistants:
    """Assistants by corpus: the one given for files that name none, others over temporary indexes.

    Each is opened once, and passed to ``update`` if its index is missing or out of date. The one
    given is not closed here. The others are closed, and their indexes deleted.
    """

    def __init__(self, own: Assistant, update: Callable[[Assistant], object]) -> None:
        self._own, self._update = own, update
        self._opened: dict[Path, Assistant] = {}
        self._scratch = tempfile.TemporaryDirectory(
            prefix="assistant-evaluation-", ignore_cleanup_errors=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def over(self, corpus: Path | None) -> Assistant:
        """Return the assistant over a corpus; the one given for None and for its own corpus."""
        own = self._own.settings.corpus.resolve()
        folder = corpus.resolve() if corpus else own
        if folder not in self._opened:
            as_named = corpus if corpus and folder != own else None
            self._opened[folder] = self._open(as_named) if as_named else self._own
            if self._opened[folder].status().stale:
                self._update(self._opened[folder])
        return self._opened[folder]

    def close(self) -> None:
        """Close the assistants opened here, and delete their indexes."""
        for assistant in self._opened.values():
            if assistant is not self._own:
                assistant.close()
        self._opened.clear()
        self._scratch.cleanup()

    def _open(self, corpus: Path) -> Assistant:
        index = Path(self._scratch.name) / f"index-{len(self._opened)}"
        settings = self._own.settings.model_copy(update={"corpus": corpus, "index": index})
        return Assistant.open(settings, chat_model=self._own.chat_model)
