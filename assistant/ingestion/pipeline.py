"""Bring the index to the state of the corpus: only what changed is read, split and embedded.

The vectors of the new state are written into a folder of their own, beginning with a copy of the
old one; then documents, chunks, keywords and the name of that folder are committed in one
transaction of the catalog; then the old folder is removed. Killed at any instant, the index
answers with the old or the new state, of which nothing was touched; the next ingestion sweeps up.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import AssistantError, CorpusError, IndexBusyError, StorageError
from assistant.ingestion.budget import TokenBudget
from assistant.ingestion.chunking import chunk_document
from assistant.ingestion.corpus_file import read_corpus_file
from assistant.ingestion.embedding import CHUNKS_AT_ONCE, embed_all, embed_missing, seal_vectors
from assistant.ingestion.formats import UnreadableFileError
from assistant.ingestion.loading import Loader
from assistant.ingestion.planning import (
    BuildOptions,
    CorpusComparison,
    FileChange,
    IndexContents,
)
from assistant.ingestion.sandbox.parent import ReadingLimits
from assistant.protocols import CatalogUpdate, Encoder, VectorIndex
from assistant.storage.catalog import Catalog
from assistant.storage.state import CatalogState, check_match
from assistant.storage.vectors import is_whole, new_vectors, remove_others
from assistant.text.media_types import MEDIA_TYPES
from assistant.types import Chunk, CorpusInfo, Document, IngestReport, SkippedFile

_log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]
"""Called with the bytes of source files done and the bytes there are to do."""

_LOCK_FILE = "ingest.lock"


def ingest(
    corpus: Path,
    folder: Path,
    encoder: Encoder,
    options: BuildOptions,
    *,
    rebuild: bool = False,
    verify: bool = False,
    progress: Progress | None = None,
) -> IngestReport:
    """Bring the index in ``folder`` to the state of the corpus and return what was done.

    With ``verify`` files are read also where size and times are unchanged, as with ``rebuild``.
    Raise `IndexBusyError` while another ingestion runs, `IndexMismatchError` if the index was built
    otherwise and ``rebuild`` is not set, and `CorpusError` if no file could be read: then the index
    stays as it was.
    """
    started = time.perf_counter()
    with exclusively(folder):
        catalog = Catalog(folder)
        if rebuild and (aside := catalog.set_aside_unless_sound()):
            _log.warning("The catalog could not be used; it is kept as %s.", aside)
        state = catalog.state()
        if state and not rebuild:
            check_match(state, encoder.name, options.chunk_tokens, options.chunk_overlap)
        if state:
            remove_others(folder, state.vectors)
        built = None if rebuild else state
        indexed = _indexed(catalog) if built else IndexContents()
        described = read_corpus_file(corpus)
        looked_at = indexed.without_files() if verify else indexed
        comparison = CorpusComparison(corpus, described, looked_at, options)
        ingestion = _Ingestion(catalog, built, encoder, options, comparison, progress)
        embedded = ingestion.run(corpus, indexed, described.info)
        with catalog.snapshot() as snapshot:
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


class _Ingestion:
    """One run: a comparison of the corpus with what was ``built``, and what is written of it."""

    def __init__(
        self,
        catalog: Catalog,
        built: CatalogState | None,
        encoder: Encoder,
        options: BuildOptions,
        comparison: CorpusComparison,
        progress: Progress | None,
    ) -> None:
        self._catalog, self._built = catalog, built
        self._encoder, self._options = encoder, options
        self._comparison, self._progress = comparison, progress
        self._embedded = 0
        self.partly_read: list[SkippedFile] = []
        self._done_bytes = 0.0

    def run(self, corpus: Path, indexed: IndexContents, info: CorpusInfo) -> int:
        """Write what changed, and return how many texts were embedded.

        Without a changed document there is nothing to write but what is known of the files.
        """
        options, comparison = self._options, self._comparison
        known: dict[str, str | int] = {"corpus": json.dumps(asdict(info))}
        limits = ReadingLimits(
            options.max_reading_seconds, options.max_reading_megabytes, options.max_file_bytes
        )
        with Loader(limits) as loader:
            self.partly_read = loader.partly_read
            documents = self._prepare(loader)
            first = next(documents, None)
            base = self._base()
            if first or comparison.plan.deleted or base is None:
                self._write(corpus, chain([first] if first else [], documents), base, known)
            else:
                self._record(indexed, known)
        return self._embedded

    def _base(self) -> Path | None:
        """Return the vectors that the new ones begin with; None to make all of them."""
        if self._built is None:
            return None
        base = self._catalog.folder / self._built.vectors
        return base if is_whole(base, self._built.seal) else None

    def _prepare(self, loader: Loader) -> Iterator[_Prepared]:
        """Yield the documents of the changes, without the files in which there is no text."""
        for change in self._comparison.changes():
            try:
                document = loader.load(change.file, change.entry)
                chunks = self._split(document)
            except UnreadableFileError as error:
                self._comparison.set_unreadable(change, str(error))
            except AssistantError:  # of the settings, a model or the index, not of this document
                raise
            except Exception as error:  # no document may end an ingestion
                self._comparison.set_unreadable(change, _unexpected(error))
            else:
                yield _Prepared(document, change, chunks)

    def _split(self, document: Document) -> list[Chunk]:
        options = self._options
        budget = TokenBudget(self._encoder.count_tokens, options.max_reading_seconds)
        return chunk_document(document, budget.count, options.chunk_tokens, options.chunk_overlap)

    def _write(
        self,
        corpus: Path,
        documents: Iterable[_Prepared],
        base: Path | None,
        known: dict[str, str | int],
    ) -> None:
        plan = self._comparison.plan
        folder = self._catalog.folder
        with new_vectors(folder, base) as vectors:
            with self._catalog.update() as update:
                if self._built is None:
                    update.clear()
                for batch in _batches(documents):
                    self._write_batch(batch, vectors, update)
                for source in plan.deleted:
                    update.remove(source)
                if not (plan.added or plan.changed or plan.unchanged):
                    raise CorpusError(_nothing_read(corpus, plan.skipped))
                if base is None:
                    self._embedded += embed_all(update, self._encoder, vectors)
                vectors.delete(update.vectors_to_remove())
                update.set_files(self._comparison.seen)
                update.set_state(
                    {
                        **known,
                        "embedding_model": self._encoder.name,
                        "dimension": self._encoder.dimension,
                        "chunk_tokens": self._options.chunk_tokens,
                        "chunk_overlap": self._options.chunk_overlap,
                        "vectors": vectors.folder.name,
                        "seal": seal_vectors(vectors, update),
                        "unread": json.dumps(self._comparison.unread),
                    }
                )
        remove_others(folder, vectors.folder.name)

    def _record(self, indexed: IndexContents, known: dict[str, str | int]) -> None:
        """Record what is known of the corpus and its files; readers keep their vectors.

        That files were looked at is no new state, so that nobody opens the index again for it.
        """
        seen, unread = self._comparison.seen, self._comparison.unread
        is_new = self._comparison.plan.description_changed or unread != indexed.unread
        if is_new or seen != indexed.files:
            with self._catalog.update() as update:
                update.set_files(seen)
                if is_new:
                    update.set_state({**known, "unread": json.dumps(unread)})

    def _write_batch(
        self, batch: Sequence[_Prepared], vectors: VectorIndex, update: CatalogUpdate
    ) -> None:
        for prepared in self._embedded_of(batch, vectors):
            update.put(prepared.document, prepared.change.fingerprint, prepared.chunks)

    def _embedded_of(self, batch: Sequence[_Prepared], vectors: VectorIndex) -> Iterator[_Prepared]:
        """Yield the documents of a batch that could be embedded, and skip the others."""
        try:
            self._embed(batch, vectors)
        except AssistantError:
            raise
        except Exception as error:  # no document may end an ingestion: which one is it?
            if len(batch) == 1:
                self._comparison.set_unreadable(batch[0].change, _unexpected(error))
                return
            for prepared in batch:
                yield from self._embedded_of([prepared], vectors)
        else:
            yield from batch

    def _embed(self, batch: Sequence[_Prepared], vectors: VectorIndex) -> None:
        chunks = [chunk for prepared in batch for chunk in prepared.chunks]
        bytes_of_chunk = sum(prepared.bytes for prepared in batch) / max(1, len(chunks))
        for first in range(0, len(chunks), CHUNKS_AT_ONCE):
            part = chunks[first : first + CHUNKS_AT_ONCE]
            self._embedded += embed_missing(part, self._encoder, vectors)
            self._report(len(part) * bytes_of_chunk)

    def _report(self, more_bytes: float) -> None:
        self._done_bytes += more_bytes
        total = self._comparison.plan.bytes_to_read
        if self._progress:
            self._progress(min(round(self._done_bytes), total), total)


@contextmanager
def exclusively(folder: Path, waits: float = 0.0) -> Iterator[None]:
    """Hold the index for one ingestion; the operating system lets go of it if the process dies."""
    lock = FileLock(folder / _LOCK_FILE, timeout=waits)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout as error:
        raise IndexBusyError(
            f"Another ingestion is writing {folder}. Wait until it has ended, then run it again."
        ) from error
    except OSError as error:
        raise StorageError(
            f"The index folder {folder} cannot be written: {error}. Let this user write it, free "
            "space on its disk, or name another folder with ASSISTANT_INDEX."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _unexpected(error: Exception) -> str:
    """Return why a document is skipped that no step was prepared for."""
    _log.warning("A document was skipped.", exc_info=error)
    return f"it cannot be processed ({type(error).__name__})"


def _indexed(catalog: Catalog) -> IndexContents:
    with catalog.snapshot() as snapshot:
        return IndexContents.read(snapshot)


def _batches(documents: Iterable[_Prepared]) -> Iterator[list[_Prepared]]:
    """Yield documents together, as soon as there are enough chunks to be embedded at once."""
    batch: list[_Prepared] = []
    for prepared in documents:
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
