"""Bring the index to the state of the corpus: only what changed is read, split and embedded.

A store's writer takes documents, chunks and vectors of the new state beside the old one, and
switches to it at once. Killed at any instant, the index answers with the old or the new state, of
which nothing was touched; the next ingestion sweeps up.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

from assistant.errors import AssistantError, CorpusError
from assistant.ingestion.budget import TimeBudget
from assistant.ingestion.corpus_file import read_corpus_file
from assistant.ingestion.embedding import CHUNKS_AT_ONCE, embed_all, embed_missing
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.loading import Loader
from assistant.ingestion.planning import (
    BuildOptions,
    CorpusComparison,
    FileChange,
    IndexContents,
)
from assistant.ingestion.scanning import read_unchanged
from assistant.ingestion.sharing.workers import Workers
from assistant.ingestion.splitting import cut_reason, split
from assistant.protocols import Encoder, SentenceEncoder, SharedWriter, Store, StoreWriter
from assistant.storage.state import check_match
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import (
    CatalogState,
    Chunk,
    CorpusInfo,
    Document,
    IngestReport,
    ReadingOutcome,
    SkippedFile,
)

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with the bytes of source files done and the bytes there are to do."""


def ingest(
    corpus: Path,
    store: Store,
    encoder: Encoder,
    options: BuildOptions,
    *,
    rebuild: bool = False,
    verify: bool = False,
    progress: Progress | None = None,
    workers: Workers | None = None,
) -> IngestReport:
    """Bring the index in a store to the state of the corpus and return what was done.

    With ``verify`` files are read also where size and times are unchanged, as with ``rebuild``.
    ``workers`` read the documents, as far as there are any that work.
    Raise `IndexBusyError` while another ingestion runs, `IndexMismatchError` if the index was built
    otherwise and ``rebuild`` is not set, and `CorpusError` if no file could be read: then the index
    stays as it was.
    """
    started = time.perf_counter()
    with store.exclusively():
        if rebuild and (aside := store.set_aside_unless_sound()):
            _log.warning("The catalog could not be used; it is kept as %s.", aside)
        state = store.state()
        if state and not rebuild:
            check_match(state, encoder.name, options.chunk_tokens, options.chunk_overlap)
        store.sweep()
        built = None if rebuild else state
        indexed = _indexed(store) if built else IndexContents()
        described = read_corpus_file(corpus)
        looked_at = indexed.without_files() if verify else indexed
        comparison = CorpusComparison(corpus, described, looked_at, options)
        ingestion = _Ingestion(
            store, built, encoder, options, comparison, progress, workers, corpus
        )
        embedded = ingestion.run(indexed, described.info)
        with store.snapshot() as snapshot:
            total = snapshot.count_chunks()
    plan = comparison.plan
    return IngestReport(
        added=tuple(plan.added),
        changed=tuple(plan.changed),
        deleted=tuple(plan.deleted),
        unchanged=tuple(plan.unchanged),
        skipped=tuple(plan.skipped),
        partly_read=tuple(ingestion.partly_read),
        chunks_embedded=embedded,
        chunks_total=total,
        seconds=time.perf_counter() - started,
        description_changed=plan.description_changed,
    )


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A document that is to be written, its chunks, and the bytes of its file."""

    document: Document
    change: FileChange
    chunks: Sequence[Chunk]

    @property
    def bytes(self) -> int:
        """The size of the file."""
        return self.change.file.seen.size


_Documents = Callable[[StoreWriter], Iterable[_Prepared]]
"""Return the documents that this process writes."""


class _Ingestion:
    """One run: a comparison of the corpus with what was ``built``, and what is written of it."""

    def __init__(
        self,
        store: Store,
        built: CatalogState | None,
        encoder: Encoder,
        options: BuildOptions,
        comparison: CorpusComparison,
        progress: Progress | None,
        workers: Workers | None,
        corpus: Path,
    ) -> None:
        self._store, self._built, self._workers = store, built, workers
        self._corpus = corpus
        self._encoder, self._options = encoder, options
        self._comparison, self._progress = comparison, progress
        self._embedded = 0
        self.partly_read: list[SkippedFile] = []
        self._done_bytes = 0.0

    def run(self, indexed: IndexContents, info: CorpusInfo) -> int:
        """Write what changed, and return how many texts were embedded.

        Without a changed document there is nothing to write but what is known of the files.
        """
        options, comparison = self._options, self._comparison
        known: dict[str, str | int] = {"corpus": json.dumps(asdict(info))}
        with Loader(options.reading_limits) as loader:
            self.partly_read = loader.partly_read
            workers = self._workers if self._workers and self._workers.are_there() else None
            documents = self._by_workers(loader, workers) if workers else self._here(loader)
            keeps_vectors = self._keeps_vectors()
            if documents or comparison.plan.deleted or not keeps_vectors:
                self._write(documents, keeps_vectors, known)
            else:
                self._record(indexed, known)
        return self._embedded

    def _keeps_vectors(self) -> bool:
        """Return whether the vectors of the last state can be used, those of sentences included."""
        if self._built is None or not self._store.vectors_are_whole():
            return False
        return self._built.has_sentences or not isinstance(self._encoder, SentenceEncoder)

    def _here(self, loader: Loader) -> _Documents | None:
        """Return the documents as this process reads them, or None if there are none."""
        documents = self._prepare(loader, self._comparison.changes())
        first = next(documents, None)
        return (lambda writer: chain([first], documents)) if first else None

    def _by_workers(self, loader: Loader, workers: Workers) -> _Documents | None:
        """Return the documents that workers leave to this process, or None without any change."""
        changes = self._comparison.changes()
        first = next(changes, None)
        if first is None:
            return None
        return lambda writer: self._prepare(
            loader, self._left_by(workers, writer, chain([first], changes))
        )

    def _left_by(
        self, workers: Workers, writer: StoreWriter, changes: Iterable[FileChange]
    ) -> Iterator[FileChange]:
        """Have workers read the changes, and yield those that they leave."""
        assert isinstance(writer, SharedWriter)
        run = writer.share(self._encoder.dimension)
        for change, outcome in workers.read(run, changes):
            if outcome is None:
                yield from self._read_again(change)
            else:
                self._take(change, outcome)

    def _take(self, change: FileChange, outcome: ReadingOutcome) -> None:
        """Count what a worker made of a document."""
        self._embedded += outcome.embedded
        if outcome.notes:
            self.partly_read.append(SkippedFile(outcome.source, outcome.notes))
        if not outcome.reason:
            self._report(change.file.seen.size)
        elif outcome.is_lasting:
            self._comparison.set_unreadable(change, outcome.reason)
        else:
            self._comparison.set_postponed(change, outcome.reason)

    def _read_again(self, change: FileChange) -> Iterator[FileChange]:
        """Yield a change with the bytes of its file, if they are still the same."""
        seen, most = change.file.seen, self._options.max_file_bytes
        try:
            content = read_unchanged(self._corpus, change.file.source, seen.sha256, most)
        except (UnreadableFileError, CorpusError) as error:
            self._comparison.set_postponed(change, str(error))
        else:
            yield replace(change, file=content)

    def _prepare(self, loader: Loader, changes: Iterable[FileChange]) -> Iterator[_Prepared]:
        """Yield the documents of changes, without the files in which there is no text."""
        for change in changes:
            try:
                document = loader.load(change.file, change.entry)
                document, chunks = split(document, self._encoder, self._options)
            except UnreadableFileError as error:
                self._comparison.set_unreadable(change, str(error))
            except AssistantError:  # of the settings, a model or the index, not of this document
                raise
            except Exception as error:  # no document may end an ingestion
                self._comparison.set_unreadable(change, _unexpected(error))
            else:
                yield _Prepared(document, change, chunks)

    def _write(
        self,
        documents: _Documents | None,
        keeps_vectors: bool,
        known: dict[str, str | int],
    ) -> None:
        plan = self._comparison.plan
        with self._store.write(self._encoder.name, keeps_vectors=keeps_vectors) as writer:
            if self._built is None:
                writer.update.clear()
            for batch in _batches(documents(writer) if documents else ()):
                self._write_batch(batch, writer)
            for source in plan.deleted:
                writer.update.remove(source)
            if not (plan.added or plan.changed or plan.unchanged):
                reasons = {file.source: file.reason for file in plan.skipped}
                raise CorpusError(_nothing_read(self._corpus, plan.skipped), reasons)
            if not keeps_vectors:
                self._embedded += embed_all(writer.update, self._encoder, writer.vectors)
            writer.update.set_files(self._comparison.seen)
            writer.finish(
                {
                    **known,
                    "embedding_model": self._encoder.name,
                    "dimension": self._encoder.dimension,
                    "chunk_tokens": self._options.chunk_tokens,
                    "chunk_overlap": self._options.chunk_overlap,
                    "unread": json.dumps(self._comparison.unread),
                    "has_sentences": int(isinstance(self._encoder, SentenceEncoder)),
                }
            )

    def _record(self, indexed: IndexContents, known: dict[str, str | int]) -> None:
        """Record what is known of the corpus and its files; readers keep their vectors.

        That files were looked at is no new state, so that nobody opens the index again for it.
        """
        seen, unread = self._comparison.seen, self._comparison.unread
        is_new = self._comparison.plan.description_changed or unread != indexed.unread
        if is_new or seen != indexed.files:
            with self._store.record() as update:
                update.set_files(seen)
                if is_new:
                    update.set_state({**known, "unread": json.dumps(unread)})

    def _write_batch(self, batch: Sequence[_Prepared], writer: StoreWriter) -> None:
        for prepared in self._embedded_of(batch, writer):
            writer.update.put(prepared.document, prepared.change.fingerprint, prepared.chunks)

    def _embedded_of(self, batch: Sequence[_Prepared], writer: StoreWriter) -> Iterator[_Prepared]:
        """Yield the documents of a batch that could be embedded, and skip the others."""
        try:
            kept = self._embed(batch, writer)
        except AssistantError:
            raise
        except Exception as error:  # no document may end an ingestion: which one is it?
            if len(batch) == 1:
                self._comparison.set_unreadable(batch[0].change, _unexpected(error))
                return
            for prepared in batch:
                yield from self._embedded_of([prepared], writer)
        else:
            yield from kept

    def _embed(self, batch: Sequence[_Prepared], writer: StoreWriter) -> Sequence[_Prepared]:
        """Embed the chunks of a batch, and return its documents, a long one cut after its time."""
        chunks = [chunk for prepared in batch for chunk in prepared.chunks]
        bytes_of_chunk = sum(prepared.bytes for prepared in batch) / max(1, len(chunks))
        budget = TimeBudget(self._options.max_embedding_seconds)
        for first in range(0, len(chunks), CHUNKS_AT_ONCE):
            if first and budget.is_over and len(batch) == 1:
                return [self._cut(batch[0], first)]
            part = chunks[first : first + CHUNKS_AT_ONCE]
            self._embedded += embed_missing(part, self._encoder, writer.update, writer.vectors)
            self._report(len(part) * bytes_of_chunk)
        return batch

    def _cut(self, prepared: _Prepared, count: int) -> _Prepared:
        """Return a document with its first chunks alone, and report what is left out."""
        document, end = prepared.document, prepared.chunks[count - 1].end
        reason = cut_reason(document, end, self._options.max_embedding_seconds)
        self.partly_read.append(SkippedFile(document.source, reason))
        return replace(prepared, chunks=prepared.chunks[:count])

    def _report(self, more_bytes: float) -> None:
        self._done_bytes += more_bytes
        total = self._comparison.plan.bytes_to_read
        if self._progress:
            self._progress(min(round(self._done_bytes), total), total)


def _unexpected(error: Exception) -> str:
    """Return why a document is skipped that no step was prepared for."""
    _log.warning("A document was skipped.", exc_info=error)
    return f"it cannot be processed ({type(error).__name__})"


def _indexed(store: Store) -> IndexContents:
    with store.snapshot() as snapshot:
        return IndexContents.read(snapshot)


def _batches(documents: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Yield documents together, as soon as there are enough chunks to be embedded at once.

    A document that has enough of them alone is a batch of its own.
    """
    batch: list[_Prepared] = []
    for prepared in documents:
        if batch and len(prepared.chunks) >= CHUNKS_AT_ONCE:
            yield batch
            batch = []
        batch.append(prepared)
        if sum(len(one.chunks) for one in batch) >= CHUNKS_AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _nothing_read(corpus: Path, skipped: Sequence[SkippedFile]) -> str:
    if not skipped:
        return (
            f"There are no documents in {corpus}. Put files there ({', '.join(MEDIA_TYPES)}) and "
            "run: assistant ingest"
        )
    reasons = "; ".join(f"{file.source}: {file.reason}" for file in skipped[:5])
    more = f"; and {len(skipped) - 5} more" if len(skipped) > 5 else ""
    return f"No file in {corpus} could be read ({reasons}{more}). The index was left as it was."
