"""One consistent view of the index, the models and the corpus, held for the whole of one answer."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.protocols import Encoder, Reader, StatementJudge, StoreView
from assistant.storage.stemming import Stemmer
from assistant.tracing import Tracing
from assistant.types import Chunk, CorpusInfo, Document, Thresholds

if TYPE_CHECKING:
    from opentelemetry.trace import Span


@dataclass(slots=True)
class Session:
    """What every stage of one answer works with. All stages see the same state of the index.

    ``thresholds`` are the lowest probabilities of a certain and of a possible answer. ``top_k`` is
    the number of passages to read. ``judge`` is a reading model that judges written statements, if
    there is one. ``timings`` collects seconds by stage, and ``span`` is the parent of their spans.
    """

    view: StoreView
    encoder: Encoder
    stemmer: Stemmer
    reader: Reader
    corpus: CorpusInfo
    top_k: int
    thresholds: Thresholds
    judge: StatementJudge | None = None
    timings: dict[str, float] = field(default_factory=dict)
    tracing: Tracing = field(default_factory=lambda: Tracing(False))
    span: "Span | None" = None
    _documents: dict[str, Document] = field(default_factory=dict)

    def document(self, document_id: str) -> Document:
        """Return a document of the view, loaded once. Raise `KeyError` for an unknown id."""
        if document_id not in self._documents:
            document = self.view.catalog.document(document_id)
            if document is None:
                raise KeyError(document_id)  # a bug: a snapshot has the documents of its chunks
            self._documents[document_id] = document
        return self._documents[document_id]

    def vectors_of(self, chunks: Sequence[Chunk]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors of chunks by chunk id."""
        return self.view.vectors_of(chunks)

    def traced(self, stage: str) -> AbstractContextManager["Span | None"]:
        """Return a span of a stage, to keep open for the length of a block."""
        return self.tracing.span(stage, self.span)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the duration of the block, in seconds, to a stage, and trace it."""
        started = time.perf_counter()
        with self.traced(stage):
            yield
        self.timings[stage] = self.timings.get(stage, 0.0) + time.perf_counter() - started
